import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { isAgentOSError } from "@agentos/core";
import type { Parser as ParserType, Tree } from "web-tree-sitter";
import { projectError } from "../../errors.js";
import { ALL_DIALECTS, type Dialect } from "../../source-parser.js";
import { copyTree, type NodeNames, nodeNames } from "./copy-tree.js";
import { isRuined, loadLibrary, ruin } from "./library.js";
import type { SourceTree } from "./tree.js";

/** Bounds of one parse. */
export interface ParseBounds {
  /** Milliseconds after which a parse is given up. */
  readonly timeoutMs: number;
  /** Nodes above which a tree is given up. */
  readonly maxNodes: number;
}

/** Says that a text was not begun, since a crash before it has ruined the memory. Another engine may have it. */
export class RuinedEngine extends Error {}

/**
 * Parses; throws what WebAssembly throws when it crashes, a `RuinedEngine` from then on, and `PROJECT_PARSE_FAILED` when a bound is
 * reached.
 */
export interface ParseEngine {
  parse(dialect: Dialect, text: string, bounds: ParseBounds): Promise<SourceTree>;
  /** Parses and lets go of the tree unread. */
  parseOnly(dialect: Dialect, text: string, bounds: ParseBounds): Promise<void>;
  close(): void;
  /** Lets go of it after a crash, without a call into its memory. */
  abandon(): void;
}

/** A parser of one grammar. */
interface GrammarParser {
  readonly parser: ParserType;
  readonly names: NodeNames;
}

/**
 * Loads web-tree-sitter. Its WebAssembly instance belongs to the module, so after a crash the same module would go on
 * in ruined memory; `generation` above 0 loads a fresh copy of it. All engines of one generation share an instance.
 */
export async function openEngine(generation: number): Promise<ParseEngine> {
  const library = await loadLibrary(generation);
  const parsers = new Map<Dialect, Promise<GrammarParser>>();

  async function load(dialect: Dialect): Promise<GrammarParser> {
    const grammar = await library.Language.load(await readGrammar(dialect));
    return { parser: new library.Parser().setLanguage(grammar), names: nodeNames(grammar) };
  }

  async function parserOf(dialect: Dialect): Promise<GrammarParser> {
    let pending = parsers.get(dialect);
    if (pending === undefined) {
      pending = load(dialect);
      parsers.set(dialect, pending);
      pending.catch(() => parsers.delete(dialect));
    }
    return pending;
  }

  /** Does some work with a parser, all at once. */
  async function work<Result>(dialect: Dialect, step: (parser: GrammarParser) => Result): Promise<Result> {
    try {
      const parser = await parserOf(dialect);
      if (isRuined(library)) throw new RuinedEngine();
      return step(parser);
    } catch (error) {
      if (isRuined(library)) throw new RuinedEngine();
      if (!isAgentOSError(error)) ruin(library);
      throw error;
    }
  }

  return {
    parse: (dialect, text, bounds) =>
      work(dialect, ({ parser, names }) => {
        const tree = parseWithin(parser, text, bounds);
        try {
          return copyTree(tree, text, { names, reader: library.reader, maxNodes: bounds.maxNodes });
        } finally {
          tree.delete();
        }
      }),
    parseOnly: (dialect, text, bounds) =>
      work(dialect, ({ parser }) => parseWithin(parser, text, bounds).delete()),
    close() {
      for (const pending of parsers.values()) {
        pending.then(({ parser }) => parser.delete()).catch(() => {});
      }
      parsers.clear();
    },
    abandon() {
      for (const pending of parsers.values()) pending.then(({ parser }) => forget(parser)).catch(() => {});
      parsers.clear();
    },
  };
}

function parseWithin(parser: ParserType, text: string, { timeoutMs }: ParseBounds): Tree {
  const deadline = performance.now() + timeoutMs;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
  if (tree !== null) return tree;
  parser.reset();
  throw projectError(
    "PROJECT_PARSE_FAILED",
    `Parsing took longer than ${timeoutMs} ms. Raise parseTimeoutMs or leave the file out.`,
  );
}

/**
 * The library deletes a parser that is collected as garbage. In ruined memory that throws where nobody can catch it, which ends the
 * process. Deleting it by hand takes it off that list, and at address 0 does nothing else.
 */
function forget(parser: ParserType): void {
  Object.assign(parser, { 0: 0, 1: 0 });
  parser.delete();
}

/** Reads a grammar from `grammars/`, which lies beside both `src/` and `dist/`. */
async function readGrammar(dialect: Dialect): Promise<Uint8Array> {
  if (!ALL_DIALECTS.includes(dialect)) {
    throw projectError(
      "PROJECT_LANGUAGE_UNKNOWN",
      `There is no grammar for ${JSON.stringify(dialect)}. Use one of ${ALL_DIALECTS.join(", ")}.`,
    );
  }
  const file = `tree-sitter-${dialect}.wasm`;
  const tried: string[] = [];
  // From src/drivers/tree-sitter/ three folders up; a bundle in dist/ or dist/<chunk>/ needs fewer.
  for (const up of ["../grammars/", "../../grammars/", "../../../grammars/"]) {
    const path = fileURLToPath(new URL(up + file, import.meta.url));
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      tried.push(path);
    }
  }
  throw projectError(
    "PROJECT_GRAMMAR_MISSING",
    `The grammar ${file} is missing. Build the package (its scripts/copy-grammars.mjs copies it), or install it again.`,
    { details: { tried } },
  );
}
