import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Where this process may make control groups for its runs, below its own. */
export interface CgroupParent {
  readonly version: 1 | 2;
  /** The folders below which a leaf is made: one for each controller in version 1, one in version 2. */
  readonly memory: string;
  readonly pids: string;
  /** Where CPU time is counted; undefined where version 1 does not. */
  readonly cpu: string | undefined;
}

/** The places where groups could be made, if they can be written; best first. */
export function cgroupPlaces(): readonly (() => CgroupParent | undefined)[] {
  return [findVersion1, findVersion2];
}

function findVersion1(): CgroupParent | undefined {
  const own = ownGroups();
  const memory = folderOf("cgroup", "memory", own);
  const pids = folderOf("cgroup", "pids", own);
  const cpu = folderOf("cgroup", "cpuacct", own);
  return memory && pids ? { version: 1, memory, pids, cpu } : undefined;
}

/** The group of this process itself, in which it leaves its own group to its runs. */
const HOST_GROUP = "agentos-host";

function findVersion2(): CgroupParent | undefined {
  const own = folderOf("cgroup2", "", ownGroups());
  if (!own) return undefined;
  const folder = basename(own) === HOST_GROUP ? dirname(own) : own;
  const controllers = read(join(folder, "cgroup.controllers")).trim().split(" ");
  if (!controllers.includes("memory") || !controllers.includes("pids")) return undefined;
  const enabled = read(join(folder, "cgroup.subtree_control")).trim().split(" ");
  if (!enabled.includes("memory") || !enabled.includes("pids")) {
    leaveForLeaf(folder);
    writeFileSync(join(folder, "cgroup.subtree_control"), "+memory +pids");
  }
  return { version: 2, memory: folder, pids: folder, cpu: folder };
}

/** Version 2 gives controllers only to children of a group without processes: a group of our own is left for a child of it. */
function leaveForLeaf(folder: string): void {
  const processes = read(join(folder, "cgroup.procs")).split("\n").filter(Boolean);
  if (processes.length !== 1 || Number(processes[0]) !== process.pid) return;
  const host = join(folder, HOST_GROUP);
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

/** A file of a control group; empty when it is not there. */
export function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
