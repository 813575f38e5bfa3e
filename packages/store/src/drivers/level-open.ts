import { join } from "node:path";
import { type AgentOSError, isAgentOSError } from "@agentos/core";
import { Level } from "level";
import { corruptError, fromLevel, isLocked } from "./level-errors.js";
import { currentGeneration, listGenerations } from "./level-generations.js";
import { findDamage } from "./level-integrity.js";

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
      if (level !== undefined) return { name, level };
      if (failure !== undefined) throw failure;
    }
    await level?.close();
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
