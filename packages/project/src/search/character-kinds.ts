/** A kind of characters: its number among the kinds, below eight. */
export type CharacterKind = number;

/** What of ASCII is of each kind. All that is beyond ASCII is of every kind, so that no kind of Unicode is too small. */
const KINDS: readonly RegExp[] = [
  /[^\n]/,
  /[^ \n]/,
  /[^\s\w]/,
  /[\t\v\f\r ]/,
  /[0-9A-Z_a-z]/,
  /[0-9A-Fa-f]/,
  /[0-9]/,
  /[A-Z]/,
];

/** All of a line is of this kind. */
export const OF_LINES: CharacterKind = 0;
/** How many kinds there are. */
export const KIND_COUNT: number = KINDS.length;
/** The kinds of each character of ASCII, a bit for each. */
export const KINDS_OF_ASCII: Uint8Array = Uint8Array.from({ length: 128 }, (_, unit) =>
  KINDS.reduce((bits, kind, number) => bits | (kind.test(String.fromCharCode(unit)) ? 1 << number : 0), 0),
);

/** For each kind, how many characters of it a text has one behind the other at most. */
export function longestRuns(text: string): Uint32Array {
  return Uint32Array.from(KINDS, (_, kind) => longestRun(text, 1 << kind));
}

/** What is longer than the longest so far has to hold the character that far on: most others are never looked at. */
function longestRun(text: string, kind: number): number {
  let longest = 0;
  for (let start = 0; start + longest < text.length; ) {
    let at = start + longest;
    while (at >= start && isOf(text.charCodeAt(at), kind)) at -= 1;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + longest + 1;
    while (end < text.length && isOf(text.charCodeAt(end), kind)) end += 1;
    longest = end - start;
    start = end + 1;
  }
  return longest;
}

function isOf(unit: number, kind: number): boolean {
  return unit > 127 || ((KINDS_OF_ASCII[unit] ?? 0) & kind) !== 0;
}
