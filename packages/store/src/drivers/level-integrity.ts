import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { changesOf, readLog } from "./level-log.js";
import { type Manifest, readManifest } from "./level-manifest.js";
import { Malformed } from "./level-reader.js";
import { checkTable } from "./level-table.js";

/** Damage that was found in a file. */
export interface Damage {
  readonly file: string;
  /** What is wrong, as part of a sentence. */
  readonly what: string;
  /** Whether files or parts of the manifest are missing, so that the manifest does not tell which files count. */
  readonly incomplete: boolean;
}

/** Says that what is there does not fit together. */
class Incomplete extends Malformed {}

/** Bytes of tables that are read at opening, the newest first; older ones are left to LevelDB. */
const TABLE_BYTES = 256 * 2 ** 20;

/**
 * Looks for damage in the files of a database that no process has open, and changes nothing. LevelDB opens without
 * checking most checksums, passes over what does not fit, and then deletes the files it has no use for; so this comes
 * first. It also finds files that were cut short or are missing, since changes are numbered without gaps.
 * @param tableBytes of the newest tables so many bytes are read, which takes most of the time
 */
export async function findDamage(
  location: string,
  tableBytes: number = TABLE_BYTES,
): Promise<Damage | undefined> {
  const names = await listFiles(location);
  let file = "CURRENT";
  const check = async <T>(name: string, read: (bytes: Buffer) => T): Promise<T> => {
    file = name;
    return read(await readFile(join(location, name)));
  };
  try {
    if (!names.includes("CURRENT")) {
      if (names.some((name) => /\.(ldb|sst|log)$/.test(name)))
        throw new Incomplete("it is missing, but data is there");
      return undefined;
    }
    const name = await check("CURRENT", (bytes) => bytes.toString("latin1"));
    if (!/^MANIFEST-\d{6,}\n$/.test(name)) throw new Malformed("it does not name a manifest");
    const manifest = await check(name.trim(), readManifest);
    // The log that an edit names is deleted only after a later edit: without it, later edits are missing.
    const current = `${String(manifest.logNumber).padStart(6, "0")}.log`;
    if (manifest.logNumber > 0 && !names.includes(current))
      throw new Incomplete(`it names ${current}, which is missing`);
    await checkLogs(liveLogs(names, manifest), manifest, check);
    await checkTables(names, manifest, tableBytes, check);
    return undefined;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!missing && !(error instanceof Malformed)) throw error;
    return {
      file,
      what: `${file}: ${missing ? "it is missing" : (error as Error).message}`,
      incomplete: error instanceof Incomplete || /^(CURRENT|MANIFEST)/.test(file),
    };
  }
}

type Check = <T>(name: string, read: (bytes: Buffer) => T) => Promise<T>;

async function checkLogs(logs: readonly string[], manifest: Manifest, check: Check): Promise<void> {
  let last = manifest.lastChange;
  for (const name of logs) {
    const changes = await check(name, (bytes) => changesOf(readLog(bytes)));
    if (changes === undefined) continue;
    if (changes.first > last + 1)
      throw new Incomplete(`what came before it is missing (${last + 1} to ${changes.first - 1})`);
    last = Math.max(last, changes.last);
  }
}

async function checkTables(
  names: readonly string[],
  manifest: Manifest,
  tableBytes: number,
  check: Check,
): Promise<void> {
  let read = 0;
  for (const [number, size] of [...manifest.tables].sort(([a], [b]) => b - a)) {
    read += size;
    if (read > tableBytes) return;
    const stem = String(number).padStart(6, "0");
    await check(names.includes(`${stem}.sst`) ? `${stem}.sst` : `${stem}.ldb`, (bytes) => {
      if (bytes.length !== size)
        throw new Malformed(`it has ${bytes.length} bytes where ${size} were written`);
      checkTable(bytes);
    });
  }
}

function liveLogs(names: readonly string[], manifest: Manifest): readonly string[] {
  const number = (name: string): number => Number.parseInt(name, 10);
  return names
    .filter((name) => /^\d+\.log$/.test(name))
    .filter((name) => number(name) >= manifest.logNumber || number(name) === manifest.previousLogNumber)
    .sort((a, b) => number(a) - number(b));
}

async function listFiles(location: string): Promise<readonly string[]> {
  try {
    return await readdir(location);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
