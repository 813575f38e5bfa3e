import {
  abortedError,
  type Language,
  Lifecycle,
  type SyntaxFacts,
  type SyntaxParser,
  silentLogger,
  throwIfAborted,
  validate,
} from "@agentos/core";
import { AbortSignals } from "./drivers/pool/abort-signals.js";
import { defaultWorkers, type ParserPoolOptions, poolOptionsSchema } from "./drivers/pool/pool-options.js";
import { parserProgram } from "./drivers/pool/program.js";
import type { ParserQuestion } from "./drivers/pool/protocol.js";
import type { ParseTask } from "./drivers/pool/task-queue.js";
import { WorkerPool } from "./drivers/pool/worker-pool.js";
import type { FunctionMetrics } from "./metrics/function-metrics.js";
import { OUTLINE_VERSION } from "./outline/outline.js";
import type { NameFacts } from "./resolution/name-facts.js";
import type { Dialect, ParseOptions, SourceOutline, SourceParser } from "./source-parser.js";
import { checkText, MAX_TEXT_LENGTH, PARSED_LANGUAGES } from "./tree-sitter-parser.js";

/** Forms of a language that are tried for the facts of one text. */
const MOST_FORMS = 2;
/** UTF-16 units after which a worker is replaced. */
const LENGTH_PER_WORKER = 268_435_456;
/** What a worker takes up with no text, in megabytes, and bytes for each node of a tree with all that is made of it. */
const BASE_MB = 256;
const BYTES_PER_NODE = 300;
/** Texts on their way for each worker: those that it has been given, and one to follow. */
const TEXTS_PER_WORKER = 3;

/**
 * Parses in threads, each with a TreeSitterParser of its own: what that satisfies this does, too. Texts wait in a queue, those of
 * somebody who asked before those of an index. A text that ends or hangs its thread costs nothing but its own answer.
 * Threads start when there is work for them, and do not keep the process alive without.
 */
export class ParserPool implements SyntaxParser, SourceParser {
  readonly languages: readonly Language[] = PARSED_LANGUAGES;
  readonly outlineVersion: number = OUTLINE_VERSION;
  readonly concurrency: number;
  readonly #lifecycle = new Lifecycle("ParserPool");
  readonly #pool: WorkerPool;
  readonly #signals = new AbortSignals();
  readonly #maxTextLength: number;

  private constructor(options: ParserPoolOptions, program: string) {
    const { parseTimeoutMs = 2_000, maxTextLength = MAX_TEXT_LENGTH, maxNodes = 2_000_000 } = options;
    const { workers = defaultWorkers(), graceMs = 5_000, textsPerWorker = 5_000 } = options;
    this.concurrency = workers * TEXTS_PER_WORKER;
    this.#maxTextLength = maxTextLength;
    this.#pool = new WorkerPool({
      workers,
      inThreadMs: options.inThreadMs ?? 0,
      idleMs: options.idleMs ?? 30_000,
      admission: options.admission,
      logger: options.logger ?? silentLogger,
      worker: {
        program,
        settings: { parseTimeoutMs, maxTextLength, maxNodes },
        outlineVersion: OUTLINE_VERSION,
        hangMs: MOST_FORMS * parseTimeoutMs + graceMs,
        heapMb: BASE_MB + Math.ceil((maxNodes * BYTES_PER_NODE) / 1_048_576),
        maxTexts: textsPerWorker,
        maxLength: LENGTH_PER_WORKER,
      },
    });
    this.#lifecycle.add(this.#pool);
  }

  /**
   * Opens a pool; threads start with the first questions. Throws `OPTIONS_INVALID`.
   * @param program the program of the threads; for tests that break it on purpose
   */
  static async open(options: ParserPoolOptions = {}, program: string = parserProgram()): Promise<ParserPool> {
    return new ParserPool(validate(poolOptionsSchema, options, { what: "ParserPool options" }), program);
  }

  /**
   * As {@link TreeSitterParser.facts}. Throws `PROJECT_PARSE_FAILED` also when the text ended or hung its thread, and
   * `PROJECT_WORKER_FAILED` when threads do not start.
   */
  async facts(language: Language, text: string, options: ParseOptions = {}): Promise<SyntaxFacts> {
    return (await this.#ask({ method: "facts", grammar: language, text }, options)) as SyntaxFacts;
  }

  /** Definitions and imports of a text. Throws as {@link ParserPool.facts} does. */
  async outline(dialect: Dialect, text: string, options: ParseOptions = {}): Promise<SourceOutline> {
    return (await this.#ask({ method: "outline", grammar: dialect, text }, options)) as SourceOutline;
  }

  /** Scopes, definitions and references of a text. Throws as {@link ParserPool.facts} does. */
  async names(dialect: Dialect, text: string, options: ParseOptions = {}): Promise<NameFacts> {
    return (await this.#ask({ method: "names", grammar: dialect, text }, options)) as NameFacts;
  }

  /** Measures of a text and of its functions. Throws as {@link ParserPool.facts} does. */
  async metrics(
    dialect: Dialect,
    text: string,
    options: ParseOptions = {},
  ): Promise<readonly FunctionMetrics[]> {
    const question: ParserQuestion = { method: "metrics", grammar: dialect, text };
    return (await this.#ask(question, options)) as readonly FunctionMetrics[];
  }

  /** Parses a text and says nothing of it: what parsing alone costs. Throws as {@link ParserPool.facts} does. */
  async parseOnly(dialect: Dialect, text: string, options: ParseOptions = {}): Promise<void> {
    await this.#ask({ method: "parseOnly", grammar: dialect, text }, options);
  }

  /** Waits for what was asked, and ends the threads. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask(question: ParserQuestion, { signal, priority = "interactive" }: ParseOptions): Promise<unknown> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      checkText(question.text, this.#maxTextLength);
      let forget: (() => void) | undefined;
      try {
        return await new Promise((resolve, reject) => {
          const task: ParseTask = { question, priority, signal, resolve, reject, threadsOnly: false };
          if (signal !== undefined) {
            forget = this.#signals.listen(signal, () => {
              this.#pool.remove(task);
              reject(abortedError(signal));
            });
          }
          this.#pool.put(task);
        });
      } finally {
        forget?.();
      }
    });
  }
}
