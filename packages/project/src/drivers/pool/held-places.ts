import type { Admission } from "@agentos/core";

/** The places of an admission that a pool holds: one for each thread at work, asked for when there is work, given up with it. */
export class HeldPlaces {
  readonly #admission: Admission | undefined;
  readonly #onAdmitted: () => void;
  readonly #held: (() => void)[] = [];
  #asked = 0;
  readonly #closing = new AbortController();

  /** @param onAdmitted called when there is one more */
  constructor(admission: Admission | undefined, onAdmitted: () => void) {
    this.#admission = admission;
    this.#onAdmitted = onAdmitted;
  }

  /** How many threads may be at work. */
  get count(): number {
    return this.#admission === undefined ? Number.POSITIVE_INFINITY : this.#held.length;
  }

  /** Holds so many, as soon as they can be had. */
  want(count: number): void {
    while (this.#admission !== undefined && this.#held.length + this.#asked < count) {
      this.#asked += 1;
      void this.#ask(this.#admission);
    }
  }

  /** Gives up those that are too many. */
  keep(count: number): void {
    while (this.#held.length > count) this.#held.pop()?.();
  }

  close(): void {
    this.#closing.abort();
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
    this.#onAdmitted();
  }
}
