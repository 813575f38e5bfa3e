import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assetFolder, readAsset } from "../../assets.js";
import { sandboxError } from "../../errors.js";
import { remoteFile } from "../../one-shot/package-files.js";

/**
 * The folder that runs see as /harness, below `cacheDir`, made when it is missing. Its name is a hash of its content, so
 * that versions stand side by side; it is moved into place whole.
 */
export async function harnessFolder(cacheDir: string): Promise<string> {
  const names = (await readdir(assetFolder())).sort();
  const files = await Promise.all(names.map(async (name) => [name, await readAsset(name)] as const));
  // The protocol of separated verdicts in JavaScript, which the realms of other drivers use as well.
  files.push(["remote.mjs", await readFile(remoteFile(), "utf8")]);
  const hash = createHash("sha256");
  for (const [name, text] of files) hash.update(`${name}\0${text}\0`);
  const folder = join(cacheDir, `harness-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const work = join(cacheDir, `.harness-${randomUUID()}`);
  try {
    await mkdir(work);
    for (const [name, text] of files) {
      await writeFile(join(work, name), text);
      // Runs read it under user ids of their own, whatever this process's umask is.
      await chmod(join(work, name), 0o644);
    }
    await chmod(work, 0o755);
    await rename(work, folder);
  } catch (cause) {
    // Another process was quicker; its folder is the same.
    if (existsSync(folder)) return folder;
    throw sandboxError(
      "SANDBOX_DRIVER_FAILED",
      `The test harness could not be written to ${cacheDir}: ${(cause as Error).message}. Check that it can be written and is not full.`,
      { cause },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
