import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type AgentOSError, isAgentOSError } from "@agentos/core";
import { Level } from "level";
import { corruptError, fromLevel, isLocked } from "./level-errors.js";
import { currentGeneration, listGenerations } from "./level-generations.js";
import { findDamage } from "./level-integrity.js";

/** Longer than others hold a lock only to see whether it is free, even on a busy machine. */
const LOOK_MS = 5_000;

/** Opens a database of text. */
export async function openLevel(location: string): Promise<Level<string, string>> {
  const level = new Level<string, string>(location, { keyEncoding: "utf8", valueEncoding: "utf8" });
  await level.open();
  return level;
}

/**
 * Opens a database that no other process can keep, since this one holds the lock of an older one. Others may hold its lock for
 * the moment in which they look whether it is free.
 */
export async function openFreed(location: string): Promise<Level<string, string>> {
  const started = performance.now();
  for (;;) {
    try {
      return await openLevel(location);
    } catch (error) {
      if (!isLocked(error) || performance.now() - started > LOOK_MS) throw error;
      await setTimeout(1);
    }
  }
}

/**
 * Takes the lock on the database of a folder that counts, looks for damage, then opens it. Throws the `LEVEL_LOCKED` error
 * as it is, so that the store can say who holds it.
 */
export async function openCurrent(
  dir: string,
  tableBytes?: number,
): Promise<{ readonly name: string; readonly level: Level<string, string> }> {
  for (;;) {
    await requireFree(dir);
    const name = await currentGeneration(dir);
    const location = join(dir, name);
    let level: Level<string, string> | undefined;
    let failure: AgentOSError | undefined;
    try {
      const damage = await findDamage(location, tableBytes);
      if (damage !== undefined) {
        // A process that opened the store meanwhile is changing the files that were just read.
        await requireFree(dir);
        failure = corruptError(dir, damage.what, { file: damage.file });
      } else {
        level = await openLevel(location);
      }
    } catch (error) {
      if (isLocked(error)) throw error;
      failure = isAgentOSError(error) ? error : fromLevel(error, dir, "open");
    }
    // Whoever held the store may have put another database in its place just before it let go.
    if ((await currentGeneration(dir)) === name) {
      if (level !== undefined) {
        await requireOthersFree(dir, name, level);
        return { name, level };
      }
      if (failure !== undefined) throw failure;
    }
    await level?.close();
  }
}

/**
 * Whoever puts a new database in the place of the old one holds the old lock until it has the new one. So the new one may
 * have been free for a moment though the store was not: then it is let go of, and the error says that it is locked.
 */
async function requireOthersFree(dir: string, name: string, level: Level<string, string>): Promise<void> {
  try {
    for (const other of await listGenerations(dir))
      if (other !== name) await requireUnlocked(join(dir, other));
  } catch (error) {
    await level.close();
    throw error;
  }
}

/** Throws LevelDB's own error when another process or handle holds the lock of any database of the folder. */
export async function requireFree(dir: string): Promise<void> {
  for (const name of await listGenerations(dir)) await requireUnlocked(join(dir, name));
}

/**
 * Asked to fail where a database exists, LevelDB takes the lock, fails and lets go, with no file changed.
 */
async function requireUnlocked(location: string): Promise<void> {
  const level = new Level(location, { createIfMissing: false, errorIfExists: true });
  try {
    await level.open();
  } catch (error) {
    if (isLocked(error)) throw error;
  } finally {
    await level.close();
  }
}
