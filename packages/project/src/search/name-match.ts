import type { SymbolEntry } from "./symbol-entry.js";

/**
 * How well a name fits a symbol, 0 (not at all) to 1 (the name itself): exact, exact but for case, prefix, the first
 * letters of its words (`phr` for parseHttpResponse), part, letters in order with gaps.
 */
export function nameMatch(query: string, lowerQuery: string, entry: SymbolEntry): number {
  const { lowerName } = entry;
  if (entry.name === query) return 1;
  if (lowerName === lowerQuery) return 0.95;
  const share = lowerQuery.length / Math.max(lowerName.length, 1);
  if (lowerName.startsWith(lowerQuery)) return 0.8 + 0.1 * share;
  if (lowerQuery.length >= 2 && entry.initials.startsWith(lowerQuery)) return 0.7 + 0.1 * share;
  if (matchesHumps(query, entry.name)) return 0.6 + 0.1 * share;
  if (lowerName.includes(lowerQuery)) return 0.4 + 0.1 * share;
  if (lowerQuery.length >= 3 && isSubsequence(lowerQuery, lowerName)) return 0.1 + 0.2 * share;
  return 0;
}

/** `parHtRe` and `par_ht_re` fit parseHttpResponse: each word of the query begins the next word of the name. */
function matchesHumps(query: string, name: string): boolean {
  const wanted = query.match(/\p{Lu}?[\p{Ll}\d]+|\p{Lu}/gu) ?? [];
  if (wanted.length < 2) return false;
  const words = (name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\d+/gu) ?? []).map((word) =>
    word.toLowerCase(),
  );
  let next = 0;
  for (const word of words) {
    const part = wanted[next]?.toLowerCase();
    if (part !== undefined && word.startsWith(part)) next += 1;
  }
  return next === wanted.length;
}

/** What of a query must be in a name, letter by letter in this order, for `nameMatch` to be more than 0. */
export function needOf(query: string): string {
  return (query.match(/\p{Lu}?[\p{Ll}\d]+|\p{Lu}/gu) ?? []).join("").toLowerCase();
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
