import type { AST } from "@eslint-community/regexpp";
import { asciiMembers, type CharacterElement } from "./ascii-members.js";
import { KIND_COUNT, KINDS_OF_ASCII } from "./character-kinds.js";
import type { TextNeed } from "./text-need.js";

/** What one kind of characters has of a part of an expression: how many of it one behind the other every match holds. */
interface Runs {
  /** Whether the part fits characters of the kind alone. */
  readonly all: boolean;
  /** At its beginning, at its end, and anywhere. Where `all`, each is the length of its shortest match. */
  readonly first: number;
  readonly last: number;
  readonly most: number;
}

/** Shorter ones are in most texts. */
const SHORTEST = 4;
const NO_CHARACTER: Runs = { all: true, first: 0, last: 0, most: 0 };
const OTHERS: Runs = { all: false, first: 0, last: 0, most: 0 };

/** The runs of characters that a text must hold to hold a match of an expression. @param flags that it is run with */
export function neededRuns(pattern: AST.Pattern, flags: string): readonly TextNeed[] {
  const needed = new NeededRuns(flags);
  const needs: TextNeed[] = [];
  for (let kind = 0; kind < KIND_COUNT; kind += 1) {
    const { most } = needed.ofAlternatives(pattern.alternatives, 1 << kind);
    if (most >= SHORTEST) needs.push({ kind: "run", of: kind, length: most });
  }
  return needs;
}

class NeededRuns {
  readonly #flags: string;
  /** The kinds that all characters of a class are of, by how it is written. */
  readonly #kinds = new Map<string, number>();

  constructor(flags: string) {
    this.#flags = flags;
  }

  /** @param kind its bit */
  ofAlternatives(alternatives: readonly AST.Alternative[], kind: number): Runs {
    return alternatives
      .map(({ elements }) =>
        elements.map((element) => this.#ofElement(element, kind)).reduce(followedBy, NO_CHARACTER),
      )
      .reduce(either);
  }

  #ofElement(element: AST.Element, kind: number): Runs {
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        return (this.#kindsOf(element) & kind) === 0 ? OTHERS : { all: true, first: 1, last: 1, most: 1 };
      case "Group":
        return element.modifiers === null ? this.ofAlternatives(element.alternatives, kind) : OTHERS;
      case "CapturingGroup":
        return this.ofAlternatives(element.alternatives, kind);
      case "Quantifier":
        return repeated(this.#ofElement(element.element, kind), element.min);
      case "Assertion":
        return NO_CHARACTER;
      default:
        return OTHERS;
    }
  }

  #kindsOf(element: CharacterElement): number {
    const known = this.#kinds.get(element.raw);
    if (known !== undefined) return known;
    const members = asciiMembers(element, this.#flags);
    const kinds = KINDS_OF_ASCII.reduce((all, of, unit) => (members[unit] ? all & of : all), 0xff);
    this.#kinds.set(element.raw, kinds);
    return kinds;
  }
}

function followedBy(left: Runs, right: Runs): Runs {
  return {
    all: left.all && right.all,
    first: left.all ? left.first + right.first : left.first,
    last: right.all ? left.last + right.last : right.last,
    most: Math.max(left.most, right.most, left.last + right.first),
  };
}

function either(one: Runs, other: Runs): Runs {
  return {
    all: one.all && other.all,
    first: Math.min(one.first, other.first),
    last: Math.min(one.last, other.last),
    most: Math.min(one.most, other.most),
  };
}

function repeated(part: Runs, times: number): Runs {
  if (times === 0) return part.all ? NO_CHARACTER : OTHERS;
  if (!part.all)
    return { ...part, most: times === 1 ? part.most : Math.max(part.most, part.last + part.first) };
  const length = times * part.first;
  return { all: true, first: length, last: length, most: length };
}
