import { constants } from "node:os";
import { posix } from "node:path";
import type { Language, RunFacts, RunResult } from "@agentos/core";
import type { TestPlan, TestReport } from "../../driver.js";
import { type ChannelText, readReports } from "./channel.js";
import { goBuildFailed } from "./go-report.js";
import type { Ended } from "./launch.js";
import { syntaxErrorOf } from "./syntax-error.js";

/** The report of a test plan. `go`: what its events said; `failed`: why folders could not be built. */
export function reportOf(
  plan: TestPlan,
  channel: ChannelText,
  go: TestReport | undefined,
  failed: string | undefined,
): TestReport {
  if (!go) return readReports(channel.lines, plan);
  if (failed === undefined) return { tests: go.tests, finished: go.finished };
  const folders = channel.invalid.map((folder) => posix.normalize(folder));
  const unbuilt = goBuildFailed(plan, folders, failed);
  const labels = new Set(unbuilt.finished);
  return {
    tests: [...unbuilt.tests, ...go.tests.filter((test) => !labels.has(test.file))],
    finished: [...unbuilt.finished, ...go.finished.filter((label) => !labels.has(label))],
  };
}

/** How a run ended. `failed`: why it could not be built. */
export function resultOf(
  language: Language,
  facts: RunFacts,
  ended: Ended,
  outOfMemory: boolean,
  failed: string | undefined,
): RunResult {
  if (ended.stopped === "cancelled") return { ...facts, status: "cancelled" };
  if (outOfMemory) return { ...facts, status: "memory" };
  if (ended.stopped !== undefined) return { ...facts, status: ended.stopped };
  const invalid = failed ?? syntaxErrorOf(language, ended.exitCode, facts.stderr);
  if (invalid !== undefined) return { ...facts, status: "invalid", message: invalid };
  const signal = FATAL_SIGNALS.find((name) => constants.signals[name] === ended.exitCode - 128);
  if (signal) return { ...facts, status: "signal", signal };
  return { ...facts, status: "exited", exitCode: ended.exitCode };
}

/** Signals by which programs die. bubblewrap hands them on as 128 + number, which a program may also exit with by itself. */
const FATAL_SIGNALS = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGILL",
  "SIGTRAP",
  "SIGABRT",
  "SIGBUS",
  "SIGFPE",
  "SIGKILL",
  "SIGSEGV",
  "SIGPIPE",
  "SIGTERM",
  "SIGXCPU",
  "SIGXFSZ",
  "SIGSYS",
] as const;
