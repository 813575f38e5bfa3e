import {
  coreError,
  isAgentOSError,
  type Language,
  Lifecycle,
  type Logger,
  type SyntaxFacts,
  type SyntaxParser,
  silentLogger,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import { openEngine, type ParseEngine, RuinedEngine } from "./drivers/tree-sitter/engine.js";
import type { SourceTree } from "./drivers/tree-sitter/tree.js";
import { projectError } from "./errors.js";
import type { FunctionMetrics } from "./metrics/function-metrics.js";
import { metricsOf } from "./metrics/metrics.js";
import { factsOf } from "./names/facts.js";
import { parserOptionsSchema, type TreeSitterParserOptions } from "./options.js";
import { OUTLINE_VERSION, outlineOf } from "./outline/outline.js";
import { bindNames } from "./resolution/bind/names.js";
import type { NameFacts } from "./resolution/name-facts.js";
import type { Dialect, SourceOutline, SourceParser } from "./source-parser.js";

/** Languages without an entry are not parsed yet. */
const DIALECTS: Readonly<Partial<Record<Language, readonly [Dialect, ...Dialect[]]>>> = {
  javascript: ["javascript"],
  // A text has no file extension to tell whether JSX is meant: the first form that it parses as counts.
  typescript: ["typescript", "tsx"],
  python: ["python"],
  go: ["go"],
  java: ["java"],
  rust: ["rust"],
  bash: ["bash"],
};

/** Languages that a {@link TreeSitterParser} knows the facts of. */
export const PARSED_LANGUAGES: readonly Language[] = [
  "javascript",
  "typescript",
  "python",
  "go",
  "java",
  "rust",
  "bash",
];

/** Longest text that is parsed unless another bound is given, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 4_194_304;

/** Throws for what is no text, or too long a one. */
export function checkText(text: unknown, maxTextLength: number): void {
  if (typeof text !== "string") throw coreError("INPUT_INVALID", "The text to parse must be a string.");
  if (text.length > maxTextLength) {
    throw projectError(
      "PROJECT_PARSE_FAILED",
      `The text has ${text.length} characters, more than ${maxTextLength}. Raise maxTextLength or leave it out.`,
    );
  }
}

/**
 * Parses the languages of {@link Dialect} with tree-sitter's official grammars in WebAssembly, in this thread.
 * One text cannot hold the thread longer than `parseTimeoutMs` in the parser. A crash in WebAssembly costs the text that
 * caused it: the next one gets a fresh engine.
 */
export class TreeSitterParser implements SyntaxParser, SourceParser {
  readonly languages: readonly Language[] = PARSED_LANGUAGES;
  readonly outlineVersion: number = OUTLINE_VERSION;
  readonly #lifecycle = new Lifecycle("TreeSitterParser");
  readonly #logger: Logger;
  readonly #limits: { readonly timeoutMs: number; readonly maxNodes: number; readonly maxTextLength: number };
  readonly #openEngine: (generation: number) => Promise<ParseEngine>;
  #engine: Promise<ParseEngine> | undefined;
  #generation = 0;

  private constructor(options: TreeSitterParserOptions, engineOpener: typeof openEngine) {
    this.#logger = options.logger ?? silentLogger;
    this.#limits = {
      timeoutMs: options.parseTimeoutMs ?? 2_000,
      maxNodes: options.maxNodes ?? 2_000_000,
      maxTextLength: options.maxTextLength ?? MAX_TEXT_LENGTH,
    };
    this.#openEngine = engineOpener;
  }

  /**
   * Opens a parser. Grammars are loaded when first used.
   * @param engineOpener opens the engine below; for tests that break it on purpose
   */
  static async open(
    options: TreeSitterParserOptions = {},
    engineOpener: typeof openEngine = openEngine,
  ): Promise<TreeSitterParser> {
    const valid = validate(parserOptionsSchema, options, { what: "TreeSitterParser options" });
    return new TreeSitterParser(valid, engineOpener);
  }

  /**
   * What can be said of a text without running it. Names are only called undefined where that is all but certain: a name
   * defined anywhere in the text counts as defined everywhere in it, and a text that may make names by other means
   * (`import *`, `eval`, `exec`, `globals()`, `with`), or that does not parse, has none.
   *
   * Throws `PROJECT_LANGUAGE_UNKNOWN` for a language it does not speak and `PROJECT_PARSE_FAILED` when the text is longer,
   * slower or larger than the options allow.
   */
  async facts(language: Language, text: string, options: WaitOptions = {}): Promise<SyntaxFacts> {
    const dialects = Object.hasOwn(DIALECTS, language) ? DIALECTS[language] : undefined;
    if (dialects === undefined) {
      throw projectError(
        "PROJECT_LANGUAGE_UNKNOWN",
        `There is no parser for ${JSON.stringify(language)}. Use one of ${this.languages.join(", ")}.`,
      );
    }
    let first: { dialect: Dialect; tree: SourceTree } | undefined;
    for (const dialect of dialects) {
      const tree = await this.#parse(dialect, text, options.signal);
      first ??= { dialect, tree };
      if (tree.error === undefined) return factsOf(dialect, tree);
    }
    return factsOf(
      first?.dialect ?? dialects[0],
      first?.tree ?? (await this.#parse(dialects[0], text, options.signal)),
    );
  }

  /** Definitions and imports of a text. Throws as {@link TreeSitterParser.facts} does. */
  async outline(dialect: Dialect, text: string, options: WaitOptions = {}): Promise<SourceOutline> {
    return outlineOf(dialect, await this.#parse(dialect, text, options.signal));
  }

  /** Scopes, definitions and references of a text. Throws as {@link TreeSitterParser.facts} does. */
  async names(dialect: Dialect, text: string, options: WaitOptions = {}): Promise<NameFacts> {
    return bindNames(dialect, await this.#parse(dialect, text, options.signal));
  }

  /** Measures of a text and of its functions. Throws as {@link TreeSitterParser.facts} does. */
  async metrics(
    dialect: Dialect,
    text: string,
    options: WaitOptions = {},
  ): Promise<readonly FunctionMetrics[]> {
    return metricsOf(dialect, await this.#parse(dialect, text, options.signal));
  }

  /** Parses a text and says nothing of it: what parsing alone costs. Throws as {@link TreeSitterParser.facts} does. */
  async parseOnly(dialect: Dialect, text: string, options: WaitOptions = {}): Promise<void> {
    await this.#run(dialect, text, options.signal, (engine) => engine.parseOnly(dialect, text, this.#limits));
  }

  /** Frees the grammars. */
  async close(): Promise<void> {
    await this.#lifecycle.close();
    const engine = this.#engine;
    this.#engine = undefined;
    (await engine?.catch(() => undefined))?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #parse(dialect: Dialect, text: string, signal: AbortSignal | undefined): Promise<SourceTree> {
    return this.#run(dialect, text, signal, (engine) => engine.parse(dialect, text, this.#limits));
  }

  #run<Result>(
    dialect: Dialect,
    text: string,
    signal: AbortSignal | undefined,
    work: (engine: ParseEngine) => Promise<Result>,
  ): Promise<Result> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      checkText(text, this.#limits.maxTextLength);
      for (;;) {
        this.#engine ??= this.#openEngine(this.#generation);
        const pending = this.#engine;
        try {
          const result = await work(await pending);
          throwIfAborted(signal);
          return result;
        } catch (error) {
          if (isAgentOSError(error)) throw error;
          this.#discard(pending, error);
          // The crash was over another text, of this parser or of another one in this thread.
          if (error instanceof RuinedEngine) continue;
          throw projectError(
            "PROJECT_PARSE_FAILED",
            "The parser crashed on this text; other texts are not affected.",
            { cause: error, details: { dialect, length: text.length } },
          );
        }
      }
    });
  }

  /** After a crash the engine's memory is not to be trusted. */
  #discard(engine: Promise<ParseEngine>, cause: unknown): void {
    if (this.#engine !== engine) return;
    this.#engine = undefined;
    engine.then((ruined) => ruined.abandon()).catch(() => {});
    this.#generation += 1;
    this.#logger.warn({ cause, generation: this.#generation }, "the parser crashed and was started anew");
  }
}
