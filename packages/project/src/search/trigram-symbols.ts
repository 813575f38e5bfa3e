/**
 * What an index tells apart of each UTF-16 unit: a number below 256. Units that are equal but for case have the same one, so one index
 * serves both kinds of search.
 */
export type TrigramSymbols = Uint8Array;

/**
 * The same with capitals of ASCII told apart, for searches that mind case. What it says of a text without them, the other one says, too;
 * and no other symbol is a capital.
 */
export function capitalSymbols(symbols: TrigramSymbols): TrigramSymbols {
  const capitals = symbols.slice();
  for (let unit = 65; unit <= 90; unit += 1) capitals[unit] = unit;
  return capitals;
}

/** What all digits are in the symbols below. */
export const DIGIT = 1;

/** The same with all digits of Unicode's first 65,536 characters as one symbol, for what says no more than that there is one. */
export function digitSymbols(symbols: TrigramSymbols): TrigramSymbols {
  return symbols.map((symbol, unit) => (/\p{Nd}/u.test(String.fromCharCode(unit)) ? DIGIT : symbol));
}

/** The line feed's symbol, which it shares with none: no match holds it, so no trigram does. */
export const LINE_FEED = 10;

/** Characters beyond the first 65,536 are two units; their halves are not told apart, since case may change the second. */
export const HIGH_SURROGATE = 254;
export const LOW_SURROGATE = 255;

/** Makes the table. It takes some milliseconds. */
export function trigramSymbols(): TrigramSymbols {
  const symbols = new Uint8Array(65_536);
  for (let unit = 0; unit < 65_536; unit += 1) symbols[unit] = symbolOf(unit);
  return symbols;
}

/** A text in symbols, one character below 256 for each unit. */
export function inSymbols(text: string, symbols: TrigramSymbols): string {
  let written = "";
  for (let at = 0; at < text.length; at += 1)
    written += String.fromCharCode(symbols[text.charCodeAt(at)] ?? 0);
  return written;
}

function symbolOf(unit: number): number {
  if (unit >= 0xd800 && unit < 0xdc00) return HIGH_SURROGATE;
  if (unit >= 0xdc00 && unit < 0xe000) return LOW_SURROGATE;
  const folded = foldedUnit(unit);
  return folded < 128 ? folded : 128 + (folded % 126);
}

/** One unit for all that are equal but for case. By way of lower case first: some letters are their own upper case. */
function foldedUnit(unit: number): number {
  return String.fromCharCode(unit).toLowerCase().toUpperCase().toLowerCase().charCodeAt(0);
}
