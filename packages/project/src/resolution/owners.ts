import { boundIn, definitionsOf, type Found } from "./found.js";
import type { Term } from "./name-facts.js";
import type { NameSource } from "./name-source.js";
import type { Bindings, Members, Value } from "./values.js";

/** What looking for the owners of members needs. */
export interface OwnerContext {
  readonly source: NameSource;
  values(file: string, term: Term, bindings?: Bindings): readonly Value[];
  lookup(file: string, term: Extract<Term, { is: "name" }>): readonly Found[];
  above(file: string, scope: number, bindings: Bindings | undefined): readonly Value[];
}

/** Members of one name that one file puts on owners; more are made by a machine. */
const MOST_OWNED = 64;
/** A type with more above it is not looked at further. */
const MOST_ABOVE = 24;

/**
 * Members that were put on what a term names, by an assignment or as a method in Go.
 * @param declared where the member is found otherwise: in C++ its body stands in a source that belongs to that file
 */
export function putMembers(
  context: OwnerContext,
  file: string,
  term: Extract<Term, { is: "member" }>,
  values: readonly Value[],
  bindings: Bindings | undefined,
  declared: readonly Found[],
): readonly Found[] {
  const homes = new Set([file, ...values.flatMap((value) => ("file" in value ? [value.file] : []))]);
  for (const { file: home } of declared)
    if (context.source.table(home)?.facts.namespaces !== undefined) homes.add(home);
  for (const home of [...homes]) for (const sibling of context.source.siblings(home)) homes.add(sibling);
  let path: string | undefined;
  return [...homes].flatMap((home) => {
    const table = context.source.table(home);
    return (table?.owned(term.name) ?? []).slice(0, MOST_OWNED).flatMap((index) => {
      const owner = table?.facts.definitions[index]?.owner;
      if (table === undefined || owner === undefined) return [];
      path ??= pathOf(context, file, term.of);
      if (path !== undefined && path === pathOf(context, home, owner))
        return definitionsOf(home, table, [index]);
      const holder = holderOf(context, values, home, owner, bindings);
      return holder === undefined
        ? []
        : definitionsOf(home, table, [index]).map((one) => boundIn(one, holder));
    });
  });
}

/** Which of these values, or of what they inherit from, an owner of members is. */
function holderOf(
  context: OwnerContext,
  values: readonly Value[],
  home: string,
  owner: Term,
  bindings: Bindings | undefined,
): Members | undefined {
  const scoped = values.filter((value) => "scope" in value);
  if (scoped.length === 0) return undefined;
  const owners = context.values(home, owner, bindings).filter((value) => "scope" in value);
  return withSupers(context, scoped).find((value) =>
    owners.some((one) => one.file === value.file && one.scope === value.scope),
  );
}

function withSupers(context: OwnerContext, values: readonly Members[]): readonly Members[] {
  const all = [...values];
  const seen = new Set(all.map(({ file, scope }) => `${scope}:${file}`));
  for (let at = 0; at < all.length && at < MOST_ABOVE; at++) {
    const { file, scope, bindings } = all[at] as Members;
    for (const above of context.above(file, scope, bindings)) {
      if (!("scope" in above) || seen.has(`${above.scope}:${above.file}`)) continue;
      seen.add(`${above.scope}:${above.file}`);
      all.push(above);
    }
  }
  return all;
}

/** A chain of names from a definition on, as text; undefined for other terms. */
function pathOf(context: OwnerContext, file: string, term: Term): string | undefined {
  if (term.is === "member") return extended(pathOf(context, file, term.of), term.name);
  // What is put on the prototype is put on all that `new` makes.
  if (term.is === "call" && term.new) return extended(pathOf(context, file, term.of), "prototype");
  if (term.is !== "name") return undefined;
  const [first] = context.lookup(file, term);
  if (first !== undefined) return `${first.file}:${first.start}`;
  // What is defined nowhere, such as `exports`, is one thing in all of a file where assignments define members.
  return context.source.table(file)?.facts.aliases ? `${file}:${term.name}` : undefined;
}

function extended(path: string | undefined, name: string): string | undefined {
  return path === undefined ? undefined : `${path}.${name}`;
}
