import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LANGUAGES } from "@agentos/core";
import { assetFolder } from "../../assets.js";
import { sandboxError } from "../../errors.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import { nodeHarnessFolder } from "../../one-shot/package-files.js";
import { type Toolbox, toolchainOf } from "./toolbox.js";

/**
 * The folder that runs see as /harness, below `cacheDir`, made when it is missing. Its name is a hash of its content, so
 * that versions stand side by side; it is moved into place whole. What a language compiles ahead is in it, too.
 */
export async function harnessFolder(cacheDir: string, toolbox: Toolbox): Promise<string> {
  const files: (readonly [name: string, text: string])[] = [];
  for (const from of [assetFolder(), nodeHarnessFolder()]) {
    const entries = await readdir(from, { withFileTypes: true });
    for (const name of entries.filter((entry) => entry.isFile()).map((entry) => entry.name))
      if (!name.endsWith(".map")) files.push([name, await readFile(join(from, name), "utf8")]);
  }
  files.sort(([one], [other]) => (one < other ? -1 : 1));
  const hash = createHash("sha256");
  for (const [name, text] of files) hash.update(`${name}\0${text}\0`);
  const compilers = LANGUAGES.flatMap((language) => {
    const { compileHarness } = LANGUAGE_FACTS[language].steps;
    const toolchain = toolchainOf(toolbox, language);
    return compileHarness && toolchain ? [{ compileHarness, toolchain }] : [];
  });
  for (const { toolchain } of compilers) hash.update(`${toolchain.program}\0${toolchain.version}\0`);
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
    for (const { compileHarness, toolchain } of compilers) await compileHarness(work, toolchain);
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
