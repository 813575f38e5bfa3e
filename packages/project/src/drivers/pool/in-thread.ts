import { setImmediate as nextTurn } from "node:timers/promises";
import { isAgentOSError } from "@agentos/core";
import { TreeSitterParser } from "../../tree-sitter-parser.js";
import { answerQuestion } from "./answer-question.js";
import type { ParserQuestion, ParserSettings } from "./protocol.js";
import type { ParseTask } from "./task-queue.js";

/** UTF-16 units of the longest text that is parsed here: to parse one takes a few hundred milliseconds at most. */
const MOST_LENGTH = 131_072;
/** Milliseconds after which a parse is given up here: a text that takes longer is not one to hold the caller for. */
const PARSE_MS = 500;

/**
 * Answers questions in the calling thread, one at a time, and lets others have their turn in between. Nothing can end a parse here that
 * hangs, so it takes neither long texts nor, after half a second of parsing, slow ones.
 */
export class InThread {
  readonly #settings: ParserSettings;
  #parser: Promise<TreeSitterParser> | undefined;
  #isBusy = false;
  /** Milliseconds spent since {@link InThread.rest}. */
  spentMs = 0;

  constructor(settings: ParserSettings) {
    const { parseTimeoutMs = PARSE_MS } = settings;
    this.#settings = { ...settings, parseTimeoutMs: Math.min(PARSE_MS, parseTimeoutMs) };
  }

  /** Whether a text is short enough. */
  static takes({ text }: ParserQuestion): boolean {
    return text.length <= MOST_LENGTH;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Resolves when another task may be given: to false where the task was given up and has no answer. */
  async answer({ question, resolve, reject }: ParseTask): Promise<boolean> {
    this.#isBusy = true;
    let answered = true;
    const started = performance.now();
    try {
      this.#parser ??= TreeSitterParser.open(this.#settings);
      resolve(await answerQuestion(await this.#parser, question));
    } catch (error) {
      if (isAgentOSError(error, "PROJECT_PARSE_FAILED")) answered = false;
      else reject(error);
    }
    this.spentMs += performance.now() - started;
    await nextTurn();
    this.#isBusy = false;
    return answered;
  }

  /** Nothing waits any more. */
  rest(): void {
    this.spentMs = 0;
  }

  async close(): Promise<void> {
    await (await this.#parser)?.close();
  }
}
