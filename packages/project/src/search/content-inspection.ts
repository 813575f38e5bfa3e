import { projectError } from "../errors.js";
import type { TextKind } from "./content-expression.js";
import type { Content } from "./content-files.js";
import type { ContentGuard } from "./content-guard.js";
import type { ContentMatcher, FindInText } from "./content-matcher.js";
import { inEitherLines } from "./lines-beyond-ascii.js";

/** A file whose trigrams allow a match. */
export interface Candidate extends Content {
  readonly path: string;
}

/** Finds at most so many results in a file. */
export type Look<Found> = (candidate: Candidate, find: FindInText, most: number) => readonly Found[];

/** Milliseconds that the fast way may take for a text, besides those that go with its length. */
const FAST_MS = 25;
const FAST_UNITS_PER_MS = 20_000;
/** Milliseconds that an expression may take for one file where it cannot be followed steadily. */
const TIMEOUT_MS = 1_000;
/** And where it can: then it ends by itself, and only a very large file or expression takes that long. */
const STEADY_TIMEOUT_MS = 5_000;
/** In lines of this length, an expression that was slow once will be slow again. */
const LONG_LINE = 2_000;

const ASCII: TextKind = { ascii: true, lossy: false };
const findNothing: FindInText = () => undefined;

/** Looks at one file after another, fast where that ends soon, steadily where it does not. */
export class Inspection<Found> {
  readonly found: Found[] = [];
  readonly #matcher: ContentMatcher;
  readonly #guard: ContentGuard;
  readonly #look: Look<Found>;
  readonly #limit: number;
  /** Whether the fast way took too long for a file. */
  #wasSlow = false;

  constructor(matcher: ContentMatcher, guard: ContentGuard, look: Look<Found>, limit: number) {
    this.#matcher = matcher;
    this.#guard = guard;
    this.#look = look;
    this.#limit = limit;
  }

  get isEnough(): boolean {
    return this.found.length >= this.#limit;
  }

  /**
   * Looks at files from one on until there is enough, or time is over. The number of the next one.
   * Throws `PROJECT_PATTERN_INVALID` when the expression takes too long for one.
   */
  inspect(candidates: readonly Candidate[], first: number, isOver: () => boolean): number {
    const longest = candidates.reduce((length, { text }) => Math.max(length, text.length), 0);
    // What is stopped may be stopped anywhere: results are taken afterwards, whole files only.
    const looked: (readonly Found[])[] = [];
    const work = (): void => {
      let most = this.#limit - this.found.length;
      while (most > 0 && !(looked.length > 0 && isOver())) {
        const candidate = candidates[first + looked.length];
        if (candidate === undefined || this.#isSlowIn(candidate)) return;
        const found = this.#look(candidate, this.#find(candidate), most);
        most -= found.length;
        looked.push(found);
      }
    };
    const ended = this.#guard(work, FAST_MS + longest / FAST_UNITS_PER_MS);
    for (const found of looked) this.#take(found);
    const next = first + looked.length;
    const candidate = candidates[next];
    if (candidate === undefined || this.isEnough || (ended && !this.#isSlowIn(candidate))) return next;
    this.#wasSlow ||= !ended;
    this.#inspectSteadily(candidate);
    return next + 1;
  }

  #inspectSteadily(candidate: Candidate): void {
    const steady = this.#findSteadily(candidate);
    const find = steady ?? this.#find(candidate);
    const timeoutMs = steady === undefined ? TIMEOUT_MS : STEADY_TIMEOUT_MS;
    let found: readonly Found[] = [];
    const ended = this.#guard(() => {
      found = this.#look(candidate, find, this.#limit - this.found.length);
    }, timeoutMs);
    if (!ended) {
      throw projectError(
        "PROJECT_PATTERN_INVALID",
        `The regular expression took longer than ${timeoutMs} ms on one file. Make it simpler: nested repetition is the usual reason.`,
        { details: { path: candidate.path } },
      );
    }
    this.#take(found);
  }

  #find({ kind }: Candidate): FindInText {
    const { find, beyondAscii } = this.#matcher;
    const beyond = find(kind);
    const ascii = beyondAscii ? findNothing : find(ASCII);
    const isEither = kind.beyondAscii !== undefined && ascii !== beyond;
    return isEither ? inEitherLines(kind.beyondAscii, ascii, beyond) : beyond;
  }

  #findSteadily({ kind }: Candidate): FindInText | undefined {
    const { findSteadily, beyondAscii } = this.#matcher;
    const steady = findSteadily(kind);
    if (kind.beyondAscii === undefined || steady === undefined) return steady;
    const ascii = beyondAscii ? findNothing : findSteadily(ASCII);
    return ascii && inEitherLines(kind.beyondAscii, ascii, steady);
  }

  #isSlowIn({ kind }: Candidate): boolean {
    return this.#wasSlow && kind.longestLine >= LONG_LINE;
  }

  #take(found: readonly Found[]): void {
    for (const one of found) this.found.push(one);
  }
}
