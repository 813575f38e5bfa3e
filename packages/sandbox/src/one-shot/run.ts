import { performance } from "node:perf_hooks";
import type { RunResult, RunUsage } from "@agentos/core";
import type { DriverJob, DriverResult, RunHooks } from "../driver.js";
import { feedInput } from "../drivers/namespace/descriptors.js";
import { OutputCollector } from "../output.js";
import { Reports } from "../reports.js";
import type { ChildExit, OneShotChild } from "./child.js";
import { watch } from "./fence.js";
import type { Reading } from "./meter.js";
import type { ChildMessage } from "./protocol.js";

/** What a result says of the driver that made it. */
export type DriverFacts = Pick<RunResult, "driver" | "mechanism" | "guarantees" | "enforced">;

/** A job whose files are ready for the child. */
export interface PreparedJob extends DriverJob {
  /** Why files could not be prepared, by path. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Why the host ended a run. */
type Stop = "wall-time" | "cpu-time" | "memory" | "output" | "cancelled";

type Ending =
  | { readonly status: "exited"; readonly exitCode: number }
  | { readonly status: Stop }
  | { readonly status: "invalid" | "internal"; readonly message: string }
  | { readonly status: "signal"; readonly signal: string };

/** More than this many tests of one run are not listed; the run ends as over its output limit. */
const MAX_TESTS = 100_000;
const MEBIBYTE = 1024 * 1024;

/** Resident memory that a child may grow by beyond its limit: code compiled for the run, and the runtime's own growth. */
const MEMORY_SLACK_BYTES = 48 * MEBIBYTE;

/** Runs one job on a child that is ready, and ends the child. It may be gone only a little later. */
export function runOnce(
  child: OneShotChild,
  job: PreparedJob,
  facts: DriverFacts,
  hooks: RunHooks = {},
  waited: Pick<RunUsage, "queueMs" | "warm"> = { queueMs: 0, warm: false },
): Promise<DriverResult> {
  return new OneShotRun(child, job, facts, hooks, waited).run();
}

class OneShotRun {
  readonly #child: OneShotChild;
  readonly #job: PreparedJob;
  readonly #facts: DriverFacts;
  readonly #hooks: RunHooks;
  readonly #waited: Pick<RunUsage, "queueMs" | "warm">;
  readonly #stdout: OutputCollector;
  readonly #stderr: OutputCollector;
  readonly #reports: Reports | undefined;
  #testCount = 0;
  #reportBytes = 0;
  #stopped: Stop | undefined;
  #flooded = false;
  #end: Extract<ChildMessage, { type: "end" }> | undefined;
  /** What the child used, read before it was ended. */
  #used: Reading = {};
  #allRead: () => void = () => {};

  constructor(
    child: OneShotChild,
    job: PreparedJob,
    facts: DriverFacts,
    hooks: RunHooks,
    waited: Pick<RunUsage, "queueMs" | "warm">,
  ) {
    this.#child = child;
    this.#job = job;
    this.#facts = facts;
    this.#hooks = hooks;
    this.#waited = waited;
    this.#reports = job.tests && new Reports(job.tests);
    this.#stdout = new OutputCollector(job.limits.outputBytes);
    this.#stderr = new OutputCollector(job.limits.outputBytes);
  }

  async run(): Promise<DriverResult> {
    const started = performance.now();
    const { signal, link, input } = this.#hooks;
    const child = this.#child;
    const allRead = new Promise<undefined>((resolve) => {
      this.#allRead = () => resolve(undefined);
    });
    this.#send();
    if (link) {
      // A half that is gone ends the link, and so the other half's.
      link.on("error", () => {});
      link.pipe(child.link).pipe(link);
    }
    // A program whose input fails gets the end of it.
    feedInput(child.stdin, new Uint8Array(), input).catch(() => child.stdin.end());
    const cancel = (): void => this.#stop("cancelled");
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    const { wallMs, cpuMs, memoryBytes } = this.#job.limits;
    const wall = setTimeout(() => this.#stop("wall-time"), wallMs);
    const bounds = { cpuMs, memoryBytes: memoryBytes + MEMORY_SLACK_BYTES };
    const unwatch = watch(child.meter, child.before, bounds, (limit) => this.#stop(limit));

    const exit = await Promise.race([child.gone, allRead]);
    clearTimeout(wall);
    unwatch();
    signal?.removeEventListener("abort", cancel);
    const ending: Ending = this.#ending(exit);
    child.dismiss();
    return this.#result(ending, performance.now() - started);
  }

  #send(): void {
    const { language, files, entry, args, stdin, limits, tests, half, problems } = this.#job;
    this.#child.send(
      {
        language,
        files,
        entry,
        args,
        stdin,
        limits,
        problems,
        moreInput: this.#hooks.input !== undefined,
        ...(tests ? { tests } : {}),
        ...(half ? { half } : {}),
      },
      {
        onMessage: (message) => this.#message(message),
        onOutput: (stream, chunk) => this.#output(stream, chunk),
        onFlood: () => this.#stop("output"),
      },
    );
  }

  #message(message: ChildMessage): void {
    if (this.#end || this.#stopped) return;
    if (message.type === "test") {
      this.#reportBytes += message.test.name.length + (message.test.message?.length ?? 0);
      this.#testCount++;
      this.#reports?.add({ test: message.test });
      this.#hooks.onTest?.(message.test);
      if (this.#testCount > MAX_TESTS || this.#reportBytes > 64 * MEBIBYTE) this.#stop("output");
    } else if (message.type === "unseparable") {
      this.#reports?.add({ unseparable: message.reason });
    } else if (message.type === "finished") {
      this.#reports?.add({ finished: message.file });
    } else if (message.type === "note") {
      this.#reports?.add(message.note);
    } else if (message.type === "end") {
      this.#end = message;
      this.#kill();
      this.#checkRead();
    }
  }

  #output(stream: "stdout" | "stderr", chunk: Uint8Array): void | Promise<void> {
    // A flood goes on until the kill arrives: what comes after the end was decided is dropped.
    if (this.#stopped === "output") return;
    const within = (stream === "stdout" ? this.#stdout : this.#stderr).push(chunk);
    if (!within) {
      this.#flooded = true;
      this.#stop("output");
    }
    this.#checkRead();
    return this.#hooks.onOutput?.(stream, chunk);
  }

  /** The program has ended, and all that it wrote was read: nobody needs to wait for its process. */
  #checkRead(): void {
    if (!this.#end) return;
    const [stdout, stderr] = this.#end.wrote;
    if (this.#stdout.total >= stdout && this.#stderr.total >= stderr) this.#allRead();
  }

  #stop(reason: Stop): void {
    if (this.#end || this.#stopped) return;
    this.#stopped = reason;
    this.#kill();
  }

  #kill(): void {
    this.#used = this.#child.meter.readExactly();
    this.#child.kill();
  }

  #ending(exit: ChildExit | undefined): Ending {
    if (this.#stopped) return { status: this.#stopped };
    // A program may end before it is seen that it wrote too much.
    if (this.#flooded) return { status: "output" };
    if (this.#end) return this.#end.end;
    return withoutEnd(exit ?? { exitCode: null, signal: null }, this.#child.broken, this.#stderr.text());
  }

  #result(ending: Ending, durationMs: number): DriverResult {
    const result: RunResult = {
      ...this.#facts,
      stdout: this.#stdout.text(),
      stderr: this.#stderr.text(),
      truncated: this.#stdout.truncated || this.#stderr.truncated,
      usage: this.#usage(),
      durationMs,
      ...ending,
    };
    return { result, ...(this.#reports ? { report: this.#reports.report() } : {}) };
  }

  #usage(): RunUsage {
    const { cpuMs, peakMemoryBytes } = this.#used;
    const before = this.#child.before;
    return {
      ...(cpuMs === undefined ? {} : { cpuMs: Math.max(0, cpuMs - (before.cpuMs ?? 0)) }),
      ...(peakMemoryBytes === undefined
        ? {}
        : { peakMemoryBytes: Math.max(0, peakMemoryBytes - (before.memoryBytes ?? 0)) }),
      outputBytes: this.#stdout.total + this.#stderr.total,
      queueMs: this.#waited.queueMs,
      warm: this.#waited.warm,
    };
  }
}

/** What the processes of our runtimes die of when the engine itself gives up. */
const CRASHES: ReadonlySet<string> = new Set(["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGTRAP", "SIGFPE"]);

/** A child that died without a word. Nothing that was not reported passes, so a lie here gains nothing. */
function withoutEnd(exit: ChildExit, broken: string | undefined, stderr: string): Ending {
  if (broken !== undefined) return { status: "internal", message: broken };
  const { signal, exitCode } = exit;
  if (exit.outOfMemory) return { status: "memory" };
  // V8 aborts a process whose heap it cannot grow.
  if (/heap out of memory|Fatal process out of memory|Allocation failed/.test(stderr))
    return { status: "memory" };
  if (signal !== null && !CRASHES.has(signal)) return { status: "signal", signal };
  const how = signal === null ? `ended with ${exitCode}` : `crashed (${signal})`;
  return { status: "internal", message: `The sandbox's process ${how} before the program's end was told.` };
}
