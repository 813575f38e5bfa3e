import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Makes names that were given or taken in a folder last (fsync). Windows knows no such thing. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes every file of a folder last, and their names. */
export async function syncFiles(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // Windows flushes only what was opened for writing.
    const handle = await open(join(dir, entry.name), "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await syncFolder(dir);
}
