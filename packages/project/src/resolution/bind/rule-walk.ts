import type { SourceNode } from "../../drivers/tree-sitter/tree.js";

/** What is done with the nodes of one type. */
export interface WalkRule<Binder, Place> {
  /**
   * Before its children. Gives where each of them stands, undefined for one that is not looked into; without it all stand where the
   * node does.
   */
  enter?(
    binder: Binder,
    node: SourceNode,
    place: Place,
  ): ((child: SourceNode) => Place | undefined) | undefined;
  /** After its children. */
  leave?(binder: Binder, node: SourceNode, place: Place): void;
}

/** Rules by the type of node. */
export type WalkRules<Binder, Place> = Readonly<Record<string, WalkRule<Binder, Place>>>;

interface Step<Binder, Place> {
  readonly node: SourceNode;
  readonly place: Place;
  /** The rule of a node whose children have been seen. */
  readonly leaving?: WalkRule<Binder, Place>;
}

/**
 * Follows rules through a tree, in the order of the text and in time in proportion to the tree, however deeply that is nested. Named nodes
 * are visited, and tokens that have a rule.
 */
export function walkRules<Binder, Place>(
  binder: Binder,
  rules: ReadonlyMap<string, WalkRule<Binder, Place>>,
  root: SourceNode,
  first: Place,
): void {
  const pending: Step<Binder, Place>[] = [{ node: root, place: first }];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { node, place, leaving } = step;
    if (leaving !== undefined) {
      leaving.leave?.(binder, node, place);
      continue;
    }
    const rule = rules.get(node.type);
    const placeOf = rule?.enter?.(binder, node, place);
    if (rule?.leave !== undefined) pending.push({ node, place, leaving: rule });
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index];
      if (child === undefined || !(child.named || rules.has(child.type))) continue;
      const inside = placeOf === undefined ? place : placeOf(child);
      if (inside !== undefined) pending.push({ node: child, place: inside });
    }
  }
}

/** The rules of several tables; where two have one for the same type of node, both are followed: what they are made of is joined. */
export function rulesOf<Binder, Place>(
  tables: readonly WalkRules<Binder, Place>[],
): ReadonlyMap<string, WalkRule<Binder, Place>> {
  const rules = new Map<string, WalkRule<Binder, Place>>();
  for (const [type, rule] of tables.flatMap((table) => Object.entries(table)))
    rules.set(type, { ...rules.get(type), ...rule });
  return rules;
}
