import type { FileRecord } from "../files/file-record.js";
import type { FileGraph } from "./file-graph.js";

/** The longest text that is looked through, in UTF-16 units. */
const LONGEST = 100_000;
const NAME = /[\p{L}_$][\p{L}\p{N}_$]{2,}/gu;
/** Longer words name no file. */
const LONGEST_PATH = 1_000;
/** A name that is an ordinary word may be meant as one. */
const WORD = 0.3;

/** Names that a text holds, each with how surely it speaks of code: 1 in backticks, or in camel or snake case; 0.3 for other words. */
export function namesIn(text: string): ReadonlyMap<string, number> {
  const start = text.slice(0, LONGEST);
  const names = new Map<string, number>();
  for (const name of start.match(NAME) ?? []) {
    names.set(name, /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}|[_$]/u.test(name) ? 1 : WORD);
  }
  for (const [, code] of start.matchAll(/`([^`\n]+)`/g)) {
    for (const name of code?.match(NAME) ?? []) names.set(name, 1);
  }
  return names;
}

/** What each file defines of the names, by their weights; a name that several define counts for each in part. */
export function definedNames(
  { records, definers }: Pick<FileGraph, "records" | "definers">,
  names: ReadonlyMap<string, number>,
): Float64Array {
  const scores = new Float64Array(records.length);
  for (const [name, weight] of names) {
    const nodes = definers.get(name) ?? [];
    for (const { node } of nodes) scores[node] = (scores[node] ?? 0) + weight / nodes.length;
  }
  return scores;
}

/** Which files a text names by their path or by their name with its extension: 1 or 0. */
export function namedFiles(records: readonly FileRecord[], text: string): Float64Array {
  const words = new Set(text.slice(0, LONGEST).match(/[\p{L}\p{N}_./\\@$+-]+/gu));
  const mentioned = new Set<string>();
  for (const word of words) {
    if (word.length > LONGEST_PATH) continue;
    const plain = word
      .replaceAll("\\", "/")
      .replace(/^(?:\.?\/)+/, "")
      .replace(/[./-]+$/, "");
    if (plain.includes(".")) mentioned.add(plain.toLowerCase());
  }
  if (mentioned.size === 0) return new Float64Array(records.length);
  return Float64Array.from(records, ({ path }) => {
    let rest = path.toLowerCase();
    while (!mentioned.has(rest)) {
      const slash = rest.indexOf("/");
      if (slash < 0) return 0;
      rest = rest.slice(slash + 1);
    }
    return 1;
  });
}
