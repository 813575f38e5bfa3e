import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Language as GrammarType, Parser as ParserType } from "web-tree-sitter";
import { projectError } from "../../errors.js";
import type { Dialect } from "../../source-parser.js";
import { copyTree } from "./copy-tree.js";
import type { SourceTree } from "./tree.js";

/** Bounds of one parse. */
export interface ParseBounds {
  /** Milliseconds after which a parse is given up. */
  readonly timeoutMs: number;
  /** Nodes above which a tree is given up. */
  readonly maxNodes: number;
}

/** Parses; throws what WebAssembly throws when it crashes, and `PROJECT_PARSE_FAILED` when a bound is reached. */
export interface ParseEngine {
  parse(dialect: Dialect, text: string, bounds: ParseBounds): Promise<SourceTree>;
  close(): void;
}

/** The slice of the library that is used. */
interface Library {
  readonly Parser: typeof ParserType;
  readonly Language: typeof GrammarType;
}

/**
 * Loads web-tree-sitter. Its WebAssembly instance belongs to the module, so after a crash the same module would go on
 * in ruined memory; `generation` above 0 loads a fresh copy of it.
 */
export async function openEngine(generation: number): Promise<ParseEngine> {
  const library = await loadLibrary(generation);
  const parsers = new Map<Dialect, Promise<ParserType>>();

  async function parserOf(dialect: Dialect): Promise<ParserType> {
    const grammar = await library.Language.load(await readGrammar(dialect));
    return new library.Parser().setLanguage(grammar);
  }

  return {
    async parse(dialect, text, bounds) {
      let pending = parsers.get(dialect);
      if (pending === undefined) {
        pending = parserOf(dialect);
        parsers.set(dialect, pending);
        pending.catch(() => parsers.delete(dialect));
      }
      const parser = await pending;
      const deadline = performance.now() + bounds.timeoutMs;
      const tree = parser.parse(text, null, { progressCallback: () => performance.now() > deadline });
      if (tree === null) {
        parser.reset();
        throw projectError(
          "PROJECT_PARSE_FAILED",
          `Parsing took longer than ${bounds.timeoutMs} ms. Raise parseTimeoutMs or leave the file out.`,
        );
      }
      try {
        return copyTree(tree, text, bounds.maxNodes);
      } finally {
        tree.delete();
      }
    },
    close() {
      for (const pending of parsers.values()) {
        pending.then((parser) => parser.delete()).catch(() => {});
      }
      parsers.clear();
    },
  };
}

async function loadLibrary(generation: number): Promise<Library> {
  const library: Library =
    generation === 0 ? await import("web-tree-sitter") : await import(freshCopy(generation));
  await library.Parser.init();
  return library;
}

/** A URL under which the module loader does not find the copy that it has already. */
function freshCopy(generation: number): string {
  const wasm = createRequire(import.meta.url).resolve("web-tree-sitter/web-tree-sitter.wasm");
  const url = pathToFileURL(join(dirname(wasm), "web-tree-sitter.js"));
  url.searchParams.set("generation", String(generation));
  return url.href;
}

/** Reads a grammar from `grammars/`, which lies beside both `src/` and `dist/`. */
async function readGrammar(dialect: Dialect): Promise<Uint8Array> {
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
