import type { OutlinedSymbol } from "../source-parser.js";
import { enclosing, type MapFile, mapText } from "./map-text.js";

/** A file that may be shown. */
export interface RankedFile {
  readonly path: string;
  /** Above zero. */
  readonly score: number;
  /** In the order in which they start. */
  readonly symbols: readonly OutlinedSymbol[];
  /** The same, best first. */
  readonly best: readonly OutlinedSymbol[];
}

/** A map that fits. */
export interface FittedMap {
  readonly text: string;
  readonly tokens: number;
  /** The files that it shows, in their order. */
  readonly files: readonly MapFile[];
}

/** One more line: a file with its best symbol, or a further symbol of it. */
interface Seat {
  readonly file: number;
  readonly symbol: OutlinedSymbol | undefined;
  readonly worth: number;
}

/** Lines that are tried behind those that fit, since a shorter one may still. */
const TRIES = 16;
/** Lines that are tried first. */
const FIRST_TRY = 16;
/**
 * Chooses what to show of files, the best first, within a number of tokens: never above it as `tokenizer` counts. Lines are given to
 * files as seats are to parties by D'Hondt's rule, with the square root of the score for votes: the one that is due next goes to the file
 * with the largest √score / (lines + 1). So a file of twice the score has not all the lines, and good files show more than their name.
 */
export function fitMap(
  files: readonly RankedFile[],
  tokens: number,
  tokenizer: (text: string) => number,
): FittedMap {
  const outer = files.map(({ symbols }) => enclosing(symbols));
  // No line is shorter than a token, but for a tokenizer that says otherwise.
  const seats = seatsOf(files).slice(0, tokens);
  const shownBy = (chosen: readonly Seat[]): readonly MapFile[] => {
    const shown = new Map<number, Set<OutlinedSymbol>>();
    for (const { file, symbol } of chosen) {
      const set = shown.get(file) ?? new Set();
      shown.set(file, set);
      for (let each = symbol; each !== undefined; each = outer[file]?.get(each)) set.add(each);
    }
    return files.flatMap(({ path, symbols }, file) => {
      const set = shown.get(file);
      return set === undefined ? [] : [{ path, symbols, shown: set }];
    });
  };
  const measure = (chosen: readonly Seat[]): FittedMap => {
    const shown = shownBy(chosen);
    const text = mapText(shown);
    return { text, tokens: text === "" ? 0 : tokenizer(text), files: shown };
  };
  let fitting = measure([]);
  let low = 0;
  let high = seats.length + 1;
  while (high - low > 1) {
    // Doubled until it is too much, then halved: so that no text is made that is many times too long.
    const isBounded = high <= seats.length;
    const middle = isBounded ? (low + high) >>> 1 : Math.min(seats.length, Math.max(FIRST_TRY, 2 * low));
    const map = measure(seats.slice(0, middle));
    if (map.tokens <= tokens) {
      fitting = map;
      low = middle;
    } else high = middle;
  }
  const chosen = seats.slice(0, low);
  for (const seat of seats.slice(low, low + TRIES)) {
    const map = measure([...chosen, seat]);
    if (map.tokens > tokens) continue;
    fitting = map;
    chosen.push(seat);
  }
  return fitting;
}

function seatsOf(files: readonly RankedFile[]): readonly Seat[] {
  const seats = files.flatMap(({ score, best }, file): Seat[] => {
    const votes = Math.sqrt(score);
    const first = { file, symbol: best[0], worth: votes };
    return [first, ...best.slice(1).map((symbol, taken) => ({ file, symbol, worth: votes / (taken + 2) }))];
  });
  return seats.sort((one, other) => other.worth - one.worth || one.file - other.file);
}
