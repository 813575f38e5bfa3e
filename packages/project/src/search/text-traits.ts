import { longestRuns } from "./character-kinds.js";
import { makeFilter, type TrigramFilter } from "./trigram-filter.js";
import { capitalSymbols, digitSymbols, LINE_FEED, type TrigramSymbols } from "./trigram-symbols.js";

/** What is known of a text, by which most that hold no match of an expression can be passed over. */
export interface TextTraits {
  /** Two and three symbols in a row, in each of the tables; the start and the end of each line count as line feeds. */
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
  /** The trigrams are gathered in each of these. */
  readonly #tables: readonly TrigramSymbols[];
  readonly #seen = new Uint8Array(ALL_TRIGRAMS / 8);
  readonly #found: number[] = [];
  #units = 0;
  #runs: Uint32Array = new Uint32Array();

  constructor(symbols: TrigramSymbols) {
    this.#tables = [symbols, capitalSymbols(symbols), digitSymbols(symbols)];
  }

  /**
   * Takes what begins within a part of a text. A long text can so be taken in slices, in their order.
   * @param start inclusive
   * @param end exclusive
   */
  add(text: string, start: number, end: number): void {
    const [symbols, capitals, digits] = this.#tables;
    if (symbols === undefined || capitals === undefined || digits === undefined) return;
    let trigram = start === 0 ? LINE_FEED : 0;
    let withCapitals = trigram;
    let withDigits = trigram;
    let length = start === 0 ? 1 : 0;
    let units = 0;
    const most = Math.min(end + 2, text.length);
    // Behind the end of a text there is a line feed, as before its beginning.
    const last = end + 2 > text.length ? most + 1 : most;
    for (let at = start; at < last; at += 1) {
      const unit = at < most ? text.charCodeAt(at) : LINE_FEED;
      units |= unit;
      const symbol = symbols[unit] ?? 0;
      trigram = ((trigram << 8) | symbol) & 0xffffff;
      withCapitals = ((withCapitals << 8) | (capitals[unit] ?? 0)) & 0xffffff;
      withDigits = ((withDigits << 8) | (digits[unit] ?? 0)) & 0xffffff;
      length += 1;
      if (length > 1) {
        const mask = length > 2 ? 0xffffff : 0xffff;
        this.#see(trigram & mask);
        if (withCapitals !== trigram) this.#see(withCapitals & mask);
        if (withDigits !== trigram) this.#see(withDigits & mask);
      }
      if (symbol === LINE_FEED) length = 1;
    }
    this.#units |= units;
    if (end >= text.length) this.#runs = longestRuns(text);
  }

  /** Takes a trigram, or a pair. One that is there has its last two symbols there, too. */
  #see(trigram: number): void {
    if (this.#isNew(trigram)) this.#isNew(trigram & 0xffff);
  }

  #isNew(trigram: number): boolean {
    const place = trigram >>> 3;
    const bit = 1 << (trigram & 7);
    const byte = this.#seen[place] ?? 0;
    if ((byte & bit) !== 0) return false;
    this.#seen[place] = byte | bit;
    this.#found.push(trigram);
    return true;
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
