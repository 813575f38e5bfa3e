import { stem } from "./stem.js";
import { STOP_WORDS } from "./stop-words.js";

/** Scripts that put no space between words. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+$/u;

/** Combining accents; marks of other scripts are letters in their own right. */
const LATIN_ACCENTS = /[\u0300-\u036f]+/g;

/**
 * The terms of a text, in order, with repetitions. Identifiers count as a whole and in their parts (`readTask` is
 * `readtask`, `read`, `task`; so with `snake_case` and paths), words are stemmed, stop words are left out, accents and
 * case are dropped, and scripts without spaces are cut into pairs of characters.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const chunk of words(text)) {
    const parts = splitIdentifier(chunk);
    for (const part of parts) addPart(terms, part);
    if (parts.length > 1) terms.push(chunk.replace(/^[_$]+|[_$]+$/g, "").toLowerCase());
  }
  return terms;
}

/** Runs of letters, digits and the signs of identifiers, without accents. */
export function words(text: string): readonly string[] {
  return plain(text).match(/[\p{L}\p{M}\p{N}_$]+/gu) ?? [];
}

/** A text without accents. */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(LATIN_ACCENTS, "").normalize("NFC");
}

function splitIdentifier(chunk: string): readonly string[] {
  return chunk
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[\s_$]+/)
    .filter((part) => part !== "");
}

function addPart(terms: string[], part: string): void {
  const lower = part.toLowerCase();
  if (STOP_WORDS.has(lower)) return;
  const characters = [...lower];
  if (characters.length > 2 && UNSPACED.test(lower)) {
    for (let i = 1; i < characters.length; i++) terms.push(`${characters[i - 1]}${characters[i]}`);
  } else {
    terms.push(stem(lower));
  }
}
