import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import type { Dialect } from "../source-parser.js";
import { CodeLines } from "./code-lines.js";
import { Entry } from "./entry.js";
import type { FunctionMetrics } from "./function-metrics.js";
import { functionName } from "./function-names.js";
import { isIgnored, tokenOf } from "./halstead.js";
import { type LanguageRules, rulesOf } from "./languages.js";
import { countParameters } from "./parameters.js";
import { calledBy, selfCalls } from "./recursion.js";
import {
  EFFECTS,
  LOGICAL_ASSIGNMENTS,
  LOGICAL_NODES,
  LOGICAL_OPERATORS,
  PARENTHESES,
  type Role,
} from "./roles.js";

/** Where a node stands. */
interface Place {
  readonly entry: Entry;
  /** Structures and functions around it, in the whole file. */
  readonly depth: number;
  /** Whether a function or closure is around it. */
  readonly isWithin: boolean;
  readonly parent: string | undefined;
  /** Whether `parent` is a class or its like. */
  readonly isMember: boolean;
  /** The logical expression that it is an operand of, with the operator that came last. */
  readonly run: { last: string } | undefined;
}

/**
 * Measures of a whole text first, then of its functions in the order in which they start. A text with an error is measured as far as
 * it could be read. The time grows with the number of nodes, however deep they stand.
 */
export function metricsOf(dialect: Dialect, tree: SourceTree): readonly FunctionMetrics[] {
  const rules = rulesOf(dialect);
  const lines = new CodeLines(tree);
  const file = Entry.ofFile(tree);
  const entries = [file];
  const pending: { node: SourceNode; place: Place }[] = [
    {
      node: tree.root,
      place: { entry: file, depth: 0, isWithin: false, parent: undefined, isMember: false, run: undefined },
    },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node } = next;
    if (isIgnored(node)) continue;
    const place = enter(tree, node, next.place, rules, entries);
    const role = count(tree, node, place, rules);
    const token = tokenOf(tree, node);
    if (token !== undefined) {
      place.entry.tokens.add(token);
      lines.mark(token.ranges);
    }
    const inner = within(node, place, role);
    const children = token?.descend ?? node.children;
    for (let at = children.length - 1; at >= 0; at -= 1) {
      const child = children[at];
      if (child === undefined) continue;
      // What an `if` asks is asked before it goes deeper.
      const isCondition = role === "if" && child.field === "condition";
      pending.push({ node: child, place: isCondition ? { ...place, run: inner.run } : inner });
    }
  }
  // Inner functions come behind those around them.
  for (let at = entries.length - 1; at > 0; at -= 1) entries[at]?.addToOuter(file);
  return entries.map((entry) => entry.measures(lines));
}

/** Starts an entry where a function starts, and names what members belong to. */
function enter(
  tree: SourceTree,
  node: SourceNode,
  place: Place,
  rules: LanguageRules,
  entries: Entry[],
): Place {
  const field = rules.containers.get(node.type);
  if (field !== undefined) {
    const isMember = !rules.namespaces.has(node.type);
    return { ...place, parent: containerName(tree, node, field), isMember };
  }
  const isClosure = rules.closures.has(node.type);
  if (!isClosure && !rules.functions.has(node.type)) return ownerOfObject(tree, node, place);
  // The block of Ruby's `-> {}` is that of the lambda.
  if (node.parent?.type === "lambda") return place;
  const found = functionName(tree, node, rules);
  if (found === undefined && !isClosure) return place;
  const depth = place.isWithin ? place.depth + 1 : place.depth;
  place.entry.reach(depth);
  if (found === undefined) return { ...place, depth, isWithin: true, isMember: false, run: undefined };
  const parent = found.owner ?? place.parent;
  const isMember = found.owner !== undefined || place.isMember;
  const entry = new Entry({
    tree,
    node,
    name: found.name,
    parent,
    depth,
    outer: place.entry,
    parameters: countParameters(tree, node),
    selfCalls: selfCalls(tree, node, found.name, isMember, rules),
  });
  entries.push(entry);
  return { entry, depth, isWithin: true, parent: found.name, isMember: false, run: undefined };
}

/** Members of an object literal belong to the variable that it is assigned to. */
function ownerOfObject(tree: SourceTree, node: SourceNode, place: Place): Place {
  if (node.type !== "object") return place;
  const declarator = node.parent?.type === "variable_declarator" ? node.parent : undefined;
  const name = declarator === undefined ? undefined : childOf(declarator, "name");
  return { ...place, parent: name === undefined ? place.parent : tree.textOf(name), isMember: true };
}

function containerName(tree: SourceTree, node: SourceNode, field: string): string | undefined {
  // A body is only of interest where it is that of a class without a name.
  if (node.type === "class_body" && childOf(node.parent ?? node, "name") !== undefined)
    return tree.textOf(childOf(node.parent ?? node, "name") ?? node);
  const named = childOf(node, field) ?? variableOf(node);
  if (named === undefined) return undefined;
  // `A` of Rust's `impl<T> A<T>`.
  return tree.textOf(childOf(named, "type") ?? named).slice(0, 200);
}

/** `const A = class {}`. */
function variableOf(node: SourceNode): SourceNode | undefined {
  return node.parent?.type === "variable_declarator" ? childOf(node.parent, "name") : undefined;
}

/** Adds what a node counts, and says its role. */
function count(tree: SourceTree, node: SourceNode, place: Place, rules: LanguageRules): Role | undefined {
  const { entry, depth } = place;
  if (!node.named) countOperator(node, place);
  const called = calledBy(tree, node, rules, entry.longestCall);
  if (called !== undefined) entry.call(called);
  const role = roleOf(tree, node, rules);
  if (role === undefined) return undefined;
  const { decisions, cognitive } = EFFECTS[role];
  entry.decisions += decisions;
  if (cognitive === "nested") entry.addNested(depth);
  if (cognitive === "flat") entry.addFlat();
  return role;
}

function countOperator(node: SourceNode, { entry, run }: Place): void {
  if (LOGICAL_ASSIGNMENTS.has(node.type)) entry.decisions += 1;
  const operator = LOGICAL_OPERATORS.get(node.type);
  if (operator === undefined || !LOGICAL_NODES.has(node.parent?.type ?? "")) return;
  entry.decisions += 1;
  if (operator === "??" || run === undefined) return;
  if (run.last !== operator) entry.addFlat();
  run.last = operator;
}

function roleOf(tree: SourceTree, node: SourceNode, rules: LanguageRules): Role | undefined {
  if (!node.named) return rules.tokens?.get(node.type)?.get(node.parent?.type ?? "");
  if (rules.jumps.has(node.type)) return isJump(tree, node, rules) ? "jump" : undefined;
  const role = rules.roles.get(node.type);
  switch (role) {
    case "if":
      // The `else` before it counts, and it stands as deep as the first `if`.
      return isElseIf(node, rules) ? "decision" : "if";
    case "else":
      return rules.roles.get(node.parent?.type ?? "") === "switch" ? undefined : "else";
    case "case":
      return isDefault(tree, node) ? undefined : "case";
    default:
      return role;
  }
}

function isElseIf({ field, parent, type }: SourceNode, rules: LanguageRules): boolean {
  if (parent === undefined) return false;
  return parent.type === rules.elseClause || (field === "alternative" && parent.type === type);
}

/** Whether a jump names a label; of Bash's commands, whether it is one that says how far it goes. */
function isJump(tree: SourceTree, node: SourceNode, rules: LanguageRules): boolean {
  const label = rules.jumps.get(node.type);
  if (!node.children.some((child) => child.type === label)) return false;
  const [first] = node.children;
  return node.type !== "command" || (first !== undefined && /^(?:break|continue)$/.test(tree.textOf(first)));
}

function isLogical({ type, children }: SourceNode): boolean {
  return (
    LOGICAL_NODES.has(type) && children.some((child) => !child.named && LOGICAL_OPERATORS.has(child.type))
  );
}

/** Whether a case is what happens otherwise. */
function isDefault(tree: SourceTree, { children }: SourceNode): boolean {
  const [first] = children;
  if (first?.type === "default") return true;
  const pattern = first?.type === "case" ? children[1] : first;
  if (pattern === undefined || pattern.end - pattern.start > LONGEST_DEFAULT) return false;
  return /^(?:_(?:\s+if\b.*)?|\*)$/s.test(tree.textOf(pattern));
}

/** Rust's guard stands in the pattern. */
const LONGEST_DEFAULT = 1_000;

/** The place of what is within a node. */
function within(node: SourceNode, place: Place, role: Role | undefined): Place {
  const run = isLogical(node)
    ? (place.run ?? { last: "" })
    : PARENTHESES.has(node.type)
      ? place.run
      : undefined;
  if (role === undefined || !EFFECTS[role].nests) return run === place.run ? place : { ...place, run };
  place.entry.reach(place.depth + 1);
  return { ...place, depth: place.depth + 1, run };
}
