import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AgentOSError, type Clock, isAgentOSError } from "@agentos/core";
import { storeError } from "./errors.js";

interface Owner {
  readonly pid: number;
  /** In milliseconds since 1970. */
  readonly openedAt: number;
  /** Tells this process from every other that had its pid, where the system can. */
  readonly instance?: string;
  /** The folder as it was called then: a copy of it is not open. */
  readonly dir?: string;
  /** Whether others can work through it. */
  readonly shared?: boolean;
}

/**
 * Folders that are open in this thread, by real path. LevelDB's lock is POSIX's: it belongs to the process and is lost
 * when any handle on the lock file is closed, which a second, refused opening does. So a folder must not reach LevelDB
 * twice in one process, whichever copy of this package opens it: hence a table that they share.
 */
function openFolders(): Set<string> {
  const shared = globalThis as { [FOLDERS]?: Set<string> };
  shared[FOLDERS] ??= new Set();
  return shared[FOLDERS];
}

const FOLDERS = Symbol.for("agentos.store.folders");

/** Keeps a folder for one Store of this process; gives what lets go of it. Throws `STORE_LOCKED`. */
export async function claimFolder(dir: string): Promise<() => Promise<void>> {
  const folders = openFolders();
  if (folders.has(dir)) throw lockedBy(dir, { pid: process.pid, openedAt: 0 });
  folders.add(dir);
  const release = async (): Promise<void> => {
    folders.delete(dir);
  };
  try {
    // Another thread has a table of its own, but the note that it left names this process. And LevelDB's lock is gone when
    // somebody removes its file, as is done to files that are called so; who noted itself and lives has the folder open.
    const owner = await readOwner(dir);
    if (owner?.instance !== undefined && owner.dir === dir && (await isLive(owner.instance))) {
      throw lockedBy(dir, owner);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

/** Notes which process opened the store, so that the next one can say whom to close. */
export async function noteOwner(dir: string, clock: Clock, shared: boolean): Promise<void> {
  const instance = await thisInstance();
  const owner: Owner = { pid: process.pid, openedAt: clock(), instance, dir, shared };
  // A new file: the note must not be written through a link that lies there.
  await forgetOwner(dir);
  await writeFile(ownerFile(dir), JSON.stringify(owner), { flag: "wx" });
}

/** Removes the note. */
export async function forgetOwner(dir: string): Promise<void> {
  await rm(ownerFile(dir), { force: true });
}

/** The error for a store that somebody else holds. */
export async function lockedError(dir: string, cause: unknown): Promise<AgentOSError> {
  return isAgentOSError(cause, "STORE_LOCKED") ? cause : lockedBy(dir, await readOwner(dir), cause);
}

function lockedBy(dir: string, owner: Owner | undefined, cause?: unknown): AgentOSError {
  const who =
    owner === undefined
      ? "another process"
      : owner.pid === process.pid
        ? `this process (pid ${owner.pid})`
        : `another process (pid ${owner.pid}, since ${new Date(owner.openedAt).toISOString()})`;
  const remedy =
    owner?.pid === process.pid
      ? "Use the Store that is open, close it first, or open both with `shared`"
      : "Close that process, open the store with `shared` in both, or use another folder";
  return storeError("STORE_LOCKED", `The store in ${dir} is open in ${who}. ${remedy}.`, {
    cause,
    details: { dir, ...(owner ? { pid: owner.pid, shared: owner.shared === true } : {}) },
  });
}

async function readOwner(dir: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(ownerFile(dir), "utf8")) as Partial<Owner>;
    const { pid, openedAt } = owner;
    return typeof pid === "number" && typeof openedAt === "number" ? { ...owner, pid, openedAt } : undefined;
  } catch {
    // The note is a courtesy; without it the message is less exact.
    return undefined;
  }
}

/** Boot, pid and start of this process; undefined where there is no /proc. */
async function thisInstance(): Promise<string | undefined> {
  return (await instanceOf(process.pid))?.name;
}

/** Whether the process that is named so has not ended. */
async function isLive(instance: string): Promise<boolean> {
  const pid = Number(instance.split("/")[1]);
  const found = Number.isSafeInteger(pid) && pid > 0 ? await instanceOf(pid) : undefined;
  return found !== undefined && found.name === instance && !found.ended;
}

async function instanceOf(
  pid: number,
): Promise<{ readonly name: string; readonly ended: boolean } | undefined> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    // The 3rd and the 22nd field; the 2nd, a name in brackets, may itself hold blanks.
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ").at(-1)?.split(" ");
    // One that nobody has waited for yet is still listed.
    return { name: `${boot}/${pid}/${fields?.[19]}`, ended: /^[ZXx]$/.test(fields?.[0] ?? "") };
  } catch {
    return undefined;
  }
}

function ownerFile(dir: string): string {
  return join(dir, "owner.json");
}
