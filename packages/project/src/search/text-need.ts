import type { CharacterKind } from "./character-kinds.js";
import type { TextTraits } from "./text-traits.js";
import { mayHold, trigramOf } from "./trigram-filter.js";
import { LINE_FEED } from "./trigram-symbols.js";

/** What a text must be like for it to hold a match. `any`: whatever it is; `none`: no text holds one. */
export type TextNeed =
  | { readonly kind: "any" | "none" }
  /** Three symbols in a row, or two behind a zero. */
  | { readonly kind: "trigram"; readonly trigram: number }
  | { readonly kind: "symbol"; readonly symbol: number }
  /** So many characters of a kind one behind the other. */
  | { readonly kind: "run"; readonly of: CharacterKind; readonly length: number }
  | { readonly kind: "and" | "or"; readonly parts: readonly TextNeed[] };

/** Every text fits. */
export const ANY: TextNeed = { kind: "any" };
const NONE: TextNeed = { kind: "none" };

/** What more of them would let through no longer pays for asking. */
const MOST_PARTS = 256;

/** Texts that fit all of these. */
export function allOf(needs: readonly TextNeed[]): TextNeed {
  const need = joined("and", needs, ANY, NONE);
  return need.kind === "and" && need.parts.length > MOST_PARTS
    ? { kind: "and", parts: need.parts.slice(0, MOST_PARTS) }
    : need;
}

/** Texts that fit one of these at least. */
export function oneOf(needs: readonly TextNeed[]): TextNeed {
  return joined("or", needs, NONE, ANY);
}

/** Texts that may hold one of these strings of symbols. */
export function holdingOneOf(strings: Iterable<string>): TextNeed {
  return oneOf([...strings].map(holding));
}

/** Texts that may hold a string of symbols. */
function holding(string: string): TextNeed {
  const first = string.charCodeAt(0);
  const second = string.charCodeAt(1);
  if (string.length === 0) return ANY;
  if (string.length === 1) return isTelling(first) ? { kind: "symbol", symbol: first } : ANY;
  if (string.length === 2) return { kind: "trigram", trigram: trigramOf(0, first, second) };
  const parts: TextNeed[] = [];
  for (let at = 0; at + 3 <= string.length; at += 1) {
    const trigram = trigramOf(string.charCodeAt(at), string.charCodeAt(at + 1), string.charCodeAt(at + 2));
    parts.push({ kind: "trigram", trigram });
  }
  return allOf(parts);
}

/** Whether some texts are without a symbol: letters, spaces and the ends of lines are in nearly all. */
function isTelling(symbol: number): boolean {
  return symbol !== LINE_FEED && symbol !== 32 && !(symbol >= 97 && symbol <= 122);
}

/** Whether such a text may hold a match. */
export function mayFit(need: TextNeed, traits: TextTraits): boolean {
  switch (need.kind) {
    case "any":
      return true;
    case "none":
      return false;
    case "trigram":
      return mayHold(traits.filter, need.trigram);
    case "symbol":
      return ((traits.symbols[need.symbol >>> 5] ?? 0) & (1 << (need.symbol & 31))) !== 0;
    case "run":
      return (traits.runs[need.of] ?? 0) >= need.length;
    case "and":
      return need.parts.every((part) => mayFit(part, traits));
    case "or":
      return need.parts.some((part) => mayFit(part, traits));
  }
}

/** @param neutral what a part may be left out for, and what nothing comes to @param decisive what all comes to if a part is that */
function joined(
  kind: "and" | "or",
  needs: readonly TextNeed[],
  neutral: TextNeed,
  decisive: TextNeed,
): TextNeed {
  const parts = new Map<TextNeed | number, TextNeed>();
  for (const need of needs) {
    if (need.kind === decisive.kind) return decisive;
    if (need.kind === neutral.kind) continue;
    for (const part of need.kind === kind ? need.parts : [need])
      parts.set(part.kind === "trigram" ? part.trigram : part, part);
  }
  if (parts.size === 0) return neutral;
  const [first = neutral] = parts.values();
  return parts.size === 1 ? first : { kind, parts: [...parts.values()] };
}
