import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

// A database lies in `level`. One that was rewritten as a whole lies in `level-1`, the next in `level-2`: it comes to be
// under another name and takes its place by being renamed, and whichever has the highest number is the one.
// LevelDB finds its files by path, so that one which is open can be neither moved nor replaced.

/** Folder in which the next database is made; whatever lies there when a store is opened was not finished. */
export const BUILDING = "level-building";

/** File in an old database that says that it is to be kept, under another name, when a newer one has taken its place. */
export const KEEP = "KEEP";

/** Folders with a database, the one that counts last. */
export async function listGenerations(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => /^level(-\d+)?$/.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

/** The database that counts; `level` in an empty folder. */
export async function currentGeneration(dir: string): Promise<string> {
  return (await listGenerations(dir)).at(-1) ?? "level";
}

/** The name that a database must have to take the place of this one. */
export function nextGeneration(name: string): string {
  return `level-${numberOf(name) + 1}`;
}

/** Removes what is older than the current database, and what was not finished. Only for whoever holds the lock. */
export async function sweepGenerations(dir: string, current: string): Promise<void> {
  await rm(join(dir, BUILDING), { recursive: true, force: true });
  // A repair that did not get to its end.
  await rm(join(dir, current, KEEP), { force: true });
  for (const name of await listGenerations(dir)) {
    if (numberOf(name) < numberOf(current)) await retire(dir, name);
  }
}

/** Removes an old database, or puts it aside as `damaged-…` when it is marked so. Gives where it went. */
export async function retire(dir: string, name: string): Promise<string | undefined> {
  const path = join(dir, name);
  const kept = await stat(join(path, KEEP)).catch(() => undefined);
  if (kept === undefined) {
    // A process that tries the lock may just be making a file there.
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    return undefined;
  }
  const aside = join(dir, name.replace("level", "damaged"));
  await rename(path, aside);
  return aside;
}

function numberOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}
