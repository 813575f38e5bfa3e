import { stem } from "../stem.js";
import { plain } from "../terms.js";
import { SAME_WORDS } from "./developer-words.js";
import { GERMAN_WORDS } from "./german-words.js";

/** How many words a phrase of the thesaurus has at most. */
export const LONGEST_PHRASE = 4;
/** The shortest part of a compound. */
const PART = 4;
const GERMAN_ENDINGS = ["", "s", "n", "en", "e", "er", "es", "em", "t", "te"];
/** Between the parts of a compound: Auftrags-bestätigung. */
const JOINTS = ["", "s", "n", "en", "es"];

const english = lazily(() => tableOf(SAME_WORDS, stem));
const german = lazily(() => tableOf(GERMAN_WORDS, (word) => word));

/** Terms that may stand for a word, or for a phrase of words with a blank between them, in what developers write. */
export function otherTerms(words: string): readonly string[] {
  return english().get(words.includes(" ") ? words : stem(words)) ?? [];
}

/** Terms that may stand for a German word, whose endings and compounds are seen through. */
export function germanTerms(word: string): readonly string[] {
  const whole = germanEntry(word);
  if (whole !== undefined) return whole;
  for (let at = word.length - PART; at >= PART; at--) {
    const head = word.slice(0, at);
    const tail = germanEntry(word.slice(at));
    if (tail === undefined) continue;
    const first = JOINTS.map((joint) =>
      head.endsWith(joint) ? head.slice(0, head.length - joint.length) : "",
    )
      .map((part) => german().get(part))
      .find((entry) => entry !== undefined);
    return first === undefined ? tail : [...new Set([...first, ...tail])];
  }
  return [];
}

function germanEntry(word: string): readonly string[] | undefined {
  for (const ending of GERMAN_ENDINGS) {
    if (!word.endsWith(ending) || word.length - ending.length < 3) continue;
    const entry = german().get(word.slice(0, word.length - ending.length));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** Lines of a word, or a phrase with `_`, and the words that may stand for it. */
function tableOf(lines: string, keyOf: (word: string) => string): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const line of lines.trim().split("\n")) {
    const [head = "", ...others] = plain(line).toLowerCase().split(" ");
    const key = head.includes("_") ? head.replaceAll("_", " ") : keyOf(head);
    const terms = [...(table.get(key) ?? []), ...others.map(stem)].filter((term) => term !== key);
    table.set(key, [...new Set(terms)]);
  }
  return table;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
