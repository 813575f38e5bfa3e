/** Words too common in requests and in code to tell anything. */
const STOP_TERMS: ReadonlySet<string> = new Set(
  `a an and are as at be by can do does for from get has have how i if in into is it its me my new not of on or our
  please set should so some that the their them then there these this those to use used using was we what when where
  which who why will with you your add code def file fix function class method make write implement return returns
  value`
    .split(/\s+/)
    .map(stem),
);

/** The words of an identifier: `parseHTTPResponse2` is parse, HTTP, Response and 2. Keeps their case. */
export function humps(identifier: string): string[] {
  return identifier.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\d+/gu) ?? [];
}

/** Terms of a text or identifier: its words split at case, digits and punctuation, lowered, without endings. */
export function terms(text: string): string[] {
  return humps(text.slice(0, 100_000)).map((word) => stem(word.toLowerCase()));
}

/** Terms of a request in words, without the words that every request has, each once. */
export function queryTerms(text: string): string[] {
  const words = humps(text.slice(0, 100_000)).filter((word) => word.length > 1);
  return [...new Set(words.map((word) => stem(word.toLowerCase())))].filter((term) => !STOP_TERMS.has(term));
}

/** Takes off the endings of English that number and tense put on. Crude, and the same on both sides. */
function stem(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith("ing")) return undouble(word.slice(0, -3));
  if (word.length > 4 && word.endsWith("ed")) return undouble(word.slice(0, -2));
  if (word.length > 4 && /(?:ss|x|ch|sh)es$/.test(word)) return undouble(word.slice(0, -2));
  const plural = word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word);
  return undouble(plural ? word.slice(0, -1) : word);
}

/** `parsed` gives `pars`, `parse` must, too; `stopped` and `stop` meet. */
function undouble(word: string): string {
  if (word.length > 3 && word.endsWith("e")) return word.slice(0, -1);
  return word.length > 3 && /([b-df-hj-np-tv-z])\1$/.test(word) ? word.slice(0, -1) : word;
}
