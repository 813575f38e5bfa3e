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

  get size(): number {
    return this.#waiting.interactive.size + this.#waiting.bulk.size;
  }

  put(task: ParseTask): void {
    this.#waiting[task.priority].add(task);
  }

  /** Takes the next task; undefined when none waits. */
  take(): ParseTask | undefined {
    const { interactive, bulk } = this.#waiting;
    const isBulk = interactive.size === 0 || (bulk.size > 0 && this.#inARow >= INTERACTIVE_IN_A_ROW);
    this.#inARow = isBulk ? 0 : this.#inARow + 1;
    const from = isBulk ? bulk : interactive;
    const [task] = from;
    if (task !== undefined) from.delete(task);
    return task;
  }

  /** Whether the task was waiting. */
  remove(task: ParseTask): boolean {
    return this.#waiting[task.priority].delete(task);
  }

  /** Takes all. */
  clear(): ParseTask[] {
    const all = [...this.#waiting.interactive, ...this.#waiting.bulk];
    this.#waiting.interactive.clear();
    this.#waiting.bulk.clear();
    return all;
  }
}
