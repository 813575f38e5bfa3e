import { createHash } from "node:crypto";
import { type Candidate, changedPaths, LANGUAGES, type Language, SOURCE_EXTENSION } from "@agentos/core";
import { boundNames } from "./bound-names.js";
import { hashText } from "./hash.js";
import { ownPlaces } from "./own-places.js";
import { addShingles } from "./shingles.js";
import { tokenize } from "./tokens.js";

/** What the outcome memory keeps of a candidate's code. */
export interface Sketch {
  /** Equal for texts that differ in comments and meaningless white space only. */
  readonly exact: string;
  /** Equal for texts that differ in the names of their own locals, too. */
  readonly renamed: string;
  /** Makes the token shingles of both views: with names as written, and with own names blanked. */
  elements(): Uint32Array;
}

/** What {@link sketchCandidate} needs of a task. */
export interface SketchTask {
  readonly language: Language;
  /** Names that it mentions are the interface and never count as the candidate's own. */
  readonly prompt: string;
}

/** Tokens beyond this many add nothing to the shingles; they still count for the fingerprints. */
const SHINGLED_TOKENS = 20_000;
const SHINGLE_SIZE = 3;
const OWN = hashText("own");

/** Fingerprints and shingles of a candidate. */
export function sketchCandidate(task: SketchTask, candidate: Candidate): Sketch {
  const exact: string[] = [];
  const renamed: string[] = [];
  const written: number[] = [];
  const blanked: number[] = [];
  const files =
    candidate.patch === undefined
      ? candidate.files
      : { [changedPaths(candidate).join(" ")]: candidate.patch };
  for (const path of Object.keys(files).sort()) {
    const content = files[path];
    const header = `\0${path}\0${content === null ? "deleted" : "kept"}`;
    exact.push(header);
    renamed.push(header);
    if (typeof content !== "string") continue;
    const language = languageOf(path) ?? task.language;
    const tokens = tokenize(language, content);
    const isOwn = ownPlaces(language, tokens, boundNames(language, tokens, task.prompt));
    const numbers = new Map<string, number>();
    tokens.forEach(({ kind, text }, at) => {
      const spelled = `${kind} ${text}`;
      const hash = hashText(spelled);
      exact.push(spelled);
      if (isOwn[at]) {
        const number = numbers.get(text) ?? numbers.size;
        numbers.set(text, number);
        renamed.push(`own ${number}`);
      } else renamed.push(spelled);
      written.push(hash);
      blanked.push(isOwn[at] ? OWN : hash);
    });
  }
  return {
    exact: digest(exact),
    renamed: digest(renamed),
    elements() {
      const elements = new Set<number>();
      addShingles(elements, written.slice(0, SHINGLED_TOKENS), SHINGLE_SIZE, 1);
      addShingles(elements, blanked.slice(0, SHINGLED_TOKENS), SHINGLE_SIZE, 2);
      return Uint32Array.from(elements);
    },
  };
}

function languageOf(path: string): Language | undefined {
  return LANGUAGES.find((language) => path.endsWith(SOURCE_EXTENSION[language]));
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 32);
}
