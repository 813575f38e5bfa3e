import type { FileRecord } from "../files/file-record.js";
import { queryTerms, terms } from "../search/terms.js";

/** What a term is worth by where it stands in a file. */
const FIELDS = { stem: 6, folder: 2, symbol: 2, doc: 1, use: 0.3 } as const;

/** The terms of a file with their weights. */
export interface FileTerms {
  readonly weights: ReadonlyMap<string, number>;
  /** Sum of the weights: its length for BM25. */
  readonly length: number;
}

/** The terms of files that were taken apart, as long as their records are kept: one that does not change is not taken apart again. */
export type KnownTerms = WeakMap<FileRecord, FileTerms>;

/** The terms of a file: of its path, its symbols, their docs and the names that it uses. */
export function fileTerms(record: FileRecord, known: KnownTerms): FileTerms {
  const found = known.get(record);
  if (found !== undefined) return found;
  const made = makeTerms(record);
  known.set(record, made);
  return made;
}

function makeTerms({ path, symbols, uses }: FileRecord): FileTerms {
  const weights = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const term of terms(text)) weights.set(term, (weights.get(term) ?? 0) + weight);
  };
  const slash = path.lastIndexOf("/") + 1;
  add(path.slice(slash).replace(/\.[^.]+$/, ""), FIELDS.stem);
  add(path.slice(0, slash), FIELDS.folder);
  for (const symbol of symbols) {
    add(symbol.name, FIELDS.symbol);
    add(symbol.doc ?? "", FIELDS.doc);
  }
  for (const [name, count] of Object.entries(uses)) add(name, FIELDS.use * Math.sqrt(count));
  let length = 0;
  for (const weight of weights.values()) length += weight;
  return { weights, length };
}

/** BM25's usual constants: how fast repetition saturates, and how much length counts. */
const K1 = 1.2;
const B = 0.5;
/** Terms of a text that are looked for, the first ones. */
const MOST_TERMS = 500;

/**
 * How well each file fits a text, at least 0: Okapi BM25 (Robertson and Zaragoza 2009, eq. 3.15) over weighted fields, as
 * the search for symbols does, but on whole files.
 */
export function textScores(files: readonly FileTerms[], text: string): Float64Array {
  const scores = new Float64Array(files.length);
  const average = files.reduce((sum, file) => sum + file.length, 0) / Math.max(files.length, 1);
  for (const term of queryTerms(text).slice(0, MOST_TERMS)) {
    const found: { node: number; weight: number; length: number }[] = [];
    for (const [node, { weights, length }] of files.entries()) {
      const weight = weights.get(term);
      if (weight !== undefined) found.push({ node, weight, length });
    }
    const rarity = Math.log(1 + (files.length - found.length + 0.5) / (found.length + 0.5));
    for (const { node, weight, length } of found) {
      const norm = K1 * (1 - B + (B * length) / average);
      scores[node] = (scores[node] ?? 0) + (rarity * weight * (K1 + 1)) / (weight + norm);
    }
  }
  return scores;
}
