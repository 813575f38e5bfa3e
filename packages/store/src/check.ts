import { open, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type AgentOSError, isAgentOSError, type Logger } from "@agentos/core";
import { fromLevel, isLocked } from "./drivers/level-errors.js";
import { currentGeneration, listGenerations } from "./drivers/level-generations.js";
import { findDamage } from "./drivers/level-integrity.js";
import { requireFree } from "./drivers/level-open.js";
import { LevelScan, type ScanOptions } from "./drivers/level-scan.js";
import { readDurable, writeDurable } from "./durable-mark.js";
import { storeError } from "./errors.js";
import { refuseLinks } from "./links.js";
import { STORE_FORMAT } from "./migration.js";
import { claimFolder, lockedError } from "./owner.js";
import { type Salvaged, salvage } from "./salvage.js";
import { BadSnapshot, readSnapshot } from "./snapshot-file.js";
import { listSnapshots, snapshotFolder, snapshotProblem } from "./snapshots.js";
import { readContent, type StoreContent, type StoreFinding } from "./store-content.js";

/** What a check looked at, found and did. */
export interface StoreReport {
  readonly dir: string;
  /** Format of the store; the newest when it cannot be read. */
  readonly format: number;
  /** Sequence of its newest batch that could be read. */
  readonly sequence: number;
  readonly looked: {
    readonly files: number;
    readonly bytes: number;
    /** Entries of each collection. */
    readonly collections: Readonly<Record<string, number>>;
    /** Batches in the change log. */
    readonly batches: number;
    readonly snapshots: number;
  };
  readonly findings: readonly StoreFinding[];
  /** What a repair did; undefined when none was asked for or none was needed. */
  readonly repaired?: {
    /** Snapshots that were removed. */
    readonly snapshots: readonly string[];
    /** What became of the records; undefined when they were sound. */
    readonly records?: Salvaged;
  };
}

/** What a check is to do. */
export interface CheckWork extends ScanOptions {
  readonly repair: boolean;
}

/** Checks, and repairs on request, a store that nobody has open. See `Store.check`. */
export async function checkStore(dir: string, work: CheckWork, logger: Logger): Promise<StoreReport> {
  // Whoever has it open has claimed it by its real path.
  const folder = await realpath(dir).catch(() => dir);
  const release = await claimFolder(folder);
  try {
    await refuseLinks(folder);
    return await check(folder, work, logger);
  } catch (error) {
    if (isLocked(error)) throw await lockedError(dir, error);
    throw isAgentOSError(error) ? error : fromLevel(error, dir, "read");
  } finally {
    await release();
  }
}

async function check(dir: string, work: CheckWork, logger: Logger): Promise<StoreReport> {
  if ((await listGenerations(dir)).length === 0) throw noStore(dir);
  await requireFree(dir);
  const name = await currentGeneration(dir);
  const location = join(dir, name);
  const damage = await findDamage(location, Number.POSITIVE_INFINITY);
  // Without any data either, or it would be damage: a store that was never made.
  const current = await stat(join(location, "CURRENT")).catch(() => undefined);
  if (damage === undefined && current === undefined) throw noStore(dir);
  const scan = await LevelScan.run(location, damage, work);
  const content = await readContent(scan, dir);
  const { findings } = content;
  for (const { file, what } of scan.unreadable)
    findings.push({ severity: "error", file: join(name, file), what });
  if (damage !== undefined && !scan.unreadable.some(({ file }) => file === damage.file))
    findings.push({ severity: "error", file: join(name, damage.file), what: damage.what });
  const durable = await readDurable(dir);
  findings.push(...findGaps(content, durable));
  const snapshots = await listSnapshots(dir);
  const bad = await badSnapshots(dir, snapshots, content, work.signal);
  findings.push(...bad);
  // Whoever opened the store meanwhile changed the files that were read.
  await requireFree(dir);
  const report: StoreReport = {
    dir,
    format: content.format ?? STORE_FORMAT,
    sequence: content.sequence,
    looked: {
      files: scan.files,
      bytes: scan.bytes,
      collections: Object.fromEntries([...content.collections].sort(([a], [b]) => (a < b ? -1 : 1))),
      batches: content.batches.length,
      snapshots: snapshots.length,
    },
    findings,
  };
  if (!work.repair || findings.length === 0) return report;
  const damaged = findings.some(({ severity }) => severity === "error");
  const records = damaged ? await salvage(dir, name, scan, content, work.signal) : undefined;
  // A salvaged store has another id: none of its snapshots fits.
  const removed = records === undefined ? bad.map(({ file }) => file ?? "") : snapshots.map(inFolder);
  for (const file of removed) await rm(join(dir, file), { force: true });
  if (records === undefined && durable === undefined) await writeDurable(dir, content.sequence);
  logger.warn({ dir, records, snapshots: removed }, "a store was repaired");
  return { ...report, repaired: { snapshots: removed, ...(records === undefined ? {} : { records }) } };
}

function findGaps({ batches, sequence }: StoreContent, durable: number | undefined): StoreFinding[] {
  const findings: StoreFinding[] = [];
  if (durable === undefined)
    findings.push({
      severity: "warning",
      what: "the file of its durable sequence is damaged",
      file: "durable",
    });
  else if (sequence < durable) {
    findings.push({
      severity: "error",
      what: `it ends at batch ${sequence}, but batch ${durable} had been written durably`,
    });
  }
  let last: number | undefined;
  for (const batch of batches) {
    if (last !== undefined && batch.first !== last + 1)
      findings.push({ severity: "error", what: `the change log has a gap behind batch ${last}` });
    last = batch.last;
  }
  if (last !== undefined && last !== sequence) {
    findings.push({
      severity: "error",
      what: `the change log ends at batch ${last}, the store at ${sequence}`,
    });
  }
  return findings;
}

function noStore(dir: string): AgentOSError {
  return storeError("STORE_UNOPENABLE", `There is no store in ${dir}. Name the folder of one.`, {
    details: { dir },
  });
}

async function badSnapshots(
  dir: string,
  files: readonly string[],
  content: StoreContent,
  signal: AbortSignal | undefined,
): Promise<readonly StoreFinding[]> {
  const findings: StoreFinding[] = [];
  for (const file of files) {
    const handle = await open(join(snapshotFolder(dir), file), "r");
    try {
      const { header } = await readSnapshot(handle, { keep: false, signal });
      const problem = snapshotProblem(header, file, content.id ?? "", content.sequence);
      if (problem !== undefined) findings.push(snapshotFinding(file, problem));
    } catch (error) {
      if (!(error instanceof BadSnapshot)) throw error;
      findings.push(snapshotFinding(file, error.message));
    } finally {
      await handle.close();
    }
  }
  return findings;
}

function snapshotFinding(file: string, problem: string): StoreFinding {
  return {
    severity: "warning",
    what: `a snapshot is of no use: ${problem}; its index will be built anew`,
    file: inFolder(file),
  };
}

function inFolder(file: string): string {
  return join("snapshots", file);
}
