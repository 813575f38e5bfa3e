import type { Store } from "./store.js";

/**
 * Which keys of a collection were written, by whichever process: what was derived from them is to be read again. For
 * what each process derives for itself; all of the collection counts as written at first.
 */
export class ChangedKeys {
  readonly #keys = new Map<string, number>();
  readonly #stop: () => void;
  #all = true;
  #reading: Promise<unknown> = Promise.resolve();

  /** Listens to the store until it is closed. */
  constructor(store: Store, collection: string) {
    this.#stop = store.onChange(({ sequence, changed }) => {
      if (changed === "unknown") this.giveBack("all");
      else if (!this.#all)
        for (const change of changed)
          if (change.collection === collection) this.#keys.set(change.key, sequence);
    });
  }

  /** The keys that were written since the last call; `"all"` when any of them may have been. */
  take(): ReadonlySet<string> | "all" {
    const taken = this.#all ? "all" : new Set(this.#keys.keys());
    this.#all = false;
    this.#keys.clear();
    return taken;
  }

  /**
   * Reads again what was written since the last call: `work` gets what `take` gives. One after another; where it fails, all counts as
   * written again.
   */
  read<Result>(work: (changed: ReadonlySet<string> | "all") => Promise<Result>): Promise<Result> {
    const reading = this.#reading
      .catch(() => {})
      .then(async () => {
        const changed = this.take();
        try {
          return await work(changed);
        } catch (error) {
          this.giveBack(changed);
          throw error;
        }
      });
    this.#reading = reading;
    return reading;
  }

  /** Takes back what was taken, where reading it again failed. */
  giveBack(taken: ReadonlySet<string> | "all"): void {
    if (taken === "all") {
      this.#all = true;
      this.#keys.clear();
    } else if (!this.#all) for (const key of taken) this.#keys.set(key, this.#keys.get(key) ?? 0);
  }

  /**
   * After a write of one's own: whether the key was written by that batch last, and was not taken since. Then what one wrote
   * holds, and the key need not be read again.
   */
  claim(key: string, sequence: number): boolean {
    return this.#keys.get(key) === sequence && this.#keys.delete(key);
  }

  /** Listens no more. */
  close(): void {
    this.#stop();
  }
}
