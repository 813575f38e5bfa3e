import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type CgroupParent, cgroupPlaces, read } from "./cgroup-places.js";
import { groupName, sweep } from "./cgroup-sweep.js";

/** Finds writable control groups by making a leaf; undefined when there are none. Sweeps leftovers of dead processes. */
export function findCgroups(): CgroupParent | undefined {
  for (const find of cgroupPlaces()) {
    try {
      const parent = find();
      if (!parent) continue;
      for (const folder of new Set([parent.memory, parent.pids, parent.cpu ?? parent.pids])) sweep(folder);
      const limits = { memoryBytes: 64 * 1024 * 1024, processes: 16 };
      for (const tried of parent.cpu === undefined ? [parent] : [parent, { ...parent, cpu: undefined }]) {
        try {
          new CgroupLeaf(tried, randomUUID(), limits).removeNow();
          return tried;
        } catch {
          // Perhaps it is only CPU time that cannot be counted.
        }
      }
    } catch {
      // Not writable here: the next version, or none.
    }
  }
  return undefined;
}

/** What the kernel counted in a group since it was made. */
export interface CgroupUsage {
  /** CPU time of all processes, in milliseconds; undefined where it is not counted. */
  readonly cpuMs: number | undefined;
  /** What is charged now, in bytes. */
  readonly memoryBytes: number;
  /** The most that was charged at one time, or since {@link CgroupLeaf.resetPeak}; undefined on old kernels. */
  readonly peakMemoryBytes: number | undefined;
  /** Processes that the kernel killed for going over the memory limit. */
  readonly outOfMemoryKills: number;
  /** Processes and threads now. */
  readonly processes: number;
  /** How often a process or thread was refused for the limit. */
  readonly refusedProcesses: number;
}

/** One run's control group. */
export class CgroupLeaf {
  readonly limits: { readonly memoryBytes: number; readonly processes: number };
  readonly #version: 1 | 2;
  readonly #folders: readonly string[];
  readonly #memory: string;
  readonly #pids: string;
  readonly #cpu: string | undefined;
  #peakFile: number | undefined;

  /** Makes the group and sets its limits; throws when that cannot be done, leaving nothing. */
  constructor(
    parent: CgroupParent,
    name: string,
    limits: { readonly memoryBytes: number; readonly processes: number },
  ) {
    const leaf = groupName(name);
    this.limits = limits;
    this.#version = parent.version;
    this.#memory = join(parent.memory, leaf);
    this.#pids = join(parent.pids, leaf);
    this.#cpu = parent.cpu === undefined ? undefined : join(parent.cpu, leaf);
    this.#folders = [...new Set([this.#memory, this.#pids, this.#cpu ?? this.#pids])];
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
      set(this.#pids, "pids.max", limits.processes);
    } catch (error) {
      this.removeNow();
      throw error;
    }
  }

  /** Files into which a process writes 0 to join: three at most. */
  get joinFiles(): readonly string[] {
    return this.#folders.map((folder) => join(folder, this.#version === 1 ? "tasks" : "cgroup.procs"));
  }

  /** CPU time of all processes that are or were in the group, in milliseconds; undefined where it is not counted. */
  cpuMs(): number | undefined {
    if (this.#cpu === undefined) return undefined;
    if (this.#version === 1) return numberIn(read(join(this.#cpu, "cpuacct.usage")), /^(\d+)/, 1e6);
    return numberIn(read(join(this.#cpu, "cpu.stat")), /^usage_usec (\d+)$/m, 1e3);
  }

  /** What is charged now, in bytes. */
  memoryBytes(): number {
    return Number(read(join(this.#memory, this.#version === 1 ? "memory.usage_in_bytes" : "memory.current")));
  }

  usage(): CgroupUsage {
    return {
      cpuMs: this.cpuMs(),
      memoryBytes: this.memoryBytes(),
      peakMemoryBytes: numberIn(this.#peak(), /^(\d+)/, 1),
      outOfMemoryKills: this.outOfMemoryKills(),
      processes: Number(read(join(this.#pids, "pids.current"))),
      refusedProcesses: numberIn(read(join(this.#pids, "pids.events")), /^max (\d+)$/m, 1) ?? 0,
    };
  }

  /** How many processes the kernel killed for going over the memory limit. */
  outOfMemoryKills(): number {
    const file = this.#version === 1 ? "memory.oom_control" : "memory.events";
    return numberIn(read(join(this.#memory, file)), /^oom_kill (\d+)$/m, 1) ?? 0;
  }

  /**
   * Lets the peak of memory begin anew at what is charged now: for a sandbox that was started ahead of its run. False
   * where the kernel cannot (version 2 before Linux 6.12); the peak then is that of the sandbox's whole life.
   */
  resetPeak(): boolean {
    try {
      if (this.#version === 1) {
        set(this.#memory, "memory.max_usage_in_bytes", 0);
        return true;
      }
      // The new peak is told to those alone who read through the descriptor that reset it.
      const file = openSync(join(this.#memory, "memory.peak"), "r+");
      this.#closePeakFile();
      this.#peakFile = file;
      writeSync(file, "reset");
      return true;
    } catch {
      return false;
    }
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
    this.#closePeakFile();
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

  #peak(): string {
    if (this.#peakFile === undefined) {
      return read(join(this.#memory, this.#version === 1 ? "memory.max_usage_in_bytes" : "memory.peak"));
    }
    const text = new Uint8Array(32);
    return Buffer.from(text.subarray(0, readSync(this.#peakFile, text, 0, 32, 0))).toString();
  }

  #closePeakFile(): void {
    if (this.#peakFile !== undefined) closeSync(this.#peakFile);
    this.#peakFile = undefined;
  }
}

/** A number in a file of the group, divided by the parts that make one of our unit. */
function numberIn(text: string, pattern: RegExp, parts: number): number | undefined {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found) / parts;
}

function set(folder: string, file: string, value: number): void {
  writeFileSync(join(folder, file), String(value));
}
