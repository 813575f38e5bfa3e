import type { Term } from "../name-facts.js";

/** What nothing is known of, where a term has to stand. */
export const UNKNOWN: Term = { is: "any", of: [] };

/** Deeper terms are left out: whoever evaluates them goes down one call for each level. */
const MAX_DEPTH = 200;
/** Larger terms are left out, as a term may be part of many. */
const MAX_SIZE = 1_000;

interface Extent {
  readonly depth: number;
  readonly size: number;
}

/** Measures terms. Each is measured once, so what is made of measured ones costs no more than its own parts. */
export class TermMeasure {
  readonly #extents = new WeakMap<Term, Extent>();

  /** The term, or undefined where it is too deep or too large to be of use. */
  bounded(term: Term | undefined): Term | undefined {
    if (term === undefined) return undefined;
    const { depth, size } = this.#extentOf(term);
    return depth > MAX_DEPTH || size > MAX_SIZE ? undefined : term;
  }

  #extentOf(term: Term): Extent {
    const known = this.#extents.get(term);
    if (known !== undefined) return known;
    let depth = 0;
    let size = 1;
    for (const part of partsOf(term)) {
      const extent = this.#extentOf(part);
      depth = Math.max(depth, extent.depth);
      size += extent.size;
    }
    const extent = { depth: depth + 1, size };
    this.#extents.set(term, extent);
    return extent;
  }
}

function partsOf(term: Term): readonly Term[] {
  switch (term.is) {
    case "member":
    case "element":
    case "await":
    case "promise":
      return [term.of];
    case "type":
      return [term.of, ...(term.types ?? [])];
    case "call":
      return [term.of, ...(term.arguments ?? []), ...(term.types ?? [])];
    case "array":
      return [...(term.items ?? []), ...(term.element === undefined ? [] : [term.element])];
    case "function":
      return term.returns;
    case "any":
      return term.of;
    default:
      return [];
  }
}

/** What one of these is, kept as a union even where there is one: no other name of it. */
export function oneOf(terms: readonly (Term | undefined)[]): Term | undefined {
  const known = terms.filter((term) => term !== undefined);
  return known.length === 0 ? undefined : { is: "any", of: known };
}

/** A sequence of these. */
export function sequenceOf(items: readonly (Term | undefined)[]): Term {
  if (items.every((item) => item === undefined)) return { is: "array" };
  return { is: "array", items: items.map((item) => item ?? UNKNOWN) };
}

/** A sequence whose items are all like this one. */
export function arrayOf(element: Term | undefined): Term {
  return element === undefined ? { is: "array" } : { is: "array", element };
}

/** An element of a sequence; its number is `at` where that is known. */
export function elementOf(sequence: Term | undefined, at?: number): Term | undefined {
  if (sequence === undefined) return undefined;
  if (sequence.is !== "array") return { is: "element", of: sequence, ...(at === undefined ? {} : { at }) };
  if (sequence.items === undefined) return sequence.element;
  const found = at === undefined ? oneOf(sequence.items) : sequence.items[at];
  return found === UNKNOWN ? undefined : found;
}
