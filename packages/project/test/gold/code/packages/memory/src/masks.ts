import type { Column } from "./columns.js";

/** What is asked for: which facets pass, when a memory was recorded, and at which moments it is to be true and known. */
export interface MaskQuestion {
  /** A byte for each facet: 1 where it passes. */
  readonly facets: Uint8Array;
  readonly recordedFrom: number;
  readonly recordedTo: number;
  /** Until when memories must not have expired, and when they must be true, in milliseconds since 1970. */
  readonly now: number;
  readonly at: number;
  readonly known: number;
}

/** The answer to a question, and until when it is the same. */
interface Kept {
  readonly question: MaskQuestion;
  readonly mask: Uint8Array;
  /** The next moments at which something expires, and at which something begins or ceases to be true. */
  readonly nextNow: number;
  readonly nextAt: number;
}

/**
 * Which slots may be seen. The last answer is kept: who recalls asks the same again, and looking at each of 100,000 memories takes
 * as long as comparing their vectors.
 */
export class Masks {
  #kept: Kept | undefined;

  /** Something has changed. */
  forget(): void {
    this.#kept = undefined;
  }

  /** A byte for each slot: 1 where it has a key and passes. Nobody writes to it. */
  of(
    question: MaskQuestion,
    keys: readonly string[],
    columns: Readonly<Record<Column, Float64Array>>,
  ): Uint8Array {
    const kept = this.#kept;
    if (kept !== undefined && kept.mask.length === keys.length && holds(kept, question)) return kept.mask;
    const { facets, recordedFrom, recordedTo, now, at, known } = question;
    const { facet, validFrom, validTo, expiresAt, recordedAt, from, to } = columns;
    const mask = new Uint8Array(keys.length);
    let [nextNow, nextAt] = [Infinity, Infinity];
    for (let slot = 0; slot < mask.length; slot++) {
      const [begins, ends] = [validFrom[slot] as number, validTo[slot] as number];
      const expires = expiresAt[slot] as number;
      if (expires > now && expires < nextNow) nextNow = expires;
      if (begins > at && begins < nextAt) nextAt = begins;
      if (ends > at && ends < nextAt) nextAt = ends;
      const passes =
        facets[facet[slot] as number] === 1 &&
        begins <= at &&
        at < ends &&
        now < expires &&
        (from[slot] as number) <= known &&
        known < (to[slot] as number) &&
        (recordedAt[slot] as number) >= recordedFrom &&
        (recordedAt[slot] as number) < recordedTo;
      if (passes && keys[slot] !== "") mask[slot] = 1;
    }
    this.#kept = { question, mask, nextNow, nextAt };
    return mask;
  }
}

/** Whether what is kept answers a question: time may have gone on, but past nothing. */
function holds({ question, nextNow, nextAt }: Kept, asked: MaskQuestion): boolean {
  return (
    asked.now >= question.now &&
    asked.now < nextNow &&
    asked.at >= question.at &&
    asked.at < nextAt &&
    asked.known === question.known &&
    asked.recordedFrom === question.recordedFrom &&
    asked.recordedTo === question.recordedTo &&
    Buffer.compare(asked.facets, question.facets) === 0
  );
}
