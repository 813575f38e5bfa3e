import { definitionsOf, type Found, type NameTable } from "./found.js";
import type { NameSpace, Term } from "./name-facts.js";

/**
 * What a file adds to a namespace by a name. A file that does not declare the namespace shows what it adds to any: it was asked because
 * others are shown one namespace as a part of another (`global using` in C#).
 */
export function definedInNamespace(
  file: string,
  table: NameTable | undefined,
  namespace: string,
  name: string,
  space: NameSpace | undefined,
): readonly Found[] {
  if (table === undefined) return [];
  const declared = table.facts.namespaces ?? [];
  const exact = declared.filter(([each]) => each === namespace);
  return (exact.length > 0 ? exact : declared).flatMap(([, scope]) =>
    definitionsOf(file, table, table.in(scope, name, space)).filter(({ kind }) => kind !== "import"),
  );
}

/**
 * A chain of names from a module on, as text; undefined for other terms. The parts of one class in many files (`partial` in C#) name each
 * other by it.
 */
export function pathInModule(term: Term): string | undefined {
  if (term.is === "module") return term.specifier;
  if (term.is !== "member") return undefined;
  const owner = pathInModule(term.of);
  return owner === undefined ? undefined : `${owner} ${term.name}`;
}
