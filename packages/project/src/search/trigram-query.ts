import { mayHold, type TrigramFilter, trigramOf } from "./trigram-filter.js";

/** What the trigrams of a text must be like for it to hold a match. `any`: whatever they are; `none`: no text holds one. */
export type TrigramQuery =
  | { readonly kind: "any" | "none" }
  | { readonly kind: "trigram"; readonly trigram: number }
  | { readonly kind: "and" | "or"; readonly parts: readonly TrigramQuery[] };

/** Every text fits. */
export const ANY: TrigramQuery = { kind: "any" };
const NONE: TrigramQuery = { kind: "none" };

/** Texts that fit all of these. */
export function allOf(queries: readonly TrigramQuery[]): TrigramQuery {
  return joined("and", queries, ANY, NONE);
}

/** Texts that fit one of these at least. */
export function oneOf(queries: readonly TrigramQuery[]): TrigramQuery {
  return joined("or", queries, NONE, ANY);
}

/** Texts that may hold one of these strings of symbols. One of less than three is in all of them. */
export function holdingOneOf(strings: Iterable<string>): TrigramQuery {
  return oneOf([...strings].map(holding));
}

/** Texts that may hold a string of symbols. */
function holding(string: string): TrigramQuery {
  const parts: TrigramQuery[] = [];
  for (let at = 0; at + 3 <= string.length; at += 1) {
    const trigram = trigramOf(string.charCodeAt(at), string.charCodeAt(at + 1), string.charCodeAt(at + 2));
    parts.push({ kind: "trigram", trigram });
  }
  return allOf(parts);
}

/** Whether a text with these trigrams may hold a match. */
export function mayFit(query: TrigramQuery, filter: TrigramFilter): boolean {
  switch (query.kind) {
    case "any":
      return true;
    case "none":
      return false;
    case "trigram":
      return mayHold(filter, query.trigram);
    case "and":
      return query.parts.every((part) => mayFit(part, filter));
    case "or":
      return query.parts.some((part) => mayFit(part, filter));
  }
}

/** @param neutral what a part may be left out for, and what nothing comes to @param decisive what all comes to if a part is that */
function joined(
  kind: "and" | "or",
  queries: readonly TrigramQuery[],
  neutral: TrigramQuery,
  decisive: TrigramQuery,
): TrigramQuery {
  const parts = new Map<TrigramQuery | number, TrigramQuery>();
  for (const query of queries) {
    if (query.kind === decisive.kind) return decisive;
    if (query.kind === neutral.kind) continue;
    for (const part of query.kind === kind ? query.parts : [query])
      parts.set(part.kind === "trigram" ? part.trigram : part, part);
  }
  if (parts.size === 0) return neutral;
  const [first = neutral] = parts.values();
  return parts.size === 1 ? first : { kind, parts: [...parts.values()] };
}
