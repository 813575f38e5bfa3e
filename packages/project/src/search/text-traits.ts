import { longestRuns } from "./character-kinds.js";
import { makeFilter, type TrigramFilter } from "./trigram-filter.js";
import { capitalSymbols, LINE_FEED, type TrigramSymbols } from "./trigram-symbols.js";

/** What is known of a text, by which most that hold no match of an expression can be passed over. */
export interface TextTraits {
  /** Three symbols in a row, with and without capitals; the start and the end of each line count as line feeds. */
  readonly filter: TrigramFilter;
  /** The symbols in it, a bit for each. */
  readonly symbols: Uint32Array;
  /** For each kind of characters, how many stand one behind the other at most. */
  readonly runs: Uint32Array;
  /** Whether all of it is ASCII. */
  readonly ascii: boolean;
}

const ALL_TRIGRAMS = 2 ** 24;

/** Gathers the traits of one text after another. */
export class TraitCollector {
  readonly #symbols: TrigramSymbols;
  readonly #capitals: TrigramSymbols;
  readonly #seen = new Uint8Array(ALL_TRIGRAMS / 8);
  readonly #found: number[] = [];
  #units = 0;
  #runs: Uint32Array = new Uint32Array();

  constructor(symbols: TrigramSymbols) {
    this.#symbols = symbols;
    this.#capitals = capitalSymbols(symbols);
  }

  /**
   * Takes what begins within a part of a text. A long text can so be taken in slices, in their order.
   * @param start inclusive
   * @param end exclusive
   */
  add(text: string, start: number, end: number): void {
    const symbols = this.#symbols;
    const capitals = this.#capitals;
    const seen = this.#seen;
    const found = this.#found;
    let trigram = start === 0 ? LINE_FEED : 0;
    let withCapitals = trigram;
    let length = start === 0 ? 1 : 0;
    let units = 0;
    const beyond = Math.min(end + 2, text.length);
    for (let at = start; at < beyond; at += 1) {
      const unit = text.charCodeAt(at);
      units |= unit;
      const symbol = symbols[unit] ?? 0;
      trigram = ((trigram << 8) | symbol) & 0xffffff;
      withCapitals = ((withCapitals << 8) | (capitals[unit] ?? 0)) & 0xffffff;
      length += 1;
      if (length >= 3) {
        if (((seen[trigram >>> 3] ?? 0) & (1 << (trigram & 7))) === 0) see(seen, found, trigram);
        if (withCapitals !== trigram && ((seen[withCapitals >>> 3] ?? 0) & (1 << (withCapitals & 7))) === 0)
          see(seen, found, withCapitals);
      }
      if (symbol === LINE_FEED) length = 1;
    }
    this.#units |= units;
    if (end + 2 > text.length && length >= 2) {
      see(seen, found, ((trigram << 8) | LINE_FEED) & 0xffffff);
      see(seen, found, ((withCapitals << 8) | LINE_FEED) & 0xffffff);
    }
    if (end >= text.length) this.#runs = longestRuns(text);
  }

  /** What was gathered. The next text begins. */
  finish(): TextTraits {
    const symbols = new Uint32Array(8);
    for (const trigram of this.#found) {
      this.#seen[trigram >>> 3] = 0;
      // Each symbol of a line stands between two others, its ends taken for line feeds.
      const symbol = (trigram >>> 8) & 0xff;
      symbols[symbol >>> 5] = (symbols[symbol >>> 5] ?? 0) | (1 << (symbol & 31));
    }
    const traits = { filter: makeFilter(this.#found), symbols, runs: this.#runs, ascii: this.#units < 128 };
    this.#found.length = 0;
    this.#units = 0;
    return traits;
  }
}

function see(seen: Uint8Array, found: number[], trigram: number): void {
  const place = trigram >>> 3;
  const bit = 1 << (trigram & 7);
  const byte = seen[place] ?? 0;
  if ((byte & bit) !== 0) return;
  seen[place] = byte | bit;
  found.push(trigram);
}
