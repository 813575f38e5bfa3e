import { Buffer } from "node:buffer";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { abortedError } from "@agentos/core";
import { projectError } from "../errors.js";

/** What is kept of what git says on its error output. */
const ERROR_LIMIT = 2_000;
/** Milliseconds that git is waited for after it was ended. The system may hold a process for longer that waits for a disk. */
const END_MS = 1_000;
const IS_WINDOWS = process.platform === "win32";

/** Settings of a repository that would start programs, read files of its choice, or change what is printed. */
const SETTINGS: readonly string[] = [
  "safe.directory=*",
  "safe.bareRepository=explicit",
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.pager=cat",
  "core.quotePath=true",
  "core.attributesFile=/dev/null",
  "diff.orderFile=/dev/null",
  "diff.suppressBlankEmpty=false",
  "diff.indentHeuristic=true",
  "log.showSignature=false",
  "log.showRoot=true",
  "log.mailmap=false",
  "log.follow=false",
  "blame.ignoreRevsFile=",
  "i18n.logOutputEncoding=UTF-8",
  "submodule.recurse=false",
];

/** A program of git's that runs. */
export interface GitRun {
  /** What it prints, as it comes. Ends without an error however git ends. */
  readonly output: Readable;
  /** How it ended: its exit status, undefined where there is no git, and what it said of errors. */
  readonly ended: Promise<{ readonly status: number | undefined; readonly error: string }>;
  /** Ends it, and what it has started. */
  stop(): void;
}

/** How git is waited for. */
export interface GitWait {
  /** Milliseconds that git may let the reader wait without a word. While the reader is busy no time counts. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Starts git in a folder so that nothing but git runs, whatever the repository says: no shell, no pager, hook, filter, external diff or
 * monitor, no network, no locks, no settings of the user or of the environment.
 */
export function runGit(root: string, args: readonly string[]): GitRun {
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  const all = ["--no-pager", "--no-optional-locks", "--literal-pathspecs", "--no-replace-objects"];
  const child = spawn("git", ["-C", root, ...all, ...settings, ...args], {
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
    // A group of its own, which can be ended as a whole.
    detached: !IS_WINDOWS,
  }) as ChildProcessByStdio<null, Readable, Readable>;
  let error = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (error.length < ERROR_LIMIT) error = (error + text).slice(0, ERROR_LIMIT);
  });
  let stop = (): void => {};
  let isClosed = false;
  const ended = new Promise<{ status: number | undefined; error: string }>((resolve) => {
    child.once("error", () => resolve({ status: undefined, error: "git is not installed" }));
    child.once("close", (status) => {
      isClosed = true;
      resolve({ status: status ?? -1, error: error.trim() });
    });
    stop = () => {
      // Once all of it has ended, its number may be another's.
      if (!isClosed) kill(child);
      child.stdout.destroy();
      child.stderr.destroy();
      setTimeout(() => resolve({ status: -1, error: error.trim() }), END_MS).unref();
    };
  });
  return { output: child.stdout, ended, stop: () => stop() };
}

function kill(child: ChildProcessByStdio<null, Readable, Readable>): void {
  if (child.pid === undefined) return;
  try {
    if (IS_WINDOWS) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of it has just ended.
  }
}

/** All that git prints, at most `limit` bytes of it, and its exit status; undefined where there is no git. Throws as `gitChunks`. */
export async function gitOutput(
  root: string,
  args: readonly string[],
  { limit, ...wait }: GitWait & { readonly limit: number },
): Promise<{
  readonly status: number | undefined;
  readonly error: string;
  readonly text: string;
  readonly cut: boolean;
}> {
  const run = runGit(root, args);
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  for await (const chunk of gitChunks(run, root, wait)) {
    const rest = limit - size;
    chunks.push(chunk.length > rest ? chunk.subarray(0, rest) : chunk);
    size += chunk.length;
    if (size <= limit) continue;
    cut = true;
    break;
  }
  const { status, error } = await run.ended;
  return { status: cut ? 0 : status, error, text: Buffer.concat(chunks).toString("utf8"), cut };
}

/**
 * What a run prints, until it is aborted or hangs. Whoever stops reading ends the run; whoever reads to the end knows that git has ended.
 * Throws `ABORTED` and `PROJECT_HISTORY_TIMEOUT`.
 */
export async function* gitChunks(
  run: GitRun,
  root: string,
  { timeoutMs, signal }: GitWait,
): AsyncGenerator<Buffer, void> {
  const abort = (): void => run.stop();
  signal?.addEventListener("abort", abort, { once: true });
  let whole = false;
  let isLate = false;
  const inTime = async <Result>(awaited: Promise<Result>): Promise<Result> => {
    const clock = setTimeout(() => {
      isLate = true;
      run.stop();
    }, timeoutMs);
    try {
      return await awaited;
    } finally {
      clearTimeout(clock);
    }
  };
  const throwIfEnded = (): void => {
    if (signal?.aborted) throw abortedError(signal);
    if (isLate) throw gitHung(root, timeoutMs);
  };
  try {
    throwIfEnded();
    const chunks = run.output[Symbol.asyncIterator]();
    for (let next = await inTime(chunks.next()); !next.done; next = await inTime(chunks.next()))
      yield next.value as Buffer;
    throwIfEnded();
    // Git that has said all is left to end by itself: its status tells whether it could.
    await inTime(run.ended);
    whole = true;
  } catch (cause) {
    throwIfEnded();
    throw cause;
  } finally {
    signal?.removeEventListener("abort", abort);
    if (!whole) run.stop();
    await run.ended;
  }
  throwIfEnded();
}

function gitHung(root: string, timeoutMs: number): Error {
  return projectError(
    "PROJECT_HISTORY_TIMEOUT",
    `git said nothing for ${timeoutMs} ms about the history of ${root} and was ended. See whether it ends there by hand: git log -1. If it only takes long, raise timeoutMs of GitHistory.`,
    { details: { root, timeoutMs } },
  );
}

/** The error for what git could not do. */
export function gitFailed(root: string, error: string): Error {
  return projectError(
    "PROJECT_HISTORY_FAILED",
    `git could not read the history of ${root}: ${error || "it ended without a reason"}. Run there: git log -1`,
    { details: { root } },
  );
}

function environment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_LAZY_FETCH: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
  };
}
