import { isDeepStrictEqual } from "node:util";
import { throwIfAborted } from "@agentos/core";
import type { Store, WriteOperation } from "@agentos/store";
import type { Names } from "../memory-writer.js";
import type { Quarantine } from "../quarantine.js";
import type { WholeRecord } from "../records.js";
import type { ExportParts } from "./export.js";
import { lineError, readLines } from "./lines.js";

/** Options of {@link MemoryStore.import}. */
export interface ImportOptions {
  /**
   * What becomes of a memory whose id stands for something else here: `refuse` ends the import with
   * `MEMORY_IMPORT_INVALID`, `keep` leaves what is here and leaves out the line.
   * @default "refuse"
   */
  readonly existing?: "refuse" | "keep";
  readonly signal?: AbortSignal;
  /** Told now and then. */
  readonly onProgress?: (progress: { readonly memories: number }) => void;
}

/** What an import did. */
export interface ImportReport {
  /** Memories that are new here. */
  readonly memories: number;
  /** Memories that were here, the same or, with `keep`, others. */
  readonly there: number;
  readonly links: number;
}

/** How many lines are written at one time. */
const BATCH = 128;

/** Reads what `export` wrote. What is here already, the same, is left alone, so an import may be repeated. */
export async function importLines(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  parts: ExportParts & {
    readonly store: Store;
    /** Stores memories that are new here with all their versions. */
    readonly restoreAll: (wholes: readonly WholeRecord[]) => Promise<void>;
    /** Sets up aliases and quarantines with whoever has the indexes, so that they hold at once. */
    readonly restoreNames: (names: Names) => Promise<void>;
  },
  options: ImportOptions,
): Promise<ImportReport> {
  const { existing = "refuse", signal, onProgress } = options;
  const report = { memories: 0, there: 0, links: 0 };
  let memories: { readonly whole: WholeRecord; readonly number: number }[] = [];
  let others: WriteOperation[] = [];
  let aliases: Names["aliases"][number][] = [];
  let quarantines: Quarantine[] = [];
  const flush = async (durable: boolean): Promise<void> => {
    throwIfAborted(signal);
    const fresh: WholeRecord[] = [];
    for (const { whole, number } of memories) {
      const { id } = whole.record.memory;
      const here = await parts.records.wholeOf(id);
      if (here === undefined) fresh.push(whole);
      else if (existing === "refuse" && !isDeepStrictEqual(here, whole))
        throw lineError(number, `the memory ${id} is here already and says something else`);
    }
    if (aliases.length + quarantines.length > 0) await parts.restoreNames({ aliases, quarantines });
    aliases = [];
    quarantines = [];
    await parts.restoreAll(fresh);
    report.memories += fresh.length;
    report.there += memories.length - fresh.length;
    if (others.length > 0 || durable) await parts.store.write(others, { durable });
    memories = [];
    others = [];
    onProgress?.({ memories: report.memories + report.there });
  };
  try {
    for await (const { line, number } of readLines(pieces)) {
      throwIfAborted(signal);
      if (line.type === "memory") {
        const { record, past } = line;
        // A quarantine that is here holds what comes from its source, whatever the file says.
        const quarantine = record.quarantine ?? parts.quarantines.of(record.memory)?.id;
        memories.push({
          whole: { record: quarantine === undefined ? record : { ...record, quarantine }, past },
          number,
        });
      } else if (line.type === "alias") {
        const here = parts.aliases.now(line.old);
        if (here === line.now || (here !== undefined && existing === "keep")) continue;
        if (here !== undefined) throw lineError(number, `${line.old} is an alias of ${here} here`);
        if (parts.aliases.resolve(line.now) === line.old)
          throw lineError(number, "its alias would lead in a circle");
        // The next line of an alias may close a circle with this one.
        parts.aliases.set(line.old, line.now);
        aliases.push([line.old, line.now]);
      } else if (line.type === "quarantine") {
        const here = parts.quarantines.get(line.quarantine.id);
        if (isDeepStrictEqual(here, line.quarantine) || (here !== undefined && existing === "keep")) continue;
        if (here !== undefined)
          throw lineError(number, `the quarantine ${here.id} is here already and says something else`);
        parts.quarantines.begin(line.quarantine);
        quarantines.push(line.quarantine);
      } else if (line.type === "link") {
        report.links += 1;
        others.push(...parts.links.put(line.link));
      } else if (line.type === "audit") others.push(parts.records.putAudit(line.entry));
      const held = memories.length + others.length + aliases.length + quarantines.length;
      if (held >= BATCH) await flush(false);
    }
    await flush(true);
  } catch (error) {
    // What was read and is not on the disk holds no longer.
    for (const [old] of aliases) parts.aliases.unset(old);
    for (const { id } of quarantines) parts.quarantines.end(id);
    throw error;
  }
  return report;
}
