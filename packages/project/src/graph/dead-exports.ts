import { throwIfAborted } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import type { NameQueries } from "../resolution/name-queries.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { languageOf, type SourceLanguage } from "../source-parser.js";
import { exportedSymbols, hasExports } from "./exported-symbols.js";
import { markFollowed } from "./followed-uses.js";
import {
  CandidateNames,
  isKin,
  keyOf,
  markCounted,
  type NamedCandidate,
  namedCandidate,
} from "./named-candidates.js";
import { shownOutside } from "./shown-outside.js";
import { placesOnce, type SymbolPlaces } from "./symbol-places.js";
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

/** Where names are followed deeply enough for "nothing leads to it" to mean that nobody uses it. */
const DEEP: ReadonlySet<SourceLanguage> = new Set(["javascript", "typescript", "python", "go", "java"]);

/**
 * Symbols at the top of files and namespaces that are shown to others and that no other file uses, by path and line, without those of
 * tests and entries, in languages that say what is shown. A name that is used nowhere else is dead without a further look. In JavaScript,
 * TypeScript, Python, Go and Java each use is resolved. In the other languages each use counts that is not sure to mean something else, and
 * so do those in its own file of what cannot be hidden there.
 */
export async function deadExports(search: DeadExportSearch): Promise<readonly IndexedSymbol[]> {
  const placesOf = placesOnce();
  const { deep, named } = candidatesOf(search, placesOf);
  await markUsed(deep, named, search, placesOf);
  return [...deep.values(), ...named]
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

type PlacesOf = (record: FileRecord) => SymbolPlaces;

interface Candidates {
  /** By path, line and name. */
  readonly deep: ReadonlyMap<string, Candidate>;
  readonly named: readonly NamedCandidate[];
}

function candidatesOf({ records, isEntry }: DeadExportSearch, placesOf: PlacesOf): Candidates {
  const outside = shownOutside(records);
  const deep = new Map<string, Candidate>();
  const named: NamedCandidate[] = [];
  for (const record of records) {
    const language = languageIn(record);
    if (language === undefined || isEntry(record.path) || isTestFile(record.path)) continue;
    if (outside.isShown(record.path)) continue;
    for (const symbol of exportedSymbols(record, placesOf(record))) {
      const candidate = { symbol: { ...symbol, path: record.path }, isUsed: false };
      if (DEEP.has(language)) deep.set(keyOf(candidate.symbol), candidate);
      else if (!outside.declares(language, symbol.name)) named.push(namedCandidate(symbol, record, language));
    }
  }
  return { deep, named };
}

async function markUsed(
  deep: ReadonlyMap<string, Candidate>,
  named: readonly NamedCandidate[],
  { records, names: queries, onProgress, signal }: DeadExportSearch,
  placesOf: PlacesOf,
): Promise<void> {
  const byPath = new Map(records.map((record) => [record.path, record]));
  const keyAt = (path: string, name: string, line: number): string | undefined => {
    const home = byPath.get(path);
    const symbol = home && placesOf(home).named(name, line);
    return symbol && keyOf(symbol);
  };
  const all = new CandidateNames(named);
  const doubtful = markCounted(named, all, records);
  const open = named.filter(({ isUsed }) => !isUsed);
  const languages = [...new Set(open.map(({ language }) => language))];
  const asked = records.filter((record) => DEEP.has(languageIn(record) ?? "bash"));
  const followed = records.filter((record) => {
    const own = languageIn(record);
    return own !== undefined && languages.some((language) => isKin(language, own));
  });
  const total = asked.length + followed.length;
  let done = 0;
  const onFile = (): void => {
    done += 1;
    onProgress?.({ done, total });
  };
  const names = new Set([...deep.values()].map(({ symbol }) => symbol.name));
  for (const record of asked) {
    throwIfAborted(signal);
    for (const place of await queries.outgoing(record.path, names, signal)) {
      if (place.path === record.path) continue;
      const candidate = deep.get(keyAt(place.path, place.name, place.line) ?? "");
      if (candidate !== undefined) candidate.isUsed = true;
    }
    onFile();
  }
  await markFollowed(followed, doubtful, {
    queries,
    names: new CandidateNames(open),
    keyAt,
    onFile,
    signal,
  });
}

/** The language of a file that was parsed and says what it shows. */
function languageIn({ dialect, skipped }: FileRecord): SourceLanguage | undefined {
  if (dialect === undefined || skipped !== undefined) return undefined;
  const language = languageOf(dialect);
  return hasExports(language) ? language : undefined;
}
