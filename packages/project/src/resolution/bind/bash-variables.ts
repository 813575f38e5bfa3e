import type { SourceNode, SourceTree } from "../../drivers/tree-sitter/tree.js";
import { argumentsOf, commandName, declarationOf } from "../../outline/bash-names.js";
import type { NameFactsBuilder, NamePlace } from "../name-facts-builder.js";

/** A place where a variable is named. */
export interface Site {
  readonly place: NamePlace;
  /** Of the function around, or of the file. */
  readonly scope: number;
  /**
   * `local`: made a variable of the function. `assigned`: given a value. `declared`: named by `export` and its like. `changed`: given another
   * value, or one for a single command. `read`: used.
   */
  readonly how: "local" | "assigned" | "declared" | "changed" | "read";
  /** Whether it is a function that is named so. */
  readonly isFunction?: boolean;
}

const FILE = 0;
const NAME = /^[A-Za-z_]\w*$/;
const ASSIGNS = /^(?:[-+*/%&|^]|<<|>>)?=$/;
/** Expressions that are nested deeper were not written by people. */
const MOST_LEVELS = 20;

/** The places in a node itself where variables are named, not in what is within it. */
export function variableSites(tree: SourceTree, node: SourceNode, scope: number): readonly Site[] {
  const place = { name: tree.textOf(node), start: node.start, end: node.end };
  switch (node.type) {
    case "variable_name": {
      if (!NAME.test(place.name)) return [];
      const { how, isFunction } = useOf(tree, node, scope);
      return [{ place, scope, how, ...(isFunction ? { isFunction } : {}) }];
    }
    case "word":
      if (!NAME.test(place.name) || !isInArithmetic(node)) return [];
      return [{ place, scope, how: arithmeticUse(tree, node) }];
    case "command":
      return assignedByCommand(tree, node).map((each) => ({ place: each, scope, how: "assigned" }));
    default:
      return [];
  }
}

function useOf(tree: SourceTree, name: SourceNode, scope: number): Pick<Site, "how" | "isFunction"> {
  const { parent } = name;
  switch (parent?.type) {
    case "variable_assignment":
      return { how: assignmentUse(tree, parent, scope) };
    case "subscript": {
      const isTarget = parent.parent?.type === "variable_assignment" && parent.field === "name";
      return {
        how: isTarget && parent.parent !== undefined ? assignmentUse(tree, parent.parent, scope) : "read",
      };
    }
    case "declaration_command": {
      const { isLocal, ofFunctions } = declarationOf(tree, parent);
      if (ofFunctions) return { how: "read", isFunction: true };
      return { how: isLocal && scope !== FILE ? "local" : "declared" };
    }
    case "unset_command": {
      const isFunction = parent.children.some((each) => each.type === "word" && tree.textOf(each) === "-f");
      return isFunction ? { how: "read", isFunction } : { how: "changed" };
    }
    case "for_statement":
      return { how: name.field === "variable" ? "assigned" : "read" };
    default:
      return { how: arithmeticUse(tree, name) };
  }
}

function assignmentUse(tree: SourceTree, assignment: SourceNode, scope: number): Site["how"] {
  const { parent } = assignment;
  if (parent?.type === "command") return "changed";
  if (parent?.type !== "declaration_command") return "assigned";
  return declarationOf(tree, parent).isLocal && scope !== FILE ? "local" : "assigned";
}

/** `a++`, `a += 1`; anything else reads. */
function arithmeticUse(tree: SourceTree, { parent, index }: SourceNode): Site["how"] {
  const operators = parent?.children.filter(({ named }) => !named).map((each) => tree.textOf(each)) ?? [];
  if (parent?.type === "postfix_expression" || parent?.type === "unary_expression")
    return operators.some((operator) => operator === "++" || operator === "--") ? "changed" : "read";
  const isTarget = parent?.type === "binary_expression" && index === 0;
  return isTarget && operators.some((operator) => ASSIGNS.test(operator)) ? "assigned" : "read";
}

/** Names in the head of `for ((…))` are words to the grammar. */
function isInArithmetic(word: SourceNode): boolean {
  let above = word.parent;
  for (let level = 0; above?.type.endsWith("_expression") === true && level < MOST_LEVELS; level += 1)
    above = above.parent;
  const isExpression = word.parent?.type.endsWith("_expression") === true;
  return isExpression && (above?.type === "c_style_for_statement" || above?.type === "arithmetic_expansion");
}

/** Options of `read` that have a value of their own. */
const READ_VALUES = /^-[a-zA-Z]*[pdnNtui]$/;

/** What `read a b`, `mapfile a`, `printf -v a` and `getopts x a` give values to. */
function assignedByCommand(tree: SourceTree, command: SourceNode): readonly NamePlace[] {
  const name = commandName(tree, command)?.name;
  const given = argumentsOf(command);
  switch (name) {
    case "read": {
      const names = given.filter((_, at) => !READ_VALUES.test(textAt(tree, given, at - 1)));
      return placesOf(tree, names);
    }
    case "mapfile":
    case "readarray":
      return placesOf(tree, given.slice(-1));
    case "printf":
      return textAt(tree, given, 0) === "-v" ? placesOf(tree, given.slice(1, 2)) : [];
    case "getopts":
      return placesOf(tree, given.slice(1, 2));
    default:
      return [];
  }
}

function textAt(tree: SourceTree, nodes: readonly SourceNode[], at: number): string {
  const node = nodes[at];
  return node === undefined ? "" : tree.textOf(node);
}

function placesOf(tree: SourceTree, nodes: readonly SourceNode[]): readonly NamePlace[] {
  return nodes
    .filter((node) => node.type === "word" && NAME.test(tree.textOf(node)))
    .map((node) => ({ name: tree.textOf(node), start: node.start, end: node.end }));
}

/** Defines variables, and gives the starts of the places that do so: of each the first that says what it is. */
export function defineVariables(facts: NameFactsBuilder, sites: readonly Site[]): ReadonlySet<number> {
  const defined = new Set<number>();
  const locals = new Set<string>();
  const define = (site: Site, scope: number): void => {
    facts.define(site.place, scope, "variable", { space: "value" });
    defined.add(site.place.start);
  };
  for (const site of sites) {
    const key = `${site.scope} ${site.place.name}`;
    if (site.how !== "local" || locals.has(key)) continue;
    locals.add(key);
    define(site, site.scope);
  }
  const globals = new Map<string, Site>();
  for (const site of sites) {
    if (rankOf(site) === 0 || isLocal(facts, locals, site)) continue;
    const best = globals.get(site.place.name);
    if (best === undefined || rankOf(site) > rankOf(best)) globals.set(site.place.name, site);
  }
  for (const site of globals.values()) define(site, FILE);
  return defined;
}

/** How much a place says that a variable of the whole program is made there: rather outside of functions, rather with a value. */
function rankOf({ scope, how }: Site): number {
  if (how === "assigned") return scope === FILE ? 4 : 2;
  if (how === "declared") return scope === FILE ? 3 : 1;
  return 0;
}

function isLocal(facts: NameFactsBuilder, locals: ReadonlySet<string>, { scope, place }: Site): boolean {
  let around = scope;
  for (let level = 0; around > FILE && level < MOST_LEVELS; level += 1) {
    if (locals.has(`${around} ${place.name}`)) return true;
    around = facts.parentOf(around);
  }
  return false;
}
