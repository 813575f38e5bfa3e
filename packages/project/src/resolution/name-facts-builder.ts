import type {
  DefinitionKind,
  NameDefinition,
  NameExport,
  NameFacts,
  NameReference,
  NameScope,
  ReferenceRole,
  Term,
} from "./name-facts.js";

type Changing<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** A name in the text. */
export interface NamePlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Gathers what one file says of names; each language decides what to add. */
export class NameFactsBuilder {
  readonly #scopes: Changing<NameScope>[] = [];
  readonly #definitions: Changing<NameDefinition>[] = [];
  readonly #references: NameReference[] = [];
  readonly #exports: NameExport[] = [];
  /** The names that are defined in each scope, without those that have an owner. */
  readonly #names: Map<string, number[]>[] = [];

  /** Opens a scope, the first for the file with `-1`, and gives its index. */
  scope(parent: number, visible: NameScope["visible"] = "all"): number {
    this.#scopes.push({ parent, visible });
    this.#names.push(new Map());
    return this.#scopes.length - 1;
  }

  /** Completes a scope with what is known later. */
  complete(scope: number, more: Pick<NameScope, "supers" | "typeParameters">): void {
    Object.assign(this.#scopes[scope] ?? {}, more);
  }

  parentOf(scope: number): number {
    return this.#scopes[scope]?.parent ?? -1;
  }

  /** Adds a definition and gives its index. */
  define(
    place: NamePlace,
    scope: number,
    kind: DefinitionKind,
    more: Partial<Pick<NameDefinition, "value" | "space" | "static" | "owner">> = {},
  ): number {
    const index = this.#definitions.length;
    this.#definitions.push({ name: place.name, start: place.start, end: place.end, scope, kind, ...more });
    if (more.owner === undefined) {
      const names = this.#names[scope];
      const known = names?.get(place.name);
      if (known === undefined) names?.set(place.name, [index]);
      else known.push(index);
    }
    return index;
  }

  /** What a definition stands for, once that is known. */
  setValue(definition: number, value: Term | undefined): void {
    const found = this.#definitions[definition];
    if (found !== undefined && value !== undefined) found.value = value;
  }

  /** Definitions of a name in one scope, so far. */
  definitionsIn(scope: number, name: string): readonly number[] {
    return this.#names[scope]?.get(name) ?? [];
  }

  /** The nearest scope from here outwards in which a name is defined, so far; undefined where it is in none. */
  scopeOf(name: string, from: number): number | undefined {
    for (let scope = from; scope >= 0; scope = this.parentOf(scope)) {
      const visible = this.#scopes[scope]?.visible;
      if ((visible === "all" || (visible === "own" && scope === from)) && this.#names[scope]?.has(name))
        return scope;
    }
    return undefined;
  }

  refer(place: NamePlace, role: ReferenceRole, term: Term): void {
    this.#references.push({ ...place, role, term });
  }

  export(name: string, term: Term, at?: NamePlace): void {
    this.#exports.push({ name, term, ...(at === undefined ? {} : { at: [at.start, at.end] as const }) });
  }

  /** @param more `exports` is taken over where `true`, even when empty */
  finish(
    more: Pick<NameFacts, "aliases" | "moduleStart" | "package" | "namespaces"> & {
      readonly exports: boolean;
    },
  ): NameFacts {
    const { exports, ...rest } = more;
    return {
      scopes: this.#scopes,
      definitions: this.#definitions,
      references: this.#references.sort((one, other) => one.start - other.start),
      ...rest,
      ...(exports ? { exports: this.#exports } : {}),
    };
  }
}
