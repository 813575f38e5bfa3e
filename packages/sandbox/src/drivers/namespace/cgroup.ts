import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Where this process may make control groups for its runs, below its own. */
export interface CgroupParent {
  readonly version: 1 | 2;
  /** The folders below which a leaf is made: one for each controller in version 1, one in version 2. */
  readonly memory: string;
  readonly pids: string;
}

const PREFIX = "agentos.";

/** Finds writable control groups by making a leaf; undefined when there are none. Sweeps leftovers of dead processes. */
export function findCgroups(): CgroupParent | undefined {
  for (const find of [findVersion1, findVersion2]) {
    try {
      const parent = find();
      if (!parent) continue;
      for (const folder of new Set([parent.memory, parent.pids])) sweep(folder);
      const leaf = new CgroupLeaf(parent, randomUUID(), { memoryBytes: 64 * 1024 * 1024, processes: 16 });
      leaf.removeNow();
      return parent;
    } catch {
      // Not writable here: the next version, or none.
    }
  }
  return undefined;
}

/** One run's control group. */
export class CgroupLeaf {
  readonly #version: 1 | 2;
  readonly #folders: readonly string[];
  readonly #memory: string;

  /** Makes the group and sets its limits; throws when that cannot be done, leaving nothing. */
  constructor(
    parent: CgroupParent,
    name: string,
    limits: { readonly memoryBytes: number; readonly processes: number },
  ) {
    const leaf = `${PREFIX}${process.pid}.${name}`;
    this.#version = parent.version;
    this.#memory = join(parent.memory, leaf);
    const pids = join(parent.pids, leaf);
    this.#folders = [...new Set([this.#memory, pids])];
    try {
      for (const folder of this.#folders) mkdirSync(folder);
      if (this.#version === 1) {
        set(this.#memory, "memory.limit_in_bytes", limits.memoryBytes);
        // Absent where the kernel does not count swap; then no swap may be used at all.
        if (existsSync(join(this.#memory, "memory.memsw.limit_in_bytes"))) {
          set(this.#memory, "memory.memsw.limit_in_bytes", limits.memoryBytes);
        } else {
          set(this.#memory, "memory.swappiness", 0);
        }
      } else {
        set(this.#memory, "memory.max", limits.memoryBytes);
        if (existsSync(join(this.#memory, "memory.swap.max"))) set(this.#memory, "memory.swap.max", 0);
      }
      set(pids, "pids.max", limits.processes);
    } catch (error) {
      this.removeNow();
      throw error;
    }
  }

  /** Files into which a process writes 0 to join. */
  get joinFiles(): readonly string[] {
    return this.#folders.map((folder) => join(folder, this.#version === 1 ? "tasks" : "cgroup.procs"));
  }

  /** How many processes the kernel killed for going over the memory limit. */
  outOfMemoryKills(): number {
    const file = this.#version === 1 ? "memory.oom_control" : "memory.events";
    return Number(/^oom_kill (\d+)$/m.exec(read(join(this.#memory, file)))?.[1] ?? 0);
  }

  /** Kills what is left in the group and removes it. False when it would not go within a second. */
  async remove(): Promise<boolean> {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (this.removeNow()) return true;
      this.kill();
      await delay(5);
    }
    return false;
  }

  /** Removes the group when it is empty. */
  removeNow(): boolean {
    let removed = true;
    for (const folder of this.#folders) {
      try {
        rmdirSync(folder);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") removed = false;
      }
    }
    return removed;
  }

  /** Kills every process in the group. */
  kill(): void {
    for (const folder of this.#folders) {
      for (const id of read(join(folder, "cgroup.procs")).split("\n").filter(Boolean)) {
        try {
          process.kill(Number(id), "SIGKILL");
        } catch {
          // Gone already.
        }
      }
    }
  }
}

function findVersion1(): CgroupParent | undefined {
  const own = ownGroups();
  const memory = folderOf("cgroup", "memory", own);
  const pids = folderOf("cgroup", "pids", own);
  return memory && pids ? { version: 1, memory, pids } : undefined;
}

function findVersion2(): CgroupParent | undefined {
  const folder = folderOf("cgroup2", "", ownGroups());
  if (!folder) return undefined;
  const controllers = read(join(folder, "cgroup.controllers")).trim().split(" ");
  if (!controllers.includes("memory") || !controllers.includes("pids")) return undefined;
  const enabled = read(join(folder, "cgroup.subtree_control")).trim().split(" ");
  if (!enabled.includes("memory") || !enabled.includes("pids")) {
    leaveForLeaf(folder);
    writeFileSync(join(folder, "cgroup.subtree_control"), "+memory +pids");
  }
  return { version: 2, memory: folder, pids: folder };
}

/** Version 2 gives controllers only to children of a group without processes: a group of our own is left for a child of it. */
function leaveForLeaf(folder: string): void {
  const processes = read(join(folder, "cgroup.procs")).split("\n").filter(Boolean);
  if (processes.length !== 1 || Number(processes[0]) !== process.pid) return;
  const host = join(folder, "agentos-host");
  mkdirSync(host, { recursive: true });
  writeFileSync(join(host, "cgroup.procs"), "0");
}

/** This process's own group by controller; "" is version 2. */
function ownGroups(): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  for (const line of read("/proc/self/cgroup").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const name of controllers?.split(",") ?? []) groups.set(name, path ?? "/");
  }
  return groups;
}

/** The folder of this process's own group, where that file system is mounted. */
function folderOf(type: string, controller: string, own: ReadonlyMap<string, string>): string | undefined {
  const path = own.get(controller);
  if (path === undefined) return undefined;
  for (const line of read("/proc/self/mountinfo").split("\n")) {
    const [left, right] = line.split(" - ");
    const [mountedType, , options] = right?.split(" ") ?? [];
    if (mountedType !== type || (controller !== "" && !options?.split(",").includes(controller))) continue;
    const [, , , root = "/", mountPoint = "/"] = left?.split(" ") ?? [];
    const below = path.startsWith(root) ? path.slice(root === "/" ? 0 : root.length) : "/";
    const folder = join(mountPoint, below);
    return existsSync(folder) ? folder : mountPoint;
  }
  return undefined;
}

/** Removes the empty groups of processes that are gone. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^agentos\.(\d+)\./.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    try {
      rmdirSync(join(folder, name));
    } catch {
      // Still in use, or not ours to remove.
    }
  }
}

function set(folder: string, file: string, value: number): void {
  writeFileSync(join(folder, file), String(value));
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
