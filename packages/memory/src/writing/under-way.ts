import { untilAborted } from "../wait.js";
import { judge } from "./judge.js";
import { NearDuplicates } from "./near-duplicates.js";

/** So many of the most alike that are under way are judged. */
const JUDGED = 4;

interface Said {
  readonly group: string;
  readonly content: string;
  readonly written: Promise<void>;
}

/**
 * What is being remembered and lies in no index yet: who says the same in other words at the same moment waits for it, and then
 * finds it there. Each waits for earlier ones alone, so that none wait in a circle; what only looks alike waits for nobody.
 */
export class UnderWay {
  readonly #near = new NearDuplicates();
  readonly #said = new Map<number, Said>();
  #next = 0;

  /**
   * Enters what is said, and waits for what says the same. Gives what says that it is written, or failed. Throws `ABORTED`.
   * @param group what can be the same at all: one scope and kind
   */
  async enter(group: string, content: string, signal?: AbortSignal): Promise<() => void> {
    const earlier = this.#said.size === 0 ? [] : this.#same(group, content);
    const number = this.#next;
    this.#next = (this.#next + 1) % 2 ** 31;
    let end = (): void => {};
    const written = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#said.set(number, { group, content, written });
    this.#near.add(number, content);
    const leave = (): void => {
      this.#said.delete(number);
      this.#near.delete(number);
      end();
    };
    try {
      await untilAborted(() => Promise.all(earlier), signal);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  #same(group: string, content: string): readonly Promise<void>[] {
    return this.#near
      .nominate(content, { limit: Infinity })
      .flatMap(({ slot }) => this.#said.get(slot) ?? [])
      .filter((said) => said.group === group)
      .slice(0, JUDGED)
      .filter((said) => judge(said.content, content).verdict === "merge")
      .map(({ written }) => written);
  }
}
