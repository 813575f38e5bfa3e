import type { ParsePriority } from "../../source-parser.js";
import type { ParserQuestion } from "./protocol.js";

/** A question that somebody waits for. */
export interface ParseTask {
  readonly question: ParserQuestion;
  readonly priority: ParsePriority;
  /** Aborted: nobody waits any more. */
  readonly signal: AbortSignal | undefined;
  /** What is told after the first time, or after the one who asked has gone, is dropped. */
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Whether the calling thread must not take it. It does not change while the task waits. */
  threadsOnly: boolean;
}

/** So many interactive tasks may go before a bulk task that waits. */
const INTERACTIVE_IN_A_ROW = 8;

/** Tasks that wait: interactive ones first, but bulk tasks are never held up for good; first come, first served among equals. */
export class TaskQueue {
  readonly #waiting: Readonly<Record<ParsePriority, Set<ParseTask>>> = {
    interactive: new Set(),
    bulk: new Set(),
  };
  #inARow = 0;
  #threadsOnly = 0;

  /** How many wait that the calling thread must not take. */
  get threadsOnly(): number {
    return this.#threadsOnly;
  }

  get size(): number {
    return this.#waiting.interactive.size + this.#waiting.bulk.size;
  }

  put(task: ParseTask): void {
    this.#waiting[task.priority].add(task);
    if (task.threadsOnly) this.#threadsOnly += 1;
  }

  /** Takes the next task that the calling thread may do; undefined when none waits. @param only takes none of another priority */
  takeForThisThread(only?: ParsePriority): ParseTask | undefined {
    if (this.#threadsOnly === 0 && only === undefined) return this.take();
    if (this.#threadsOnly === this.size) return undefined;
    const { interactive, bulk } = this.#waiting;
    for (const from of only === undefined ? [interactive, bulk] : [this.#waiting[only]]) {
      for (const task of from) {
        if (task.threadsOnly) continue;
        from.delete(task);
        return task;
      }
    }
    return undefined;
  }

  /** Takes the next task; undefined when none waits. */
  take(): ParseTask | undefined {
    const { interactive, bulk } = this.#waiting;
    const isBulk = interactive.size === 0 || (bulk.size > 0 && this.#inARow >= INTERACTIVE_IN_A_ROW);
    this.#inARow = isBulk ? 0 : this.#inARow + 1;
    const from = isBulk ? bulk : interactive;
    const [task] = from;
    if (task !== undefined) this.remove(task);
    return task;
  }

  /** Whether the task was waiting. */
  remove(task: ParseTask): boolean {
    const waited = this.#waiting[task.priority].delete(task);
    if (waited && task.threadsOnly) this.#threadsOnly -= 1;
    return waited;
  }

  /** Takes all that the calling thread must not take. */
  clearThreadsOnly(): ParseTask[] {
    if (this.#threadsOnly === 0) return [];
    const { interactive, bulk } = this.#waiting;
    const found = [...interactive, ...bulk].filter((task) => task.threadsOnly);
    for (const task of found) this.remove(task);
    return found;
  }

  /** Takes all. */
  clear(): ParseTask[] {
    const all = [...this.#waiting.interactive, ...this.#waiting.bulk];
    this.#waiting.interactive.clear();
    this.#waiting.bulk.clear();
    this.#threadsOnly = 0;
    return all;
  }
}
