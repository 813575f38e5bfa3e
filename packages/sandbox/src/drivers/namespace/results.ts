import { constants } from "node:os";
import type { RunFacts, RunLimits, RunResult, RunUsage } from "@agentos/core";
import type { DriverJob, TestPlan, TestReport } from "../../driver.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import type { CgroupUsage } from "./cgroup.js";
import { type ChannelText, readReports } from "./channel.js";
import type { Ended } from "./launch.js";
import type { Counted } from "./place.js";

/** The report of a test plan. */
export function reportOf(
  job: DriverJob,
  plan: TestPlan,
  ended: Ended,
  channel: ChannelText,
): TestReport & { readonly output?: string } {
  const { report } = LANGUAGE_FACTS[job.language].steps;
  if (!report) return readReports(channel.lines, plan);
  const { lines, invalid } = channel;
  return report({ lines, invalid, stdout: ended.stdout.text(), stderr: ended.stderr.text() }, job, plan);
}

/** What a run used. */
export function usageOf(ended: Ended, counted: Counted, warm: boolean): RunUsage {
  const { cpuMs, peakMemoryBytes } = counted.atEnd ?? {};
  return {
    ...(cpuMs === undefined ? {} : { cpuMs }),
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
    outputBytes: ended.stdout.total + ended.stderr.total,
    queueMs: 0,
    warm,
  };
}

/**
 * How a run ended. The first of these that holds:
 *
 * 1. `cancelled`, `output`: it was ended for that.
 * 2. `processes`, `memory`: it was ended for its time while it stood at that limit, which had been hit.
 * 3. `wall-time`, `cpu-time`: it was ended for its time.
 * 4. What follows is only for programs that failed by themselves; who ends with 0 has `exited`, whatever happened before.
 * 5. `memory`: the kernel killed a process of it for going over the limit.
 * 6. `internal`: the sandbox ended without a word of its supervisor.
 * 7. `policy`: SIGSYS. `cpu-time`: SIGXCPU, or SIGKILL with the time used up. `disk`: SIGXFSZ.
 * 8. `invalid`: it could not be built or parsed, unless the builder lacked something of 9 to 11.
 * 9. `processes`: a process or thread had been refused for the limit.
 * 10. `disk`: a folder that it may write to is full, or its last words are the system's for that.
 * 11. `memory`: its last words are those of its language for that.
 * 12. `signal`, `exited`.
 *
 * `failed`: why it could not be built.
 */
export function resultOf(
  job: DriverJob,
  facts: RunFacts,
  ended: Ended,
  counted: Counted,
  failed: string | undefined,
): RunResult {
  const { stopped, status } = ended;
  const { limits } = job;
  if (stopped === "cancelled" || stopped === "output") return { ...facts, status: stopped };
  if (stopped !== undefined) return { ...facts, status: limitStoodAt(counted.atStop, limits) ?? stopped };
  if (status.exitCode === 0) return { ...facts, status: "exited", exitCode: 0 };
  if ((counted.atEnd?.outOfMemoryKills ?? 0) > 0) return { ...facts, status: "memory" };
  if (status.exitCode === undefined) {
    const message = `The sandbox ended with ${ended.exitCode} while the program ran.`;
    return { ...facts, status: "internal", message };
  }
  // A shell that runs several things or collects files hands on how they ended, and no word of it.
  const signal = nameOf(
    status.signal ??
      ((job.tests ?? job.collect) && status.exitCode > 128 ? status.exitCode - 128 : undefined),
  );
  if (signal === "SIGSYS") return { ...facts, status: "policy", message: REFUSED };
  if (signal === "SIGXCPU") return { ...facts, status: "cpu-time" };
  if (signal === "SIGXFSZ") return { ...facts, status: "disk" };
  if (signal === "SIGKILL" && usedUp(facts, counted, limits)) return { ...facts, status: "cpu-time" };
  const lacked = lackedIn(facts.stderr.slice(-LAST_WORDS), ended, counted);
  const invalid = failed ?? LANGUAGE_FACTS[job.language].steps.syntaxError?.(status.exitCode, facts.stderr);
  if (invalid !== undefined && (failed === undefined || lacked === undefined)) {
    return { ...facts, status: "invalid", message: invalid };
  }
  if (lacked) return { ...facts, status: lacked };
  if (signal) return { ...facts, status: "signal", signal };
  return { ...facts, status: "exited", exitCode: status.exitCode };
}

const REFUSED =
  "A system call was made that sandboxes refuse by ending the program: one of another architecture (32-bit or x32 code)";

/** What part of a limit counts as standing at it. */
const AT_LIMIT = 0.9;

function limitStoodAt(
  at: CgroupUsage | undefined,
  limits: Required<RunLimits>,
): "processes" | "memory" | undefined {
  if (!at) return undefined;
  if (at.refusedProcesses > 0 && at.processes >= AT_LIMIT * limits.processes) return "processes";
  if (at.outOfMemoryKills > 0 && at.memoryBytes >= AT_LIMIT * limits.memoryBytes) return "memory";
  return undefined;
}

/** A program that ignores SIGXCPU is killed a second later. Without a count of all, its wall time must do. */
function usedUp(facts: RunFacts, counted: Counted, limits: Required<RunLimits>): boolean {
  return (counted.atEnd?.cpuMs ?? facts.durationMs) >= limits.cpuMs;
}

/** Characters of stderr, from its end, in which a failing program says why. */
const LAST_WORDS = 4000;

const NO_ROOM =
  /No space left on device|File too large|Disk quota exceeded|no space left on device|file too large|file size limit exceeded|\bE(?:NOSPC|FBIG|DQUOT)\b/;
const NO_MEMORY =
  /^MemoryError\b|JavaScript heap out of memory|Array buffer allocation failed|^fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory)|runtime: out of memory|std::bad_alloc|Cannot allocate memory|\bENOMEM\b/m;
const NO_PROCESS =
  /can't start new thread|BlockingIOError: \[Errno 11\]|failed to create new OS thread|\bspawn\b.* EAGAIN\b|fork\/exec .*resource temporarily unavailable|[Cc]annot fork|fork: (?:retry: )?Resource temporarily unavailable/;

function lackedIn(
  words: string,
  ended: Ended,
  counted: Counted,
): "processes" | "disk" | "memory" | undefined {
  if (counted.atEnd ? counted.atEnd.refusedProcesses > 0 : NO_PROCESS.test(words)) return "processes";
  if (ended.status.full || NO_ROOM.test(words)) return "disk";
  return NO_MEMORY.test(words) ? "memory" : undefined;
}

function nameOf(signal: number | undefined): string | undefined {
  if (signal === undefined) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`;
}
