import { Buffer } from "node:buffer";
import { performance } from "node:perf_hooks";
import type { RunResult } from "@agentos/core";
import type { DriverJob, DriverResult, ReportedTest } from "../driver.js";
import { OutputCollector } from "../output.js";
import type { ChildExit, OneShotChild } from "./child.js";
import type { ChildEnd } from "./protocol.js";
import { watchMemory } from "./watchdog.js";

/** What a result says of the driver that made it. */
export type DriverFacts = Pick<RunResult, "driver" | "mechanism" | "guarantees" | "enforced">;

/** A job whose files are ready for the child. */
export interface PreparedJob extends DriverJob {
  /** Why files could not be prepared, by path. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Why the host ended a run. */
type Stop = "wall-time" | "memory" | "output" | "cancelled";

/** More than this many tests of one run are not listed; the run ends as over its output limit. */
const MAX_TESTS = 100_000;
const MEBIBYTE = 1024 * 1024;

/** Resident memory that a child may grow by beyond its limit: code compiled for the run, and the runtime's own growth. */
const MEMORY_SLACK_BYTES = 48 * MEBIBYTE;

/** Runs one job on a child that is ready, and kills the child. */
export async function runOnce(
  child: OneShotChild,
  job: PreparedJob,
  facts: DriverFacts,
  signal: AbortSignal | undefined,
): Promise<DriverResult> {
  const stdout = new OutputCollector(job.limits.outputBytes);
  const stderr = new OutputCollector(job.limits.outputBytes);
  const tests: ReportedTest[] = [];
  const finished: string[] = [];
  let reportBytes = 0;
  let stopped: Stop | undefined;
  let end: ChildEnd | undefined;
  const stop = (reason: Stop): void => {
    if (end || stopped) return;
    stopped = reason;
    child.kill();
  };

  const started = performance.now();
  child.send(
    {
      language: job.language,
      files: job.files,
      entry: job.entry,
      args: job.args,
      stdin: job.stdin,
      limits: job.limits,
      problems: job.problems,
      ...(job.tests ? { tests: job.tests } : {}),
    },
    {
      onMessage: (message) => {
        if (end || stopped) return;
        if (message.type === "test") {
          reportBytes += message.test.name.length + (message.test.message?.length ?? 0);
          tests.push(message.test);
          if (tests.length > MAX_TESTS || reportBytes > 64 * MEBIBYTE) stop("output");
        } else if (message.type === "finished") {
          finished.push(message.file);
        } else if (message.type === "end") {
          end = message.end;
          child.kill();
        }
      },
      onOutput: (stream, chunk) => {
        if (!(stream === "stdout" ? stdout : stderr).push(chunk)) stop("output");
      },
      onFlood: () => stop("output"),
    },
  );
  const cancel = (): void => stop("cancelled");
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  const wall = setTimeout(() => stop("wall-time"), job.limits.wallMs);
  const unwatch =
    child.pid === undefined
      ? () => {}
      : watchMemory(child.pid, job.limits.memoryBytes + MEMORY_SLACK_BYTES, () => stop("memory"));

  const exit = await child.gone;
  clearTimeout(wall);
  unwatch();
  signal?.removeEventListener("abort", cancel);

  const outcome = stopped ? ({ status: stopped } as const) : (end ?? withoutEnd(exit, child, stderr));
  const result: RunResult = {
    ...facts,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
    durationMs: performance.now() - started,
    ...outcome,
  };
  return { result, ...(job.tests ? { report: { tests, finished } } : {}) };
}

/** A child that died without a word. Nothing that was not reported passes, so a lie here gains nothing. */
function withoutEnd(exit: ChildExit, child: OneShotChild, stderr: OutputCollector): RunEnd {
  if (child.broken !== undefined) stderr.push(Buffer.from(`${child.broken}\n`));
  if (exit.signal === null) return { status: "exited", exitCode: exit.exitCode || 1 };
  // V8 aborts a process whose heap it cannot grow.
  if (/heap out of memory|Fatal process out of memory|Allocation failed/.test(stderr.text()))
    return { status: "memory" };
  return { status: "signal", signal: exit.signal };
}

type RunEnd =
  | { readonly status: "exited"; readonly exitCode: number }
  | { readonly status: "memory" }
  | { readonly status: "signal"; readonly signal: string };
