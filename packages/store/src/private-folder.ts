import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { makeFolders } from "./make-folders.js";

/**
 * Makes a folder that only its user may enter, and those above it as is usual; gives whether it was not there. One that was
 * there stays as it is: who made it decides who may read it.
 */
export async function makePrivateFolder(dir: string): Promise<boolean> {
  const path = resolve(dir);
  await makeFolders(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    // Says what is wrong when it is no folder.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") await makeFolders(path);
    else throw error;
    return false;
  }
}
