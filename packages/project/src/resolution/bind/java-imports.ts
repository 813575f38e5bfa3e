import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { NOTHING } from "./bounded-terms.js";
import { isAnnotation, isLowerCase, type JavaBinder, type Place, type Rules } from "./java-binder.js";
import { dottedParts, moduleOf, referQualified } from "./java-types.js";

/** The package of a file, what it imports, and the declaration of a module. */
export const IMPORT_RULES: Rules = {
  package_declaration: {
    enter(binder, node, place) {
      const name = childOfType(node, "scoped_identifier", "identifier");
      if (name !== undefined)
        binder.package = dottedParts(name)
          .map((part) => binder.text(part))
          .join(".");
      return (child) => (isAnnotation(child) ? place : undefined);
    },
  },
  import_declaration: {
    enter(binder, node, place) {
      bindImport(binder, node, place);
      return () => undefined;
    },
  },
  uses_module_directive: { enter: referToTypes },
  provides_module_directive: { enter: referToTypes },
  requires_module_directive: { enter: () => () => undefined },
  exports_module_directive: { enter: () => () => undefined },
  opens_module_directive: { enter: () => () => undefined },
};

function referToTypes(binder: JavaBinder, node: SourceNode, place: Place): () => undefined {
  for (const name of partsOf(node)) referQualified(binder, name, place);
  return () => undefined;
}

function bindImport(binder: JavaBinder, node: SourceNode, place: Place): void {
  const name = childOfType(node, "scoped_identifier", "identifier");
  const last = name && dottedParts(name).at(-1);
  if (name === undefined || last === undefined) return;
  const parts = dottedParts(name);
  const all = childOfType(node, "asterisk");
  const isStatic = childOfType(node, "static") !== undefined;
  const lengths = packageLengths(binder, parts, isStatic, all !== undefined);
  const value = binder.terms.any(lengths.map((length) => importedTerm(binder, parts, length))) ?? NOTHING;
  for (let index = lengths[0] ?? 0; index < parts.length; index += 1) {
    const part = parts[index];
    const term = part === last ? value : importedTerm(binder, parts.slice(0, index + 1), lengths[0] ?? 0);
    if (part !== undefined) binder.facts.refer(binder.place(part), "import", term ?? NOTHING);
  }
  binder.facts.define(binder.place(all ?? last), place.block, "import", { value });
}

/**
 * How many of the parts may name the package, the likeliest first: those before the first with a capital, or all but the names that
 * must stand behind it.
 */
function packageLengths(
  binder: JavaBinder,
  parts: readonly SourceNode[],
  isStatic: boolean,
  all: boolean,
): readonly number[] {
  const behind = (isStatic ? 1 : 0) + (all ? 0 : 1);
  const longest = Math.max(0, parts.length - behind);
  const capital = parts.findIndex((part) => !isLowerCase(binder.text(part)));
  return capital < 0 || capital >= longest ? [longest] : [capital, longest];
}

/** The members behind a package. */
function importedTerm(binder: JavaBinder, parts: readonly SourceNode[], length: number): Term | undefined {
  let term: Term | undefined = moduleOf(binder, parts.slice(0, length));
  for (const part of parts.slice(length)) term = binder.terms.member(term, binder.text(part));
  return term;
}
