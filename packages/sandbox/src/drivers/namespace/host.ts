import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import type { Guarantee } from "@agentos/core";
import { findCgroups } from "./cgroup.js";
import type { CgroupParent } from "./cgroup-places.js";
import { seccompProgram } from "./seccomp.js";

/** What this machine offers to the namespace driver, as far as files tell; whether it works is found by running. */
export interface Host {
  readonly bubblewrap: string;
  /** Whether bubblewrap can forbid nested user namespaces (from 0.8 on). */
  readonly forbidsNesting: boolean;
  /** Whether this process is the machine's root: runs then start under unprivileged user ids. */
  readonly root: boolean;
  readonly cgroups: CgroupParent | undefined;
  /** The filter of system calls; undefined where there is none for this architecture, or the kernel takes none. */
  readonly filter: Uint8Array | undefined;
  /** An empty folder in which a private mount namespace may show folders that unprivileged ids cannot reach. */
  readonly staging: string | undefined;
  /** Whether the filter was seen to hold. */
  readonly filters: boolean;
  readonly setpriv: string | undefined;
  readonly unshare: string | undefined;
  readonly mount: string | undefined;
}

const run = promisify(execFile);
const BINARY_FOLDERS = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin", "/sbin"];

/** The first existing program of that name in the standard folders. */
function findBinary(name: string): string | undefined {
  return BINARY_FOLDERS.map((folder) => `${folder}/${name}`).find(existsSync);
}

/**
 * bubblewrap as a shell would find it, so that whoever takes it off the PATH has taken it away. This is how programs are
 * found, not a setting: no other variable is read.
 */
function findBubblewrap(): string | undefined {
  const folders = process.env["PATH"]?.split(delimiter).filter(isAbsolute) ?? BINARY_FOLDERS;
  return folders.map((folder) => join(folder, "bwrap")).find(existsSync);
}

/** Looks for what the driver needs; undefined without bubblewrap. */
export async function findHost(): Promise<Host | undefined> {
  const bubblewrap = findBubblewrap();
  if (!bubblewrap) return undefined;
  const help = await run(bubblewrap, ["--help"], { env: {} }).catch(() => ({ stdout: "" }));
  return {
    bubblewrap,
    forbidsNesting: help.stdout.includes("--disable-userns"),
    root: process.getuid?.() === 0,
    cgroups: findCgroups(),
    filter: seccompProgram(process.arch),
    staging: ["/mnt", "/media", "/srv"].find(existsSync),
    filters: false,
    setpriv: findBinary("setpriv"),
    unshare: findBinary("unshare"),
    mount: findBinary("mount"),
  };
}

/** Whether an unprivileged user id can reach a path and read it, by the modes of the path and of its parents. */
export function reachable(path: string): boolean {
  try {
    if ((statSync(path).mode & constants.S_IROTH) === 0) return false;
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
      if (folder === dirname(folder)) return true;
    }
  } catch {
    return false;
  }
}

/** Above the ids that systemd gives to users and containers, and below 2^31. */
const FIRST_ID = 1_900_000_000;
const ID_COUNT = 200_000_000;

/** Hands out a user id of its own to each running sandbox. Random, so that other processes hardly meet one. */
export class Identities {
  readonly #used = new Set<number>();

  take(): number {
    for (;;) {
      const id = FIRST_ID + randomInt(ID_COUNT);
      if (this.#used.has(id)) continue;
      this.#used.add(id);
      return id;
    }
  }

  give(id: number): void {
    this.#used.delete(id);
  }
}

/**
 * What runs get here. `memory` is promised only where a control group holds all processes of a run together, `kernel` only
 * where the filter of system calls was seen to hold.
 */
export function guaranteesOf(host: Host): readonly Guarantee[] {
  return [
    "filesystem",
    "network",
    ...(host.cgroups ? (["memory"] as const) : []),
    "processes",
    ...(host.filters ? (["kernel"] as const) : []),
  ];
}
