import { throwIfAborted } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import type { Use } from "../resolution/find-references.js";
import type { NameQueries } from "../resolution/name-queries.js";
import { languageOf } from "../source-parser.js";
import { type CandidateNames, type DoubtfulNames, SURE } from "./named-candidates.js";

/** What following uses needs. */
export interface UseSearch {
  readonly queries: NameQueries;
  readonly names: CandidateNames;
  /** The key of the symbol of that name around a place; undefined where none is. */
  keyAt(path: string, name: string, line: number): string | undefined;
  onFile(): void;
  readonly signal: AbortSignal | undefined;
}

/** Behind all lines. */
const LAST_LINE = 2 ** 31;

/**
 * Marks the candidates that the uses in some files may mean: what is called so, unless it is sure to lead elsewhere. It finds what records
 * do not count, such as the last name of a path and what stands in a macro, and tells what is doubtful.
 * @param doubtful by file: names of which not all uses may be found here
 */
export async function markFollowed(
  files: readonly FileRecord[],
  doubtful: ReadonlyMap<FileRecord, DoubtfulNames>,
  { queries, names, keyAt, onFile, signal }: UseSearch,
): Promise<void> {
  for (const record of files) {
    throwIfAborted(signal);
    const { path } = record;
    const found = new Map<string, number>();
    for (const one of await queries.usesWithin(path, 1, LAST_LINE, { signal })) {
      const { name } = one.use;
      found.set(name, (found.get(name) ?? 0) + 1);
      names.markStanding(name, path);
      if (!names.has(name)) continue;
      const meant = meantBy(one, record, keyAt);
      if (meant === undefined) names.markNamed(name, path);
      else for (const key of meant) names.markKey(key, path);
    }
    // Those that were not found, such as some in the body of a macro, may mean any.
    for (const [name, own] of doubtful.get(record) ?? []) {
      if ((found.get(name) ?? 0) + own < (record.uses[name] ?? 0)) names.markNamed(name, path);
    }
    onFile();
  }
}

/** The keys of the symbols that a use leads to; undefined where it may mean more. */
function meantBy(
  { use, definitions }: Use,
  { dialect }: FileRecord,
  keyAt: UseSearch["keyAt"],
): readonly string[] | undefined {
  if (dialect === undefined || !SURE.has(languageOf(dialect)) || definitions.length === 0) return undefined;
  const meant: string[] = [];
  for (const { path, line, kind, name } of definitions) {
    // Where an import leads to is not known.
    if (kind === "import" || name !== use.name) return undefined;
    const key = keyAt(path, name, line);
    // What is no symbol of a file, such as a parameter, is no export either.
    if (key !== undefined) meant.push(key);
  }
  return meant;
}
