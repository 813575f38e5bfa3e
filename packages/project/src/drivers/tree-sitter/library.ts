import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Language as GrammarType, Parser as ParserType } from "web-tree-sitter";
import { directReader, libraryReader, type TreeReader, type WasmInstance } from "./tree-reader.js";

/** The slice of web-tree-sitter that is used. */
interface Module {
  readonly Parser: typeof ParserType;
  readonly Language: typeof GrammarType;
}

/** The slice of WebAssembly that is used, of which Node's types say nothing. */
interface WebAssemblySlice {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (program: object, imports: object) => WasmInstance;
}

/** web-tree-sitter, ready to parse. */
export interface Library extends Module {
  /** Reads the trees that its parsers make. */
  readonly reader: TreeReader;
}

/** The library holds one WebAssembly instance per copy of its module, and two who start it at once would get two: so this is kept per copy. */
const readers = new WeakMap<Module["Parser"], Promise<TreeReader>>();

/** Copies whose memory a crash has left in a state that nobody knows. */
const ruined = new WeakSet<Module["Parser"]>();

/** Loads the library; each generation above 0 is a fresh copy of it. One that is ruined is passed over for the next. */
export async function loadLibrary(generation: number): Promise<Library> {
  const { Parser, Language }: Module =
    generation === 0 ? await import("web-tree-sitter") : await import(freshCopy(generation));
  if (ruined.has(Parser)) return loadLibrary(generation + 1);
  let reader = readers.get(Parser);
  if (reader === undefined) {
    reader = start(Parser);
    readers.set(Parser, reader);
    reader.catch(() => readers.delete(Parser));
  }
  return { Parser, Language, reader: await reader };
}

/** Whether a crash has ruined the memory of this copy. */
export function isRuined({ Parser }: Library): boolean {
  return ruined.has(Parser);
}

/** Says that a crash has ruined the memory of this copy, for all who use it. */
export function ruin({ Parser }: Library): void {
  ruined.add(Parser);
}

/** Starts the library. Where somebody else has done so before, its instance cannot be got at, and is read by the library's means. */
async function start(Parser: Module["Parser"]): Promise<TreeReader> {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblySlice };
  const program = await WebAssembly.compile(await readFile(wasmPath()));
  let instance: WasmInstance | undefined;
  await Parser.init({
    // What it prints when it crashes is in the error, too.
    printErr: () => {},
    instantiateWasm(imports: object, done: (instance: WasmInstance, program: object) => void): object {
      instance = new WebAssembly.Instance(program, imports);
      done(instance, program);
      return instance.exports;
    },
  });
  return (instance && directReader(instance)) ?? libraryReader();
}

/** A URL under which the module loader does not find the copy that it has already. */
function freshCopy(generation: number): string {
  const url = pathToFileURL(join(dirname(wasmPath()), "web-tree-sitter.js"));
  url.searchParams.set("generation", String(generation));
  return url.href;
}

function wasmPath(): string {
  return createRequire(import.meta.url).resolve("web-tree-sitter/web-tree-sitter.wasm");
}
