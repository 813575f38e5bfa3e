import { childOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import {
  aliasNames,
  argumentsOf,
  commandName,
  type Folders,
  foldersOf,
  sourcedFile,
} from "../../outline/bash-names.js";
import type { NameFacts, ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { defineVariables, type Site, variableSites } from "./bash-variables.js";

/** The scope of the whole file, in which all functions are. */
const FILE = 0;

/**
 * What a Bash file says of names. Functions are known everywhere once they are defined; a variable is one of its function where that declares
 * it, else one of the whole program. What is read in by `source` is as if it stood in the file.
 */
export function bindBash(tree: SourceTree): NameFacts {
  const facts = new NameFactsBuilder();
  facts.scope(-1);
  const folders = foldersOf(tree);
  const scopes = new Map<SourceNode, number>();
  const sites: Site[] = [];
  for (const node of tree.nodes) {
    const around = (node.parent && scopes.get(node.parent)) ?? FILE;
    const isFunction = node.type === "function_definition";
    scopes.set(node, isFunction ? facts.scope(around) : around);
    if (isFunction) defineFunction(facts, tree, childOf(node, "name"));
    else if (node.type === "command") bindCommand(facts, tree, node, folders);
    sites.push(...variableSites(tree, node, around));
  }
  const defined = defineVariables(facts, sites);
  for (const { place, scope, how, isFunction } of sites) {
    if (isFunction) facts.refer(place, "read", functionTerm(place.name));
    else if (!defined.has(place.start))
      facts.refer(place, ROLES[how], { is: "name", name: place.name, scope, space: "value" });
  }
  return facts.finish({ aliases: false, moduleStart: Math.max(0, tree.text.search(/\S/)), exports: false });
}

const ROLES: Readonly<Record<Site["how"], ReferenceRole>> = {
  local: "write",
  assigned: "write",
  changed: "write",
  declared: "read",
  read: "read",
};

function functionTerm(name: string): Term {
  return { is: "name", name, scope: FILE, space: "call" };
}

function defineFunction(facts: NameFactsBuilder, tree: SourceTree, name: SourceNode | undefined): void {
  if (name === undefined || name.start === name.end) return;
  const place = { name: tree.textOf(name), start: name.start, end: name.end };
  facts.define(place, FILE, "function", { space: "call" });
}

/** Commands whose arguments name functions, and which of them: the first, the one behind an option, or all. */
const NAMING: ReadonlyMap<string, "first" | "all" | string> = new Map([
  ["trap", "first"],
  ["type", "all"],
  ["complete", "-F"],
]);

function bindCommand(facts: NameFactsBuilder, tree: SourceTree, node: SourceNode, folders: Folders): void {
  const command = commandName(tree, node);
  if (command === undefined) return;
  const file = sourcedFile(tree, node, folders);
  if (file !== undefined) {
    const value: Term = { is: "module", specifier: file.specifier };
    facts.refer(file.place, "import", value);
    facts.define({ name: "*", start: file.place.start, end: file.place.start }, FILE, "import", { value });
  } else if (command.name === "alias") {
    for (const place of aliasNames(tree, node)) facts.define(place, FILE, "function", { space: "call" });
  }
  facts.refer(command, "call", functionTerm(command.name));
  const which = NAMING.get(command.name);
  if (which === undefined) return;
  for (const place of functionsNamed(tree, argumentsOf(node), which))
    facts.refer(place, "read", functionTerm(place.name));
}

function functionsNamed(
  tree: SourceTree,
  given: readonly SourceNode[],
  which: "first" | "all" | string,
): readonly NamePlace[] {
  const texts = given.map((each) => tree.textOf(each));
  const option = texts.indexOf(which);
  const chosen =
    which === "first"
      ? given.slice(0, 1)
      : which === "all"
        ? given
        : option < 0
          ? []
          : given.slice(option + 1, option + 2);
  return chosen.flatMap((node) => {
    // A name may stand in quotes.
    const [, quote = "", name = ""] = /^(["']?)([\w.:-]+)\1$/.exec(tree.textOf(node)) ?? [];
    const start = node.start + quote.length;
    return name === "" || name.startsWith("-") ? [] : [{ name, start, end: start + name.length }];
  });
}
