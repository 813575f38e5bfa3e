import type { NameSpace, Term } from "../name-facts.js";

/** Terms that are deeper are not made: what they stand for is not known then. */
const MOST_DEPTH = 200;

/** What says nothing, where a term is needed. */
const UNKNOWN: Term = { is: "any", of: [] };

type FunctionTerm = Extract<Term, { is: "function" }>;

/** Makes terms out of terms, none of them deeper than a bound. What is made of nothing known is not known: undefined. */
export class Terms {
  readonly #depths = new Map<Term, number>();

  member(of: Term | undefined, name: string, space?: NameSpace): Term {
    const what = { name, ...(space === undefined ? {} : { space }) };
    return (
      this.#kept({ is: "member", of: of ?? UNKNOWN, ...what }, [of]) ?? { is: "member", of: UNKNOWN, ...what }
    );
  }

  call(
    of: Term | undefined,
    given: readonly (Term | undefined)[] = [],
    types: readonly (Term | undefined)[] = [],
  ): Term | undefined {
    if (of === undefined) return undefined;
    const more = { ...(given.some(isKnown) ? { arguments: given.map(orUnknown) } : {}), ...typesOf(types) };
    return this.#kept({ is: "call", of, ...more }, [of, ...given, ...types]);
  }

  element(of: Term | undefined, at?: number): Term | undefined {
    if (of === undefined) return undefined;
    // What is written as a sequence says what its elements are.
    if (of.is === "array" && at === undefined) return of.element;
    return this.#kept({ is: "element", of, ...(at === undefined ? {} : { at }) }, [of]);
  }

  /** A value of the type that a term names. */
  type(of: Term | undefined, types: readonly (Term | undefined)[] = []): Term | undefined {
    return of && this.#kept({ is: "type", of, ...typesOf(types) }, [of, ...types]);
  }

  /** What is iterated over or indexed: a slice, an array, a map, a channel. */
  sequence(element: Term | undefined): Term | undefined {
    return this.#kept({ is: "array", ...(element === undefined ? {} : { element }) }, [element]);
  }

  /** Several results at once. */
  results(items: readonly (Term | undefined)[]): Term | undefined {
    return this.#kept({ is: "array", items: items.map(orUnknown) }, items);
  }

  callable(term: FunctionTerm): Term | undefined {
    return this.#kept(term, term.returns);
  }

  any(...of: readonly (Term | undefined)[]): Term | undefined {
    const known = of.filter(isKnown);
    return known.length > 1 ? this.#kept({ is: "any", of: known }, known) : known[0];
  }

  #kept(term: Term, parts: readonly (Term | undefined)[]): Term | undefined {
    let depth = 1;
    for (const part of parts) {
      if (part !== undefined) depth = Math.max(depth, 1 + (this.#depths.get(part) ?? 1));
    }
    if (depth > MOST_DEPTH) return undefined;
    this.#depths.set(term, depth);
    return term;
  }
}

/** What names the type of which a term is a value. */
export function naming(term: Term | undefined): Term | undefined {
  return term?.is === "type" && term.types === undefined ? term.of : term;
}

function typesOf(types: readonly (Term | undefined)[]): { readonly types?: readonly Term[] } {
  return types.length === 0 ? {} : { types: types.map(orUnknown) };
}

function isKnown(term: Term | undefined): term is Term {
  return term !== undefined;
}

function orUnknown(term: Term | undefined): Term {
  return term ?? UNKNOWN;
}
