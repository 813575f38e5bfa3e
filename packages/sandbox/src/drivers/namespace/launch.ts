import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { RunLimits } from "@agentos/core";
import { sandboxError } from "../../errors.js";
import { OutputCollector } from "../../output.js";
import type { Command } from "./command.js";

/** How the process of a sandbox ended. */
export interface Ended {
  /** Why it was ended from outside, if it was. */
  readonly stopped: "wall-time" | "output" | "cancelled" | undefined;
  /** As bubblewrap hands it on: 128 + the signal's number when one killed the program. */
  readonly exitCode: number;
  readonly stdout: OutputCollector;
  readonly stderr: OutputCollector;
  /** What came over the report channel. */
  readonly channel: Buffer;
  readonly durationMs: number;
}

/** What a launch needs beside its command. */
export interface LaunchOptions {
  readonly limits: Required<RunLimits>;
  readonly stdin: Uint8Array;
  readonly archive: Uint8Array;
  /** Kills what may be left of the run; called again and again once the run was ended from outside, until it is gone. */
  readonly killRest: () => void;
  /** Bytes that the report channel may carry; more ends the run as `output`. */
  readonly channelBytes: number;
  /** Any of these ends the run as `cancelled`. */
  readonly signals: readonly AbortSignal[];
}

/**
 * Kills bubblewrap and the process that it started inside, with which all others there die. That one outlives
 * bubblewrap when it is killed in its first moments: it has left the process group by then and has not asked for the
 * signal of its parent's death yet. So bubblewrap is stopped first: it starts nothing more, and keeps its child.
 */
function killSandbox(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  signalTo(-pid, "SIGSTOP");
  for (const inner of childrenOf(pid)) signalTo(inner, "SIGKILL");
  signalTo(-pid, "SIGKILL");
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** How long a killed sandbox may take to be gone. */
const REAP_MS = 10_000;

/** Starts a sandbox, feeds it, collects what it says, and ends it at its limits. Rejects only for broken machinery. */
export function launch(command: Command, options: LaunchOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const stdout = new OutputCollector(options.limits.outputBytes);
    const stderr = new OutputCollector(options.limits.outputBytes);
    if (options.signals.some((signal) => signal.aborted)) {
      resolve({
        stopped: "cancelled",
        exitCode: -1,
        stdout,
        stderr,
        channel: Buffer.alloc(0),
        durationMs: 0,
      });
      return;
    }
    const empty = openSync("/dev/null", "r");
    const child = spawn(command.file, command.args, {
      env: {},
      cwd: "/",
      // A process group of its own: see `killSandbox`.
      detached: true,
      stdio: [...Array<"pipe">(6).fill("pipe"), ...coverInherited(6, empty)],
    });
    closeSync(empty);
    const channel: Buffer[] = [];
    let channelSize = 0;
    let stopped: Ended["stopped"];
    let reap: NodeJS.Timeout | undefined;
    let sweep: NodeJS.Timeout | undefined;

    const stop = (why: NonNullable<Ended["stopped"]>): void => {
      if (stopped !== undefined) return;
      stopped = why;
      killSandbox(child);
      sweep = setInterval(options.killRest, 20);
      reap = setTimeout(() => finish(() => reject(stuck())), REAP_MS);
    };
    const onAbort = (): void => stop("cancelled");
    const wall = setTimeout(() => stop("wall-time"), options.limits.wallMs);
    const finish = (settle: () => void): void => {
      clearTimeout(wall);
      clearTimeout(reap);
      clearInterval(sweep);
      for (const signal of options.signals) signal.removeEventListener("abort", onAbort);
      settle();
    };
    for (const signal of options.signals) signal.addEventListener("abort", onAbort, { once: true });

    child.once("error", (error) => finish(() => reject(startFailed(command, error))));
    (child.stdout as Readable).on("data", (chunk: Buffer) => stdout.push(chunk) || stop("output"));
    (child.stderr as Readable).on("data", (chunk: Buffer) => stderr.push(chunk) || stop("output"));
    (child.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      channelSize += chunk.length;
      if (channelSize <= options.channelBytes) channel.push(chunk);
      else stop("output");
    });
    feed(child, 0, options.stdin);
    feed(child, 4, options.archive);
    feed(child, 5, Buffer.from(`${command.bubblewrapArguments.join("\0")}\0`));
    child.once("close", (code) =>
      finish(() =>
        resolve({
          stopped,
          exitCode: code ?? -1,
          stdout,
          stderr,
          channel: Buffer.concat(channel),
          durationMs: performance.now() - started,
        }),
      ),
    );
  });
}

/**
 * Descriptors that this process itself inherited would be passed on to children: each from `first` on is replaced by
 * `empty`, a descriptor of /dev/null.
 */
function coverInherited(first: number, empty: number): readonly ("ignore" | number)[] {
  const found = readdirSync("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => descriptor >= first && inherited(descriptor));
  const highest = Math.max(first - 1, ...found);
  return Array.from({ length: highest + 1 - first }, (_, index) =>
    found.includes(first + index) ? empty : "ignore",
  );
}

/** Whether a descriptor is not closed by `exec` (O_CLOEXEC is 02000000). */
function inherited(descriptor: number): boolean {
  try {
    const flags =
      /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & 0o2000000) === 0;
  } catch {
    return false;
  }
}

/** Writes to a descriptor of the child. One that closes it unread has chosen so. */
function feed(child: ChildProcess, descriptor: number, data: Uint8Array): void {
  const stream = child.stdio[descriptor] as Writable;
  stream.on("error", () => {});
  stream.end(data);
}

function startFailed(command: Command, cause: Error): Error {
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    `The sandbox could not be started (${command.file}): ${cause.message}`,
    {
      cause,
    },
  );
}

function stuck(): Error {
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    `A sandbox was killed but did not end within ${REAP_MS / 1000} s. Look for its processes with: ps -eo pid,user,stat,args`,
  );
}
