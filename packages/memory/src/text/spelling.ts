/** Words that are shorter are not corrected, and those of this length only where letters changed places: `test` is not `jest`. */
const SHORTEST = 4;
/** From this length on, two slips are forgiven. */
const LONG = 8;
const PLAIN = /^[a-z]+$/;

/** The words of a vocabulary, to be looked through for those spelt like another. */
export class Spelling {
  readonly #words: string[] = [];
  /** Of each word, which letters it has, a bit each: words that differ in too many cannot be near. */
  readonly #letters: number[] = [];
  #read = 0;

  /** Takes up what came to a vocabulary since the last time; `words` gives all of it, in the same order. */
  update(words: Iterable<string>, count: number): void {
    if (count === this.#read) return;
    let at = 0;
    for (const word of words) {
      if (at++ < this.#read || word.length < SHORTEST - 1 || !PLAIN.test(word)) continue;
      this.#words.push(word);
      this.#letters.push(lettersOf(word));
    }
    this.#read = count;
  }

  /**
   * Words that are one slip away, or two for a long word, nearest first, with the number of slips. The first letter is right,
   * unless it changed places.
   */
  near(word: string): readonly { readonly word: string; readonly slips: number }[] {
    if (word.length < SHORTEST || !PLAIN.test(word)) return [];
    const most = word.length >= LONG ? 2 : 1;
    const letters = lettersOf(word);
    const found: { word: string; slips: number }[] = [];
    for (let at = 0; at < this.#words.length; at++) {
      if (bitsOf((this.#letters[at] as number) ^ letters) > 2 * most) continue;
      const other = this.#words[at] as string;
      if (Math.abs(other.length - word.length) > most) continue;
      if (letters !== this.#letters[at] || word.length !== other.length)
        if (word.length === SHORTEST || word[0] !== other[0]) continue;
      const slips = slipsBetween(word, other, most);
      if (slips > 0 && slips <= most) found.push({ word: other, slips });
    }
    return found.sort((a, b) => a.slips - b.slips || (a.word < b.word ? -1 : 1));
  }
}

/**
 * How many letters must be put in, left out, put for another or changed with the next one to make one word of the other: optimal
 * string alignment (F. Damerau, "A Technique for Computer Detection and Correction of Spelling Errors", 1964). Gives `most` + 1
 * for more than that.
 */
export function slipsBetween(a: string, b: string, most: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      next.push(slips);
      least = Math.min(least, slips);
    }
    if (least > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(row[b.length] ?? 0, most + 1);
}

function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at++) letters |= 1 << (word.charCodeAt(at) - 97);
  return letters;
}

function bitsOf(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
