import { join } from "node:path";
import { isAgentOSError, throwIfAborted } from "@agentos/core";
import { type ChangeLog, storedSequence } from "./change-log.js";
import { copyEntries } from "./copy.js";
import { LevelBuild } from "./drivers/level-build.js";
import type { LevelDriver } from "./drivers/level-driver.js";
import { fromLevel } from "./drivers/level-errors.js";
import { BUILDING } from "./drivers/level-generations.js";
import { COLLECTIONS, collectionPrefix, LOG_PREFIX, prefixBounds, SEQUENCE_KEY } from "./keys.js";
import type { Snapshots } from "./snapshots.js";
import type { Writer } from "./writer.js";

/** What of a store a compaction works on. */
export interface CompactedParts {
  readonly driver: LevelDriver;
  readonly writer: Writer;
  readonly log: ChangeLog;
  readonly snapshots: Snapshots;
}

/**
 * Writes all that is live into a new database, which then takes the place of the old one. LevelDB's own compaction leaves
 * deleted bytes in tables of the lowest level, in its manifest, in its log for people and wherever a walk is open; what was
 * never copied cannot be left anywhere. Writes wait only for what changed during the copy.
 */
export async function compact(
  dir: string,
  { driver, writer, log, snapshots }: CompactedParts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const location = join(dir, BUILDING);
  const copied = await copyCollections(driver, location, signal);
  let build = copied.build;
  try {
    await writer.alone(async () => {
      const changes = await log.changes(copied.sequence, writer.sequence, undefined);
      if (changes === undefined) {
        // So much was written meanwhile that the log does not tell it any more.
        await build.discard();
        build = (await copyCollections(driver, location, signal)).build;
      }
      for (const { collection, key } of changes ?? []) {
        const stored = Buffer.from(collectionPrefix(collection) + key, "utf8");
        const value = await driver.get(stored.toString("utf8"));
        if (value === undefined) await build.delete(stored);
        else await build.put(stored, Buffer.from(value, "utf8"));
      }
      await copyOwnRecords(driver, build, signal);
      await build.put(Buffer.from(SEQUENCE_KEY), Buffer.from(String(writer.sequence)));
      throwIfAborted(signal);
      await build.finish();
      await driver.replace();
      // All of it was synced. The mark also keeps versions that look for `level` alone from beginning a new store there.
      await writer.noteDurable();
      await log.reload();
      await snapshots.deleteOlder();
    });
  } catch (error) {
    await build.discard();
    throw isAgentOSError(error) ? error : fromLevel(error, dir, "write");
  }
}

async function copyCollections(
  driver: LevelDriver,
  location: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly build: LevelBuild; readonly sequence: number }> {
  return driver.frozen(async (source) => {
    const build = await LevelBuild.create(location);
    try {
      await copyEntries(source, build, COLLECTIONS, { signal });
      return { build, sequence: await storedSequence(source) };
    } catch (error) {
      await build.discard();
      throw error;
    }
  });
}

/** Copies what belongs to no collection; the change log begins anew, since it names keys that are no more. */
async function copyOwnRecords(
  driver: LevelDriver,
  build: LevelBuild,
  signal: AbortSignal | undefined,
): Promise<void> {
  const log = prefixBounds(LOG_PREFIX);
  await driver.frozen(async (source) => {
    for (const [lower, upper] of [
      [Buffer.alloc(0), COLLECTIONS.lower],
      [COLLECTIONS.upper, log.lower],
      [log.upper, Buffer.of(0xff)],
    ] as const) {
      await copyEntries(source, build, { lower, upper }, { signal });
    }
  });
}
