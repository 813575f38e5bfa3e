import { LINE_FEED, type TrigramSymbols } from "./trigram-symbols.js";

/**
 * The trigrams of one text as a Bloom filter (Bloom 1970): it never denies one that is there, and affirms one in twenty that is not.
 * Eight bits for each distinct trigram, two of which are set; about a tenth of the size of source code.
 */
export type TrigramFilter = Uint32Array;

const BITS_PER_TRIGRAM = 8;
const ALL_TRIGRAMS = 2 ** 24;

/** Whether a text may hold a trigram. @param trigram three symbols, the first one highest */
export function mayHold(filter: TrigramFilter, trigram: number): boolean {
  const bits = filter.length * 32;
  return isSet(filter, firstBit(trigram, bits)) && isSet(filter, secondBit(trigram, bits));
}

/** Three symbols as one number, the first one highest. */
export function trigramOf(first: number, second: number, third: number): number {
  return (first << 16) | (second << 8) | third;
}

/** What was gathered of a text. */
export interface Trigrams {
  readonly filter: TrigramFilter;
  /** Whether all of it is ASCII. */
  readonly ascii: boolean;
  /** Units of the longest line. */
  readonly longestLine: number;
}

/** Gathers the distinct trigrams of one text after another. */
export class TrigramCollector {
  readonly #symbols: TrigramSymbols;
  readonly #seen = new Uint8Array(ALL_TRIGRAMS / 8);
  readonly #found: number[] = [];
  #units = 0;
  #line = 0;
  #longestLine = 0;

  constructor(symbols: TrigramSymbols) {
    this.#symbols = symbols;
  }

  /**
   * Takes the trigrams that begin within a part of a text. A long text can so be taken in slices.
   * @param start inclusive
   * @param end exclusive
   */
  add(text: string, start: number, end: number): void {
    const symbols = this.#symbols;
    const seen = this.#seen;
    let trigram = 0;
    let length = 0;
    let units = 0;
    const last = Math.min(end + 2, text.length);
    for (let at = start; at < last; at += 1) {
      const unit = text.charCodeAt(at);
      units |= unit;
      const symbol = symbols[unit] ?? 0;
      if (symbol === LINE_FEED) {
        length = 0;
        if (at < end) this.#endLine(at);
        continue;
      }
      trigram = ((trigram << 8) | symbol) & 0xffffff;
      length += 1;
      if (length < 3) continue;
      const place = trigram >>> 3;
      const bit = 1 << (trigram & 7);
      const byte = seen[place] ?? 0;
      if ((byte & bit) !== 0) continue;
      seen[place] = byte | bit;
      this.#found.push(trigram);
    }
    this.#units |= units;
    if (end >= text.length) this.#endLine(text.length);
  }

  #endLine(at: number): void {
    this.#longestLine = Math.max(this.#longestLine, at - this.#line);
    this.#line = at + 1;
  }

  /** What was gathered. The next text begins. */
  finish(): Trigrams {
    const filter = new Uint32Array(Math.max(1, Math.ceil((this.#found.length * BITS_PER_TRIGRAM) / 32)));
    const bits = filter.length * 32;
    for (const trigram of this.#found) {
      set(filter, firstBit(trigram, bits));
      set(filter, secondBit(trigram, bits));
      this.#seen[trigram >>> 3] = 0;
    }
    const gathered = { filter, ascii: this.#units < 128, longestLine: this.#longestLine };
    this.#found.length = 0;
    this.#units = this.#line = this.#longestLine = 0;
    return gathered;
  }
}

/** Multiplicative hashing (Knuth, TAOCP 3, 6.4), whose high bits are spread best, brought to a range by multiplying. */
function firstBit(trigram: number, bits: number): number {
  return Math.floor(((Math.imul(trigram, 0x9e3779b1) >>> 0) / 2 ** 32) * bits);
}

function secondBit(trigram: number, bits: number): number {
  return Math.floor(((Math.imul(trigram ^ (trigram >>> 9), 0x85ebca77) >>> 0) / 2 ** 32) * bits);
}

function isSet(filter: TrigramFilter, bit: number): boolean {
  return ((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

function set(filter: TrigramFilter, bit: number): void {
  filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
}
