import type { SymbolEntry } from "./symbol-entry.js";

/** A name that is looked for, prepared for many symbols. */
export interface NameQuery {
  readonly text: string;
  readonly lower: string;
  /** Its words, lowered: `par`, `ht` and `re` of `parHtRe`. */
  readonly words: readonly string[];
}

export function nameQuery(text: string): NameQuery {
  const words = text.match(/\p{Lu}?[\p{Ll}\d]+|\p{Lu}/gu) ?? [];
  return { text, lower: text.toLowerCase(), words: words.map((word) => word.toLowerCase()) };
}

/**
 * How well a name fits a symbol, 0 (not at all) to 1 (the name itself): exact, exact but for case, prefix, the first
 * letters of its words (`phr` for parseHttpResponse), part, letters in order with gaps.
 */
export function nameMatch({ text, lower, words }: NameQuery, entry: SymbolEntry): number {
  const { lowerName } = entry;
  if (entry.name === text) return 1;
  if (lowerName === lower) return 0.95;
  const share = lower.length / Math.max(lowerName.length, 1);
  if (lowerName.startsWith(lower)) return 0.8 + 0.1 * share;
  if (lower.length >= 2 && entry.initials.startsWith(lower)) return 0.7 + 0.1 * share;
  if (matchesWords(words, entry.name)) return 0.6 + 0.1 * share;
  if (lowerName.includes(lower)) return 0.4 + 0.1 * share;
  if (lower.length >= 3 && isSubsequence(lower, lowerName)) return 0.1 + 0.2 * share;
  return 0;
}

/** `parHtRe` and `par_ht_re` fit parseHttpResponse: each word of the query begins the next word of the name. */
function matchesWords(wanted: readonly string[], name: string): boolean {
  if (wanted.length < 2) return false;
  let next = 0;
  for (const word of name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\d+/gu) ?? []) {
    const part = wanted[next];
    if (part !== undefined && word.toLowerCase().startsWith(part)) next += 1;
  }
  return next === wanted.length;
}

/** What of a query must be in a name, letter by letter in this order, for `nameMatch` to be more than 0. */
export function needOf({ words }: NameQuery): string {
  return words.join("");
}

/** Which letters a text has, a bit for each, shared by letters that are 32 apart: a text lacks what its mask lacks. */
export function letterMask(text: string): number {
  let mask = 0;
  for (let at = 0; at < text.length; at += 1) mask |= 1 << (text.charCodeAt(at) & 31);
  return mask;
}

/** Whether the letters of one text are in another, in their order. */
export function isSubsequence(part: string, whole: string): boolean {
  if (part === "") return true;
  let next = 0;
  for (let at = 0; at < whole.length; at += 1) {
    if (whole.charCodeAt(at) !== part.charCodeAt(next)) continue;
    next += 1;
    if (next === part.length) return true;
  }
  return false;
}
