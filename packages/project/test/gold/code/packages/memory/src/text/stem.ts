/** No word is longer, and what is would take long: the time of the patterns grows with the square of the length. */
const LONGEST = 40;

/**
 * Brings the forms of an English word together: plural (after Harman's S-stemmer, "How effective is suffixing?", 1991),
 * then -ing and -ed, then the final e and y that those forms lose. What comes out is a key, not a word.
 */
export function stem(word: string): string {
  if (word.length < 4 || word.length > LONGEST || !/^[a-z]+$/.test(word)) return word;
  let base = singular(word);
  const inflected = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(base)?.[1];
  if (inflected !== undefined && inflected.length >= 3) {
    base = /([^aeioulsz])\1$/.test(inflected) ? inflected.slice(0, -1) : inflected;
  }
  if (base.length > 3 && base.endsWith("e")) base = base.slice(0, -1);
  return base.length > 3 ? base.replace(/(?<![aeiou])y$/, "i") : base;
}

function singular(word: string): string {
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}
