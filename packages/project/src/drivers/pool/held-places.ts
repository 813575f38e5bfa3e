import type { Admission } from "@agentos/core";

/** Milliseconds after which it is asked whether somebody else waits for a place. */
const SHIFT_MS = 200;
/** Milliseconds that no place was to be had after which there is none in sight: otherwise threads are not kept waiting. */
const LATE_MS = 50;

/**
 * The places of an admission that a pool holds: one for each thread at work, asked for when there is work, given up with it. Where others
 * wait one is given up in the midst of work, too, and asked for again: an index of a large project lets in who has little to do.
 */
export class HeldPlaces {
  readonly #admission: Admission | undefined;
  readonly #onChange: () => void;
  readonly #held: (() => void)[] = [];
  #asked = 0;
  /** Whether one is to be given up as soon as a thread is done with what it has. */
  #isWanted = false;
  #shift: NodeJS.Timeout | undefined;
  #late: NodeJS.Timeout | undefined;
  #isLate = false;
  readonly #closing = new AbortController();

  /** @param onChange called when there is one more, one is to be given up, or none is in sight */
  constructor(admission: Admission | undefined, onChange: () => void) {
    this.#admission = admission;
    this.#onChange = onChange;
  }

  /** How many threads may be at work. */
  get count(): number {
    if (this.#admission === undefined) return Number.POSITIVE_INFINITY;
    return this.#held.length - (this.#isWanted ? 1 : 0);
  }

  /** Whether others have had all places for a while. */
  get areOutOfSight(): boolean {
    return this.#isLate && this.#held.length === 0;
  }

  /** Holds so many, as soon as they can be had. */
  want(count: number): void {
    while (this.#admission !== undefined && this.#held.length + this.#asked < count) {
      this.#asked += 1;
      void this.#ask(this.#admission);
    }
    if (this.#held.length > 0 || this.#asked === 0 || this.#late !== undefined) return;
    this.#late = setTimeout(() => {
      this.#isLate = true;
      this.#onChange();
    }, LATE_MS).unref();
  }

  /** Gives up the one that another waits for, once no thread needs it. @param atWork how many threads are at work */
  pass(atWork: number): void {
    if (!this.#isWanted || atWork >= this.#held.length) return;
    this.#isWanted = false;
    this.#held.pop()?.();
  }

  /** Gives up those that are too many. */
  keep(count: number): void {
    while (this.#held.length > count) this.#held.pop()?.();
    if (this.#held.length > 0) return;
    this.#isWanted = false;
    clearTimeout(this.#shift);
    this.#shift = undefined;
  }

  close(): void {
    this.#closing.abort();
    this.#inSight();
    this.keep(0);
  }

  async #ask(admission: Admission): Promise<void> {
    let leave: () => void;
    try {
      leave = await admission.enter({ signal: this.#closing.signal });
    } catch {
      // Work goes on without those who would bound it.
      leave = () => {};
    }
    this.#asked -= 1;
    if (this.#closing.signal.aborted) {
      leave();
      return;
    }
    this.#held.push(leave);
    this.#inSight();
    this.#watch(admission);
    this.#onChange();
  }

  #inSight(): void {
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#isLate = false;
  }

  #watch(admission: Admission): void {
    if (admission.wanted === undefined || this.#shift !== undefined) return;
    this.#shift = setTimeout(async () => {
      const isWanted = await admission.wanted?.().catch(() => false);
      this.#shift = undefined;
      if (this.#closing.signal.aborted || this.#held.length === 0) return;
      this.#watch(admission);
      if (isWanted !== true) return;
      this.#isWanted = true;
      this.#onChange();
    }, SHIFT_MS).unref();
  }
}
