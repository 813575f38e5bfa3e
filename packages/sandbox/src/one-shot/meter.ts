import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/** Whether the figures of another process can be read on this machine. */
export const CAN_METER: boolean = process.platform === "linux";

/** What a process uses. A figure that cannot be read is absent. */
export interface Reading {
  /** CPU time since it started, in milliseconds. */
  readonly cpuMs?: number;
  /** Resident memory now and at its highest, in bytes. */
  readonly memoryBytes?: number;
  readonly peakMemoryBytes?: number;
}

/** Reads what a process uses from outside: what runs in it has no say. */
export interface Meter {
  /** In steps of a clock tick (10 ms) for CPU time where no control group counts it: cheap enough for every few milliseconds. */
  read(): Reading;
  /** To the microsecond where the kernel tells. */
  readExactly(): Reading;
}

/**
 * A meter of one process by `/proc`. Gives empty readings once it is gone, and where there is no `/proc`.
 *
 * @param counted the CPU time of the process's control group, in milliseconds, where there is one: one file for all threads
 */
export function processMeter(pid: number, counted?: () => number | undefined): Meter {
  const read = (cpuMs = counted?.() ?? ticksOf(pid)): Reading => {
    const status = text(`/proc/${pid}/status`);
    const resident = bytesOf(status, "VmRSS");
    const peak = bytesOf(status, "VmHWM");
    return {
      ...(cpuMs === undefined ? {} : { cpuMs }),
      ...(resident === undefined ? {} : { memoryBytes: resident }),
      ...(peak === undefined ? {} : { peakMemoryBytes: peak }),
    };
  };
  return {
    read: () => read(),
    readExactly: () => {
      const whole = counted?.();
      if (whole !== undefined) return read(whole);
      const rough = read();
      const exact = threadsMs(pid);
      // Threads that have ended are in the rough figure only.
      return rough.cpuMs === undefined || exact === undefined
        ? rough
        : { ...rough, cpuMs: exact > rough.cpuMs - TICK_MS ? exact : rough.cpuMs };
    },
  };
}

/** `/proc` counts in ticks of a hundredth of a second on every platform that Node runs on. */
const TICK_MS = 10;

function ticksOf(pid: number): number | undefined {
  // After the command's name, which may hold anything: user and system time are the 12th and 13th.
  const fields = /\) (.*)$/s.exec(text(`/proc/${pid}/stat`))?.[1]?.split(" ");
  const ticks = Number(fields?.[11]) + Number(fields?.[12]);
  return Number.isFinite(ticks) ? ticks * TICK_MS : undefined;
}

function threadsMs(pid: number): number | undefined {
  let nanoseconds = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(text(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]);
    }
  } catch {
    return undefined;
  }
  // The file is empty where the kernel keeps no such statistics.
  return nanoseconds > 0 ? nanoseconds / 1e6 : undefined;
}

function bytesOf(status: string, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function text(path: string): string {
  if (!CAN_METER) return "";
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
