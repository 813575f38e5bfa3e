import { release } from "node:os";
import type { RunLimits } from "@agentos/core";
import type { CgroupParent } from "./cgroup-places.js";

const MEBIBYTE = 1024 * 1024;

/** bubblewrap outside and the supervisor inside are in the run's group, too. */
const OWN_PROCESSES = 2;

/** What a limit is held by. */
export interface LimitMeans {
  readonly cgroups: CgroupParent | undefined;
  /** Whether the run has a user id that no other process has. */
  readonly ownIdentity: boolean;
}

/** What the control group of a run is limited to. */
export function groupLimits(limits: Pick<Required<RunLimits>, "memoryBytes" | "processes">): {
  readonly memoryBytes: number;
  readonly processes: number;
} {
  return { memoryBytes: limits.memoryBytes, processes: limits.processes + OWN_PROCESSES };
}

/**
 * The limits of each process, as lines of a shell script. What the machine itself allows less of stays less.
 * `reservesMemory`: the program reserves far more memory than it uses, as Node does, so that only a control group can
 * limit it.
 */
export function resourceLimits(
  limits: Required<RunLimits>,
  means: LimitMeans,
  reservesMemory: boolean,
): string {
  const lines = [
    "ulimit -c 0",
    `ulimit -n ${limits.openFiles}`,
    // The shell counts in blocks of 512 bytes.
    `ulimit -f ${Math.ceil(limits.fileBytes / 512)}`,
  ];
  if (Number.isFinite(limits.cpuMs)) {
    const seconds = cpuSeconds(limits.cpuMs);
    lines.push(`ulimit -S -t ${seconds}`, `ulimit -H -t ${seconds + 1}`);
  }
  if (!means.cgroups) {
    const processes = processesByUser(limits.processes, means.ownIdentity);
    lines.push(`ulimit -u ${processes} || ulimit -p ${processes}`);
    if (!reservesMemory) lines.push(`ulimit -d ${Math.ceil(limits.memoryBytes / 1024)}`);
  }
  return lines.map((line) => `{ ${line}; } 2>/dev/null\n`).join("");
}

/** RLIMIT_CPU in whole seconds, rounded up. */
function cpuSeconds(cpuMs: number): number {
  return Math.ceil(cpuMs / 1000);
}

/** Before Linux 5.14 the kernel counts all processes of a user, in and out of the sandbox. */
const OTHER_PROCESSES = 1024;

function processesByUser(processes: number, ownIdentity: boolean): number {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  const counted = ownIdentity || major > 5 || (major === 5 && minor >= 14);
  return processes + OWN_PROCESSES + (counted ? 0 : OTHER_PROCESSES);
}

/** The limits in force and by which means, for a person. */
export function describeLimits(limits: Required<RunLimits>, means: LimitMeans): readonly string[] {
  const { cgroups } = means;
  const group = cgroups ? `cgroup v${cgroups.version}` : "";
  const lines = [`wall time ${limits.wallMs} ms`];
  if (Number.isFinite(limits.cpuMs)) {
    lines.push(
      cgroups?.cpu !== undefined
        ? `CPU time ${limits.cpuMs} ms (${group})`
        : `CPU time ${cpuSeconds(limits.cpuMs)} s for each process (rlimit)`,
    );
  }
  lines.push(
    cgroups
      ? `memory ${mebibytes(limits.memoryBytes)} (${group})`
      : `memory ${mebibytes(limits.memoryBytes)} for each process (rlimit; of Node the heap alone)`,
    cgroups
      ? `${limits.processes} processes (${group})`
      : `${processesByUser(limits.processes, means.ownIdentity)} processes (rlimit)`,
    `${limits.openFiles} open files, ${mebibytes(limits.fileBytes)} a file (rlimit)`,
    `disk ${mebibytes(limits.diskBytes)} (tmpfs)`,
    `output ${mebibytes(limits.outputBytes)}`,
  );
  return lines;
}

function mebibytes(bytes: number): string {
  return bytes % MEBIBYTE === 0 ? `${bytes / MEBIBYTE} MiB` : `${bytes} bytes`;
}
