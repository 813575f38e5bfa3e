import { type Admission, isAgentOSError } from "@agentos/core";

/** Lets a bounded number in at one time; the others wait in the order in which they came. */
export class Turnstile {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  readonly #admission: Admission | undefined;

  /** @param admission whoever is let in here has to be let in there, too */
  constructor(places: number, admission?: Admission) {
    this.#free = places;
    this.#admission = admission;
  }

  /**
   * Waits for a place and hands back the function that gives it up again, which is to be called once. An aborted signal
   * ends the wait at once: then nothing is held, and the function does nothing.
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    const leave = await this.#enterHere(signal);
    if (this.#admission === undefined || signal?.aborted) return leave;
    try {
      const leaveThere = await this.#admission.enter(signal && { signal });
      return () => {
        leaveThere();
        leave();
      };
    } catch (error) {
      leave();
      if (isAgentOSError(error, "ABORTED")) return () => {};
      throw error;
    }
  }

  async #enterHere(signal: AbortSignal | undefined): Promise<() => void> {
    if (signal?.aborted) return () => {};
    if (this.#free > 0) {
      this.#free--;
      return () => this.#leave();
    }
    const entered = await new Promise<boolean>((resolve) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(onTurn), 1);
        resolve(false);
      };
      const onTurn = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve(true);
      };
      this.#waiting.push(onTurn);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
    return entered ? () => this.#leave() : () => {};
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
