import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { NamePlace } from "../name-facts-builder.js";
import type { PythonScope } from "./python-scope.js";
import type { NodeHandler, PythonWalk } from "./python-walk.js";

/** Parts of a dotted name that are looked at; no module lies deeper. */
const MOST_PARTS = 64;

/** `import a.b, c as d` */
const importStatement: NodeHandler = (walk, node, scope) => {
  for (const child of node.children) {
    if (child.field !== "name") continue;
    const places = dottedPlaces(walk, nameOf(child));
    const terms = referModule(walk, "", places);
    defineImport(walk, child, places, terms, scope);
  }
};

/** `from m import a, b as c` and `from m import *` */
const fromStatement: NodeHandler = (walk, node, scope) => {
  const specifier = referFrom(walk, childOf(node, "module_name"));
  importNames(walk, node, { is: "module", specifier }, scope);
};

/** `from __future__ import a` */
const futureStatement: NodeHandler = (walk, node, scope) => {
  importNames(walk, node, { is: "module", specifier: "__future__" }, scope);
};

export const IMPORT_HANDLERS: readonly (readonly [string, NodeHandler])[] = [
  ["import_statement", importStatement],
  ["import_from_statement", fromStatement],
  ["future_import_statement", futureStatement],
];

function importNames(walk: PythonWalk, node: SourceNode, module: Term, scope: PythonScope): void {
  for (const child of node.children) {
    if (child.type === "wildcard_import") {
      // Not a name that anybody writes: it says that the module's names are found here, too.
      walk.names.define({ name: "*", start: child.start, end: child.end }, scope, "import", module);
    } else if (child.field === "name") {
      const places = dottedPlaces(walk, nameOf(child));
      const terms = referMembers(walk, module, places);
      defineImport(walk, child, places, terms, scope);
    }
  }
}

/** Refers to the parts of the module after `from`, and gives its specifier. */
function referFrom(walk: PythonWalk, node: SourceNode | undefined): string {
  if (node === undefined) return "";
  if (node.type !== "relative_import") {
    const places = dottedPlaces(walk, node);
    referModule(walk, "", places);
    return places.map((place) => place.name).join(".");
  }
  const [prefix, dotted] = partsOf(node);
  const dots = walk.textOf(prefix).replace(/[^.]/g, "");
  const places = dottedPlaces(walk, dotted);
  referModule(walk, dots, places);
  return dots + places.map((place) => place.name).join(".");
}

/** Refers to each part of a module's name, and gives the modules that they stand for. */
function referModule(walk: PythonWalk, dots: string, places: readonly NamePlace[]): readonly Term[] {
  return places.map((place, index) => {
    const parts = places.slice(0, index + 1).map((part) => part.name);
    const term: Term = { is: "module", specifier: dots + parts.join(".") };
    walk.out.refer(place, "import", term);
    return term;
  });
}

/** Refers to what is imported from a module. The grammar takes more than one part, though Python does not. */
function referMembers(walk: PythonWalk, module: Term, places: readonly NamePlace[]): readonly Term[] {
  let of = module;
  return places.map((place) => {
    const term: Term = { is: "member", of, name: place.name };
    walk.out.refer(place, "import", term);
    of = term;
    return term;
  });
}

/** Defines what an import names: its alias, or the first part of its name, which has the other parts as members. */
function defineImport(
  walk: PythonWalk,
  node: SourceNode,
  places: readonly NamePlace[],
  terms: readonly Term[],
  scope: PythonScope,
): void {
  const last = terms.at(-1);
  if (last === undefined) return;
  if (node.type === "aliased_import") {
    const alias = walk.placeOf(childOf(node, "alias"));
    if (alias !== undefined) walk.names.define(alias, scope, "import", last);
    return;
  }
  // From the last part to the first, as each is a member of the one before it.
  let value: Term = last;
  for (let index = places.length - 1; index > 0; index -= 1) {
    const [place, owner] = [places[index], terms[index - 1]];
    if (place === undefined || owner === undefined) return;
    const members = walk.out.scope(scope.index, "none");
    walk.out.define(place, members, "import", { value });
    value = { is: "any", of: [owner, { is: "object", scope: members }] };
  }
  const [first] = places;
  if (first !== undefined) walk.names.define(first, scope, "import", value);
}

function nameOf(node: SourceNode): SourceNode | undefined {
  return node.type === "aliased_import" ? childOf(node, "name") : node;
}

function dottedPlaces(walk: PythonWalk, node: SourceNode | undefined): readonly NamePlace[] {
  if (node === undefined) return [];
  return partsOf(node)
    .slice(0, MOST_PARTS)
    .map((part) => walk.placeOf(part))
    .filter((place) => place !== undefined);
}
