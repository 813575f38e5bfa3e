import { Buffer } from "node:buffer";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { abortedError } from "@agentos/core";
import { projectError } from "../errors.js";

/** What is kept of what git says on its error output. */
const ERROR_LIMIT = 2_000;

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
  /** Ends it. */
  stop(): void;
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
  }) as ChildProcessByStdio<null, Readable, Readable>;
  let error = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (error.length < ERROR_LIMIT) error = (error + text).slice(0, ERROR_LIMIT);
  });
  const ended = new Promise<{ status: number | undefined; error: string }>((resolve) => {
    child.once("error", () => resolve({ status: undefined, error: "git is not installed" }));
    child.once("close", (status) => resolve({ status: status ?? -1, error: error.trim() }));
  });
  const stop = (): void => {
    child.kill("SIGKILL");
    child.stdout.destroy();
  };
  return { output: child.stdout, ended, stop };
}

/** All that git prints, at most `limit` bytes of it, and its exit status; undefined where there is no git. Throws `ABORTED`. */
export async function gitOutput(
  root: string,
  args: readonly string[],
  { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal },
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
  for await (const chunk of gitChunks(run, signal)) {
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

/** What a run prints, until it is aborted. Whoever stops reading ends the run. Throws `ABORTED`. */
export async function* gitChunks(run: GitRun, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void> {
  const abort = (): void => run.stop();
  signal?.addEventListener("abort", abort, { once: true });
  let whole = false;
  try {
    if (signal?.aborted) throw abortedError(signal);
    for await (const chunk of run.output) yield chunk as Buffer;
    whole = true;
  } catch (cause) {
    if (signal?.aborted) throw abortedError(signal);
    throw cause;
  } finally {
    signal?.removeEventListener("abort", abort);
    // Git that has said all is left to end by itself: its status tells whether it could.
    if (!whole) run.stop();
    await run.ended;
  }
  if (signal?.aborted) throw abortedError(signal);
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
