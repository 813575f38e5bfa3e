import { setImmediate as nextTurn } from "node:timers/promises";
import { TreeSitterParser } from "../../tree-sitter-parser.js";
import { answerQuestion } from "./answer-question.js";
import type { ParserSettings } from "./protocol.js";
import type { ParseTask } from "./task-queue.js";

/** Answers questions in the calling thread, one at a time, and lets others have their turn in between. */
export class InThread {
  readonly #settings: ParserSettings;
  #parser: Promise<TreeSitterParser> | undefined;
  #isBusy = false;
  /** Milliseconds spent since {@link InThread.rest}. */
  spentMs = 0;

  constructor(settings: ParserSettings) {
    this.#settings = settings;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Resolves when another task may be given. */
  async answer({ question, resolve, reject }: ParseTask): Promise<void> {
    this.#isBusy = true;
    const started = performance.now();
    try {
      this.#parser ??= TreeSitterParser.open(this.#settings);
      resolve(await answerQuestion(await this.#parser, question));
    } catch (error) {
      reject(error);
    }
    this.spentMs += performance.now() - started;
    await nextTurn();
    this.#isBusy = false;
  }

  /** Nothing waits any more. */
  rest(): void {
    this.spentMs = 0;
  }

  async close(): Promise<void> {
    await (await this.#parser)?.close();
  }
}
