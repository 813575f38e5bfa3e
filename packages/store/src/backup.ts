import { randomUUID } from "node:crypto";
import { copyFile, mkdir, readdir, realpath, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type AgentOSError, isAgentOSError, type Logger, throwIfAborted } from "@agentos/core";
import { storedSequence } from "./change-log.js";
import { checkStore, type StoreReport } from "./check.js";
import { type CopyOptions, copyEntries } from "./copy.js";
import { LevelBuild } from "./drivers/level-build.js";
import type { LevelDriver } from "./drivers/level-driver.js";
import { fullError, isFull, isLocked } from "./drivers/level-errors.js";
import { BUILDING, currentGeneration } from "./drivers/level-generations.js";
import { requireFree } from "./drivers/level-open.js";
import type { ScanOptions } from "./drivers/level-scan.js";
import { readDurable, writeDurable } from "./durable-mark.js";
import { storeError } from "./errors.js";
import { ID_KEY, LOG_PREFIX, prefixBounds, SEQUENCE_KEY } from "./keys.js";
import { lockedError } from "./owner.js";
import { makePrivateFolder } from "./private-folder.js";
import { syncFiles, syncFolder } from "./sync.js";

/** Files of LevelDB that hold no data, and may belong to whoever has it open. */
const WITHOUT_DATA = /^LO(CK|G)/;

/** All that a backup makes in its folder. */
const MADE: ReadonlySet<string> = new Set([BUILDING, "level", "durable"]);

/**
 * Copies a store as it is now into an empty folder while writes go on; gives the sequence that the copy stands for. It
 * gets an id of its own and neither snapshots nor a change log.
 */
export async function backUp(
  driver: LevelDriver,
  dir: string,
  options: CopyOptions,
  again: boolean,
): Promise<number> {
  if (again) await clearUnfinished(dir);
  return filling(dir, async (folder) => {
    const sequence = await driver.frozen(async (source) => {
      const build = await LevelBuild.create(join(folder, BUILDING));
      try {
        const log = prefixBounds(LOG_PREFIX);
        let before = { entries: 0, bytes: 0 };
        let total = before;
        for (const [lower, upper] of [
          [Buffer.alloc(0), log.lower],
          [log.upper, Buffer.of(0xff)],
        ] as const) {
          await copyEntries(
            source,
            build,
            { lower, upper },
            {
              ...options,
              onProgress: ({ entries, bytes }) => {
                total = { entries: before.entries + entries, bytes: before.bytes + bytes };
                options.onProgress?.(total);
              },
            },
          );
          before = total;
        }
        const reached = await storedSequence(source);
        await build.put(Buffer.from(SEQUENCE_KEY), Buffer.from(String(reached)));
        await build.put(Buffer.from(ID_KEY), Buffer.from(randomUUID()));
        await build.finish();
        return reached;
      } catch (error) {
        await build.discard();
        throw error;
      }
    });
    await writeDurable(folder, sequence);
    return sequence;
  });
}

/** Checks a closed store or backup, then copies it into an empty folder. Gives what the check found. */
export async function restore(
  from: string,
  dir: string,
  options: ScanOptions,
  logger: Logger,
): Promise<StoreReport> {
  const report = await checkStore(from, { ...options, repair: false }, logger);
  const errors = report.findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw storeError(
      "STORE_CORRUPT",
      `The backup in ${from} is damaged: ${errors[0]?.what}. Nothing was changed. Take another backup, or repair a copy of this one with Store.check.`,
      { details: { dir: from, findings: errors } },
    );
  }
  await filling(dir, async (folder) => {
    const source = join(from, await currentGeneration(from));
    await mkdir(join(folder, BUILDING));
    for (const name of await readdir(source)) {
      throwIfAborted(options.signal);
      if (!WITHOUT_DATA.test(name)) await copyFile(join(source, name), join(folder, BUILDING, name));
    }
    // Whoever opened the store meanwhile changed the files that were copied.
    await requireFree(from);
    await syncFiles(join(folder, BUILDING));
    await writeDurable(folder, (await readDurable(from)) ?? report.sequence);
  });
  return report;
}

/** Has an empty folder filled; the last step turns what was made into a store. A folder that was not filled is empty again. */
async function filling<T>(dir: string, work: (folder: string) => Promise<T>): Promise<T> {
  const { folder, made } = await emptyFolder(dir);
  try {
    const result = await work(folder);
    await rename(join(folder, BUILDING), join(folder, "level"));
    await syncFolder(folder);
    return result;
  } catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    if (made) await rmdir(folder);
    if (isFull(error)) throw fullError(dir, error);
    if (isLocked(error)) throw await lockedError(dir, error);
    if (isAgentOSError(error)) throw error;
    throw storeError("STORE_IO", `The folder ${dir} could not be filled. Check the disk.`, {
      cause: error,
      details: { dir },
    });
  }
}

/** Removes what a backup leaves whose process was killed, and nothing else. */
async function clearUnfinished(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  if (names.some((name) => !MADE.has(name))) return;
  for (const name of names) await rm(join(dir, name), { recursive: true, force: true });
}

/** Throws `STORE_NOT_EMPTY` when there is something in the folder. It need not exist. */
export async function requireEmpty(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  if (names.length > 0) throw notEmptyError(dir);
}

async function emptyFolder(dir: string): Promise<{ readonly folder: string; readonly made: boolean }> {
  let made: boolean;
  let names: readonly string[];
  try {
    made = await makePrivateFolder(dir);
    names = await readdir(dir);
  } catch (cause) {
    throw storeError("STORE_UNOPENABLE", `The folder ${dir} cannot be made or read.`, {
      cause,
      details: { dir },
    });
  }
  if (names.length === 0) return { folder: await realpath(dir), made };
  throw notEmptyError(dir);
}

function notEmptyError(dir: string): AgentOSError {
  return storeError(
    "STORE_NOT_EMPTY",
    `The folder ${dir} is not empty. Name an empty or a new one; nothing was changed.`,
    { details: { dir } },
  );
}
