import type { NameSpace, Term } from "../name-facts.js";

/** A term of more parts is not described: nobody follows it, and it would be kept with every name in it. */
const MOST_PARTS = 200;

/** Says nothing. */
export const NOTHING: Term = { is: "any", of: [] };

/** Makes terms of others, none of which grows beyond bounds. A term without a part that it needs is undefined. */
export class BoundedTerms {
  readonly #parts = new WeakMap<Term, number>();

  member(of: Term | undefined, name: string, space?: NameSpace): Term | undefined {
    return of && this.#bounded({ is: "member", of, name, ...(space === undefined ? {} : { space }) }, [of]);
  }

  /** @param at the place of the element, where it is known */
  element(of: Term | undefined, at?: number): Term | undefined {
    return of && this.#bounded({ is: "element", of, ...(at === undefined ? {} : { at }) }, [of]);
  }

  /** A sequence whose items are known one by one. */
  items(items: readonly Term[]): Term | undefined {
    return this.#bounded({ is: "array", items }, items);
  }

  array(element: Term | undefined): Term | undefined {
    return element && this.#bounded({ is: "array", element }, [element]);
  }

  awaited(of: Term | undefined): Term | undefined {
    return of && this.#bounded({ is: "await", of }, [of]);
  }

  promise(of: Term | undefined): Term | undefined {
    return of && this.#bounded({ is: "promise", of }, [of]);
  }

  /** @param types type arguments, absent ones as {@link NOTHING} */
  type(of: Term | undefined, types: readonly Term[] = []): Term | undefined {
    if (of === undefined || types.length === 0) return of && this.#bounded({ is: "type", of }, [of]);
    return this.#bounded({ is: "type", of, types }, [of, ...types]) ?? this.type(of);
  }

  call(of: Term | undefined, given: readonly Term[], types: readonly Term[]): Term | undefined {
    if (of === undefined) return undefined;
    const full: Term = {
      is: "call",
      of,
      ...(given.length > 0 ? { arguments: given } : {}),
      ...(types.length > 0 ? { types } : {}),
    };
    return this.#bounded(full, [of, ...given, ...types]) ?? this.#bounded({ is: "call", of }, [of]);
  }

  /** One of several, without those that are undefined. */
  any(terms: readonly (Term | undefined)[]): Term | undefined {
    const known = terms.filter((term) => term !== undefined);
    return known.length > 1 ? this.#bounded({ is: "any", of: known }, known) : known[0];
  }

  /** How many terms a term is made of. */
  partsOf(term: Term): number {
    return this.#parts.get(term) ?? 1;
  }

  #bounded(term: Term, parts: readonly Term[]): Term | undefined {
    let count = 1;
    for (const part of parts) count += this.partsOf(part);
    if (count > MOST_PARTS) return undefined;
    this.#parts.set(term, count);
    return term;
  }
}
