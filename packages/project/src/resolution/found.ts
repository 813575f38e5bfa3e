import type { DefinitionKind, NameDefinition, NameExport, NameFacts, Term } from "./name-facts.js";
import type { Bindings, Members } from "./values.js";

/** A place that gives a name its meaning: a definition, an export, or a module as a whole. */
export interface Found {
  readonly file: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly kind: DefinitionKind;
  readonly value?: Term;
  /** Index of the definition; absent for exports and modules. */
  readonly definition?: number;
  /** What is bound in its owner, for members. */
  readonly bindings?: Bindings;
}

export function foundDefinition(file: string, facts: NameFacts, index: number): Found | undefined {
  const definition = facts.definitions[index];
  if (definition === undefined) return undefined;
  const { name, start, end, kind, value } = definition;
  return { file, name, start, end, kind, definition: index, ...(value === undefined ? {} : { value }) };
}

export function definitionsOf(file: string, table: NameTable, indexes: readonly number[]): readonly Found[] {
  return indexes
    .slice(0, MOST_DEFINITIONS)
    .flatMap((index) => foundDefinition(file, table.facts, index) ?? []);
}

/** A member, with what is bound in its owner. */
export function boundIn(found: Found, { bindings }: Members): Found {
  return bindings === undefined ? found : { ...found, bindings };
}

/** A name that one scope defines more often is made by a machine. */
const MOST_DEFINITIONS = 64;

/** An export that stands as a definition of its own. */
export function foundExport(file: string, { name, at, term }: NameExport): Found | undefined {
  if (at === undefined) return undefined;
  const kind = isNaming(term)
    ? "import"
    : term.is === "function" || term.is === "class"
      ? term.is
      : "variable";
  return { file, name, start: at[0], end: at[1], kind, value: term };
}

/** What a module itself is, where it says so (`module.exports = …`). */
export function itselfExported(file: string, table: NameTable | undefined): readonly Found[] {
  return table?.exported("=").flatMap((one) => foundExport(file, one) ?? []) ?? [];
}

/** Each place once. */
export function uniqueFound(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = `${one.start}:${one.end}:${one.file}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether a term only names something: an alias. */
export function isNaming(term: Term): boolean {
  if (term.is === "any") return term.of.some(isNaming);
  return (
    term.is === "name" ||
    term.is === "member" ||
    term.is === "element" ||
    term.is === "module" ||
    term.is === "argument" ||
    (term.is === "await" && term.of.is === "module")
  );
}

/** The definitions of each scope by name, and those that are put on an owner; made once for each file. */
export class NameTable {
  readonly facts: NameFacts;
  readonly #scopes: readonly Map<string, number[]>[];
  readonly #owned = new Map<string, number[]>();
  readonly #exports = new Map<string, NameExport[]>();

  constructor(facts: NameFacts) {
    this.facts = facts;
    this.#scopes = facts.scopes.map(() => new Map<string, number[]>());
    for (const [index, definition] of facts.definitions.entries()) {
      const names = definition.owner === undefined ? this.#scopes[definition.scope] : this.#owned;
      const known = names?.get(definition.name);
      if (known === undefined) names?.set(definition.name, [index]);
      else known.push(index);
    }
    for (const one of facts.exports ?? []) {
      const known = this.#exports.get(one.name);
      if (known === undefined) this.#exports.set(one.name, [one]);
      else known.push(one);
    }
  }

  /** What the file shows by a name. */
  exported(name: string): readonly NameExport[] {
    return this.#exports.get(name) ?? [];
  }

  /** Definitions of a name in one scope. */
  in(scope: number, name: string, space?: NameDefinition["space"]): readonly number[] {
    const all = this.#scopes[scope]?.get(name) ?? [];
    if (space === undefined) return all;
    return all.filter((index) => (this.facts.definitions[index]?.space ?? space) === space);
  }

  /** Definitions of a name that are put on an owner (`a.b = …`). */
  owned(name: string): readonly number[] {
    return this.#owned.get(name) ?? [];
  }
}
