import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type AgentOSError, isAgentOSError } from "@agentos/core";
import { Level } from "level";
import { corruptError, fromLevel, isLocked } from "./level-errors.js";
import { currentGeneration, listGenerations } from "./level-generations.js";
import { findDamage } from "./level-integrity.js";

/** How long rivals are waited for; each holds the lock for as long as it takes to open and close a database. */
const RIVAL_MS = 10_000;
const RIVAL_PAUSE_MS = 2;

/** Opens a database of text. */
export async function openLevel(location: string): Promise<Level<string, string>> {
  const level = new Level<string, string>(location, { keyEncoding: "utf8", valueEncoding: "utf8" });
  await level.open();
  return level;
}

/**
 * Takes the lock on the database of a folder that counts, looks for damage, then opens it. Throws the `LEVEL_LOCKED` error
 * as it is, so that the store can say who holds it.
 */
export async function openCurrent(
  dir: string,
): Promise<{ readonly name: string; readonly level: Level<string, string> }> {
  for (;;) {
    await requireFree(dir);
    const name = await currentGeneration(dir);
    const location = join(dir, name);
    let level: Level<string, string> | undefined;
    let failure: AgentOSError | undefined;
    try {
      const damage = await findDamage(location);
      if (damage !== undefined) {
        // A process that opened the store meanwhile is changing the files that were just read.
        await requireFree(dir);
        failure = corruptError(dir, damage.what, { file: damage.file });
      } else {
        level = await openLevel(location);
        // This one may have got its name a moment ago, from a process that still holds the one before and waits for it.
        await requireFree(dir, name);
      }
    } catch (error) {
      if (isLocked(error)) {
        await level?.close();
        throw error;
      }
      failure = isAgentOSError(error) ? error : fromLevel(error, dir, "open");
    }
    // Whoever held the store may have put another database in its place just before it let go.
    if ((await currentGeneration(dir)) === name) {
      if (level !== undefined) return { name, level };
      if (failure !== undefined) throw failure;
    }
    await level?.close();
  }
}

/**
 * Throws LevelDB's own error when another process or handle holds the lock of any database of the folder.
 * @param held the one whose lock is held here
 */
export async function requireFree(dir: string, held?: string): Promise<void> {
  for (const name of await listGenerations(dir)) {
    if (name !== held) await requireUnlocked(join(dir, name));
  }
}

/**
 * Opens the database that takes the place of one whose lock is held here. A rival that tries its lock meanwhile finds the
 * other one locked and gives way, so this waits for it.
 */
export async function openSuccessor(location: string): Promise<Level<string, string>> {
  const deadline = performance.now() + RIVAL_MS;
  for (;;) {
    try {
      return await openLevel(location);
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw error;
      await setTimeout(RIVAL_PAUSE_MS);
    }
  }
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
