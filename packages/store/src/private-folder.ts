import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder that only its user may enter, and those above it as is usual; gives whether it was not there. One that was
 * there stays as it is: who made it decides who may read it.
 */
export async function makePrivateFolder(dir: string): Promise<boolean> {
  await mkdir(dirname(dir), { recursive: true });
  try {
    await mkdir(dir, { mode: 0o700 });
    return true;
  } catch (error) {
    // Says what is wrong when it is no folder.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") await mkdir(dir, { recursive: true });
    else throw error;
    return false;
  }
}
