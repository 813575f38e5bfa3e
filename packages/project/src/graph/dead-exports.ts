import { throwIfAborted } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import type { NameQueries } from "../resolution/name-queries.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { languageOf } from "../source-parser.js";
import { symbolNamed } from "./symbol-places.js";
import { isTestFile } from "./test-files.js";

/** How far looking for dead exports has come. */
export interface DeadExportProgress {
  /** Files asked, of `total`. */
  readonly done: number;
  readonly total: number;
}

/** What looking for dead exports needs. */
export interface DeadExportSearch {
  readonly records: readonly FileRecord[];
  readonly names: NameQueries;
  /** Files whose exports are there for others outside of the project. */
  readonly isEntry: (path: string) => boolean;
  readonly onProgress: ((progress: DeadExportProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Names that a runtime or a tool calls, or that say nothing of who uses them. */
const CALLED_FROM_OUTSIDE = /^(?:main|init|default|setup|teardown|conftest|__\w+__)$/;
/** Where names are resolved well enough for "nobody uses it" to mean something. */
const RESOLVED: ReadonlySet<string> = new Set(["javascript", "typescript", "python", "go", "java"]);
/** Modules and methods are used by way of what is in them and around them. */
const KINDS: ReadonlySet<IndexedSymbol["kind"]> = new Set([
  "function",
  "class",
  "interface",
  "type",
  "enum",
  "variable",
]);

/**
 * Symbols at the top of files that are shown to others and that no other file uses, by path and line. Only files in languages
 * whose imports are resolved, without tests and entries. A name that is used nowhere else is dead without a further look; of
 * the others each use is resolved.
 */
export async function deadExports(search: DeadExportSearch): Promise<readonly IndexedSymbol[]> {
  const candidates = new Map<string, Candidate>();
  for (const record of search.records) {
    if (!isSource(record) || search.isEntry(record.path) || isTestFile(record.path)) continue;
    for (const symbol of record.symbols) {
      if (symbol.parent !== undefined || symbol.visibility !== "public") continue;
      if (!KINDS.has(symbol.kind) || CALLED_FROM_OUTSIDE.test(symbol.name)) continue;
      const candidate = { symbol: { ...symbol, path: record.path }, isUsed: false };
      candidates.set(keyOf(record.path, symbol.line, symbol.name), candidate);
    }
  }
  const names = new Set([...candidates.values()].map(({ symbol }) => symbol.name));
  await markUsed(candidates, names, search);
  return [...candidates.values()]
    .filter(({ isUsed }) => !isUsed)
    .map(({ symbol }) => symbol)
    .sort((left, right) =>
      left.path < right.path ? -1 : left.path > right.path ? 1 : left.line - right.line,
    );
}

interface Candidate {
  readonly symbol: IndexedSymbol;
  isUsed: boolean;
}

async function markUsed(
  candidates: ReadonlyMap<string, Candidate>,
  names: ReadonlySet<string>,
  { records, names: queries, onProgress, signal }: DeadExportSearch,
): Promise<void> {
  const byPath = new Map(records.map((record) => [record.path, record]));
  const asked = records.filter(isSource);
  for (const [done, record] of asked.entries()) {
    throwIfAborted(signal);
    for (const place of await queries.outgoing(record.path, names, signal)) {
      if (place.path === record.path) continue;
      const home = byPath.get(place.path);
      const symbol = home && symbolNamed(home, place.name, place.line);
      const candidate = symbol && candidates.get(keyOf(place.path, symbol.line, symbol.name));
      if (candidate !== undefined) candidate.isUsed = true;
    }
    onProgress?.({ done: done + 1, total: asked.length });
  }
}

function isSource({ dialect, skipped }: FileRecord): boolean {
  return dialect !== undefined && skipped === undefined && RESOLVED.has(languageOf(dialect));
}

function keyOf(path: string, line: number, name: string): string {
  return `${line}:${name}:${path}`;
}
