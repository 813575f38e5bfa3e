import { randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import type { Change } from "./change-log.js";
import { LevelBuild } from "./drivers/level-build.js";
import { BUILDING, KEEP, nextGeneration, retire } from "./drivers/level-generations.js";
import type { LevelScan } from "./drivers/level-scan.js";
import { readDurable, writeDurable } from "./durable-mark.js";
import {
  collectionPrefix,
  FORMAT_KEY,
  ID_KEY,
  LOG_PREFIX,
  parseCollectionKey,
  SEQUENCE_KEY,
} from "./keys.js";
import { STORE_FORMAT } from "./migration.js";
import { isJson, type StoreContent } from "./store-content.js";
import { syncFolder } from "./sync.js";

/** A stretch of stored keys. An undefined bound is not known. */
export interface LostRange {
  readonly file: string;
  readonly what: string;
  /** Keys in question come behind this one. A bound need not be a key that there was. */
  readonly after: Change | string | undefined;
  /** The last one in question. */
  readonly upTo: Change | string | undefined;
}

/** What became of the records of a damaged store. */
export interface Salvaged {
  /** Where the damaged database lies now, as it was. */
  readonly kept: string;
  /** Records that are in the new one. */
  readonly records: number;
  /** Records that were there and are not any more, of those that the change log names or whose value is broken. */
  readonly lost: readonly Change[];
  /** Records of which an older value was found than the change log names. They are in the new store. */
  readonly outdated: readonly Change[];
  /** Records that lie where something could not be read and that the log is silent about: perhaps old, perhaps deleted. */
  readonly doubtful: readonly Change[];
  /** Where the keys lay that could not be read; the log may be silent about some. */
  readonly ranges: readonly LostRange[];
  /** Batches of which it is unknown what they touched: the first and the last of each gap. */
  readonly batches: readonly (readonly [first: number, last: number])[];
}

/** What the change log says of a key. */
interface Expected {
  readonly change: Change;
  readonly deleted: boolean;
  /** LevelDB's number of the first change of its batch: what is older is not it. */
  readonly since: number;
}

/**
 * Writes what can be read of a damaged database into a new one, which takes its place; the damaged one is kept. LevelDB's
 * own repair is not used: it drops the manifest and takes every table that lies about, so that what was deleted comes back.
 */
export async function salvage(
  dir: string,
  name: string,
  scan: LevelScan,
  content: StoreContent,
  signal: AbortSignal | undefined,
): Promise<Salvaged> {
  const expected = expectations(content);
  const build = await LevelBuild.create(join(dir, BUILDING));
  const lost: Change[] = [];
  const outdated: Change[] = [];
  const doubtful: Change[] = [];
  let records = 0;
  const found = new Set<string>();
  const put = (key: string, value: string): Promise<void> => build.put(Buffer.from(key), Buffer.from(value));
  try {
    for await (const { key, value, change } of scan.entries()) {
      throwIfAborted(signal);
      const record = parseCollectionKey(key);
      if (record === undefined) {
        if (!key.toString("latin1").startsWith(LOG_PREFIX) && key[0] !== 0x63) await build.put(key, value);
        continue;
      }
      const latin = key.toString("latin1");
      const wanted = expected.get(latin);
      const isOld = wanted !== undefined && change < wanted.since;
      // Its deletion is what could not be read.
      if (isOld && wanted.deleted) continue;
      if (!isJson(value)) {
        lost.push(record);
        found.add(latin);
        continue;
      }
      if (isOld) outdated.push(record);
      else if (wanted === undefined && isDoubtful(key, scan)) doubtful.push(record);
      await build.put(key, value);
      found.add(latin);
      records += 1;
    }
    for (const [key, { change, deleted }] of expected) if (!deleted && !found.has(key)) lost.push(change);
    const sequence = Math.max(
      content.sequence,
      content.batches.at(-1)?.last ?? 0,
      (await readDurable(dir)) ?? 0,
    );
    const format = content.format ?? STORE_FORMAT;
    await put(FORMAT_KEY, String(format));
    await put(SEQUENCE_KEY, String(sequence));
    if (format > 1) await put(ID_KEY, randomUUID());
    await build.finish();
    const kept = await takePlace(dir, name, sequence);
    return {
      kept,
      records,
      lost,
      outdated,
      doubtful,
      ranges: scan.unreadable.map(({ file, what, after, upTo }) => ({
        file,
        what,
        after: after && nameOf(after),
        upTo: upTo && nameOf(upTo),
      })),
      batches: gaps(content, scan, sequence),
    };
  } catch (error) {
    await build.discard();
    throw error;
  }
}

/** The new database counts from the moment on in which it is renamed; whoever opens the folder then finishes the rest. */
async function takePlace(dir: string, name: string, sequence: number): Promise<string> {
  await writeFile(
    join(dir, name, KEEP),
    "This database was damaged. What could be read is in the next one.\n",
  );
  await syncFolder(join(dir, name));
  // The sequence of the new one is no smaller, so the mark may come first.
  await writeDurable(dir, sequence);
  await rename(join(dir, BUILDING), join(dir, nextGeneration(name)));
  await syncFolder(dir);
  return (await retire(dir, name)) ?? join(dir, name);
}

function expectations({ batches }: StoreContent): Map<string, Expected> {
  const expected = new Map<string, Expected>();
  for (const { writes, change: entry } of batches) {
    // In a batch the log's entry comes right behind the operations that it tells of.
    const since = entry - writes.reduce((sum, write) => sum + write.length, 0);
    for (const { collection, key, deleted } of writes.flat()) {
      const stored = Buffer.from(collectionPrefix(collection) + key, "utf8").toString("latin1");
      expected.set(stored, { change: { collection, key }, deleted, since });
    }
  }
  return expected;
}

function isDoubtful(key: Buffer, scan: LevelScan): boolean {
  return scan.unreadable.some(
    ({ file, after, upTo }) =>
      !file.endsWith(".log") &&
      (after === undefined || Buffer.compare(key, after) > 0) &&
      (upTo === undefined || Buffer.compare(key, upTo) <= 0),
  );
}

function nameOf(stored: Buffer): Change | string {
  return parseCollectionKey(stored) ?? stored.toString("utf8");
}

/** Batches that the log does not tell of. Where nothing is unreadable, those that it has trimmed do not matter. */
function gaps(
  { batches, sequence }: StoreContent,
  scan: LevelScan,
  reached: number,
): readonly (readonly [first: number, last: number])[] {
  const unknown: [number, number][] = [];
  const first = batches[0]?.first ?? sequence + 1;
  let last = scan.unreadable.length > 0 ? 0 : first - 1;
  for (const batch of batches) {
    if (batch.first > last + 1) unknown.push([last + 1, batch.first - 1]);
    last = batch.last;
  }
  if (last < reached) unknown.push([last + 1, reached]);
  return unknown;
}
