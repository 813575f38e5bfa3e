// Shows a driver of one's own: Python by the host's interpreter in a folder of its own. It guarantees nothing.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RunFacts, RunResult } from "@agentos/core";
import type { DriverFactory, DriverJob, DriverResult, RunHooks, SandboxDriver } from "@agentos/sandbox";

/** What it is. The bounds that it holds are a timer and a count of what it reads. */
const ABILITIES = {
  mechanism: "process",
  guarantees: [],
  limits: ["wallMs", "outputBytes"],
  languages: ["python"],
} as const;

/** A driver for runs that need no guarantee: `sandbox.run({ …, needs: "none", driver: "plain" })`. */
export const plainProcessDriver: DriverFactory = {
  name: "plain",
  async probe() {
    const works = await new Promise<boolean>((resolve) => {
      const child = spawn("python3", ["--version"], { stdio: "ignore" });
      child.once("error", () => resolve(false)).once("close", (code) => resolve(code === 0));
    });
    if (!works) return { available: false, reason: "no python3", remedy: "apt-get install python3" };
    return { available: true, ...ABILITIES, notes: ["guarantees nothing: for code that you trust"] };
  },
  async open(): Promise<SandboxDriver> {
    const running = new Set<Promise<unknown>>();
    const closing = new AbortController();
    return {
      ...ABILITIES,
      contract: 2,
      name: "plain",
      testsIn: [],
      run(job, hooks = {}) {
        const signal = AbortSignal.any([closing.signal, ...(hooks.signal ? [hooks.signal] : [])]);
        const work = inFolder(job, (folder) => execute(job, folder, hooks, signal));
        running.add(work);
        return work.finally(() => running.delete(work));
      },
      async close() {
        closing.abort();
        await Promise.allSettled([...running]);
      },
    };
  },
};

async function inFolder<Result>(job: DriverJob, work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "plain-driver-"));
  try {
    for (const [path, content] of job.files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function execute(job: DriverJob, cwd: string, hooks: RunHooks, signal: AbortSignal): Promise<DriverResult> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let stopped: "wall-time" | "output" | "cancelled" | undefined;
    const kept = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    // A group of its own, so that its children end with it. Those that leave the group do not: nothing is guaranteed.
    const env = { PATH: process.env["PATH"], LANG: "C.UTF-8" };
    const child = spawn("python3", ["-B", job.entry, ...job.args], { cwd, detached: true, env });
    const stop = (why: NonNullable<typeof stopped>): void => {
      stopped ??= why;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(() => stop("wall-time"), job.limits.wallMs);
    const onAbort = (): void => stop("cancelled");
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (bytes: Buffer) => {
        kept[name] = Buffer.concat([kept[name], bytes]);
        if (kept[name].length > 4 * job.limits.outputBytes && !stopped) stop("output");
        void hooks.onOutput?.(name, bytes);
      });
    }
    child.stdin.on("error", () => {}).end(job.stdin);
    child.once("error", reject).once("close", (exitCode, killedBy) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      const stdout = shortened(kept.stdout, job.limits.outputBytes);
      const stderr = shortened(kept.stderr, job.limits.outputBytes);
      const facts: RunFacts = {
        ...{ driver: "plain", mechanism: "process", guarantees: [], stdout, stderr },
        enforced: [`wall time ${job.limits.wallMs} ms`],
        truncated: Math.max(kept.stdout.length, kept.stderr.length) > job.limits.outputBytes,
        usage: { outputBytes: kept.stdout.length + kept.stderr.length, queueMs: 0, warm: false },
        durationMs: performance.now() - started,
      };
      resolve({ result: { ...facts, ...ending(stopped, exitCode, killedBy, stderr) } as RunResult });
    });
  });
}

/** Head and tail of what was printed. */
const shortened = (all: Buffer, limit: number): string =>
  all.length > limit ? `${all.subarray(0, limit / 2)}${all.subarray(-limit / 2)}` : `${all}`;

function ending(stopped: string | undefined, exitCode: number | null, signal: string | null, stderr: string) {
  if (stopped !== undefined) return { status: stopped };
  if (signal !== null) return { status: "signal", signal };
  // Python says so of a file that does not parse, before it runs any of it.
  const message = /^(?:SyntaxError|IndentationError|TabError): .*$/m.exec(stderr)?.[0];
  return exitCode === 1 && message && !/^Traceback/m.test(stderr)
    ? { status: "invalid", message }
    : { status: "exited", exitCode };
}
