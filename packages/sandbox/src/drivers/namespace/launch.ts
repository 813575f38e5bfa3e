import { Buffer } from "node:buffer";
import type { ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";
import type { RunLimits } from "@agentos/core";
import type { RunHooks } from "../../driver.js";
import { sandboxError } from "../../errors.js";
import { OutputCollector } from "../../output.js";
import type { Command } from "./command.js";
import { ARCHIVE, feed, feedInput, LINK, REPORT, STATUS } from "./descriptors.js";
import { killSandbox } from "./kill.js";
import { type Reading, readInto } from "./reading.js";
import { spawnSandbox } from "./spawn.js";
import { readStatus, type SupervisorStatus } from "./supervisor.js";

/** Why a run was ended from outside. */
export type Stopped = "wall-time" | "cpu-time" | "output" | "cancelled";

/** How the process of a sandbox ended. */
export interface Ended {
  readonly stopped: Stopped | undefined;
  /** As bubblewrap hands it on; what the supervisor said is in `status`. */
  readonly exitCode: number;
  readonly stdout: OutputCollector;
  readonly stderr: OutputCollector;
  /** What came over the report channel. */
  readonly channel: Buffer;
  readonly status: SupervisorStatus;
  readonly durationMs: number;
}

/** What a sandbox needs to do its job. */
export interface JobOptions {
  readonly limits: Required<RunLimits>;
  readonly stdin: Uint8Array;
  /** Goes to descriptor 4: the files of the run. */
  readonly archive: Uint8Array;
  /** Bytes that the report channel may carry; more ends the run as `output`. */
  readonly channelBytes: number;
  /** CPU time of the job until now, in milliseconds; undefined where nobody counts it. */
  readonly cpuMs: () => number | undefined;
  /** Called when the job is about to be ended from outside, while all is still as it was. */
  readonly beforeStop: () => void;
  /**
   * Gets what comes over the report channel, too, as it comes. True: all went well and nothing more comes, so that nobody
   * waits until the sandbox is gone.
   */
  readonly onReport?: (bytes: Uint8Array) => boolean;
  /** Any of these ends the run as `cancelled`. */
  readonly signals: readonly AbortSignal[];
  readonly hooks: Omit<RunHooks, "signal">;
}

/** How long a killed sandbox may take to be gone. */
const REAP_MS = 10_000;
/** How long a sandbox may take to leave whose job has said that it is over. */
const LEAVE_MS = 100;
/** How often the CPU time is looked at, and a killed sandbox killed again. */
const POLL_MS = 20;
/** How long a killed sandbox has to end in order, with nothing left behind, before whatever is left of it is killed. */
const ORDER_MS = 400;
/** The supervisor says a few words; a shell's complaints are not longer. */
const STATUS_BYTES = 65_536;

/** How a run ended that was cancelled before it started. */
export function neverStarted(limits: Required<RunLimits>): Ended {
  const nothing = new OutputCollector(limits.outputBytes);
  return {
    stopped: "cancelled",
    exitCode: -1,
    stdout: nothing,
    stderr: nothing,
    channel: Buffer.alloc(0),
    status: readStatus(""),
    durationMs: 0,
  };
}

/** How a job ended that said so itself. */
const WENT_WELL: SupervisorStatus = { exitCode: 0, signal: undefined, full: false };

/** What a sandbox needs before it knows its job. */
export interface StartOptions {
  /** Whether it gets a link to another half. */
  readonly link: boolean;
  readonly filter: Uint8Array | undefined;
  /** Kills whatever is left of it. */
  readonly killRest: () => void;
}

const NAMES = ["stdout", "stderr", "report", "status"] as const;
type Name = (typeof NAMES)[number];
const NUMBERS: Readonly<Record<Name, number>> = { stdout: 1, stderr: 2, report: REPORT, status: STATUS };

/** A sandbox that was started. It gets one job, at once or later, and ends with it. */
export class SandboxProcess {
  readonly #command: Command;
  readonly #child: ChildProcess;
  readonly #killRest: () => void;
  /** What came before the job. */
  readonly #early: (readonly [Name, Buffer])[] = [];
  readonly #readings: readonly Reading[];
  #take: (name: Name, bytes: Uint8Array) => boolean;
  #startError: Error | undefined;
  /** What it said first on stderr: why it could not be set up, when it ends before it is ready. */
  #complaint = "";
  #ended = false;
  #killing: NodeJS.Timeout | undefined;
  /** Resolves when something came over the report channel: the sandbox is complete. Rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone and its pipes are read to the end. */
  readonly gone: Promise<number>;

  constructor(command: Command, options: StartOptions) {
    this.#command = command;
    this.#killRest = options.killRest;
    this.#child = spawnSandbox(command, { ...options, status: true });
    this.#child.once("error", (error) => {
      this.#startError = error;
    });
    let tellReady: () => void = () => {};
    this.#take = (name, bytes) => {
      this.#early.push([name, Buffer.from(bytes)]);
      if (name === "report") tellReady();
      if (name === "stderr") this.#complaint ||= Buffer.from(bytes).toString("utf8", 0, 2000).trim();
      return true;
    };
    this.#readings = NAMES.map((name) =>
      readInto(this.#stream(NUMBERS[name]), (bytes) => this.#take(name, bytes)),
    );
    const closed = new Promise<number>((resolve) => {
      this.#child.once("close", (code) => resolve(code ?? -1));
    });
    this.gone = Promise.all([closed, ...this.#readings.map((each) => each.closed)]).then(([code]) => {
      this.#ended = true;
      clearInterval(this.#killing);
      return code;
    });
    this.ready = new Promise((resolve, reject) => {
      tellReady = resolve;
      void this.gone.then((code) => reject(this.#failure(code)));
    });
    this.ready.catch(() => {
      // Whoever waits for it is told; a job that does not wait sees the end.
    });
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#ended || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Ends it at once. `gone` follows. */
  kill(): void {
    if (this.#ended || this.#killing !== undefined) return;
    const since = performance.now();
    killSandbox(this.#child);
    this.#killing = setInterval(() => {
      killSandbox(this.#child);
      if (performance.now() - since < ORDER_MS) return;
      this.#child.kill("SIGKILL");
      this.#killRest();
    }, POLL_MS);
  }

  /** Whether it keeps the host's event loop alive. One that waits for a job does not. */
  hold(held: boolean): void {
    const verb = held ? "ref" : "unref";
    this.#child[verb]();
    for (const each of this.#readings) each.hold(held);
    for (const stream of this.#child.stdio)
      if (!stream?.destroyed) (stream as Partial<Record<typeof verb, () => void>> | null)?.[verb]?.();
  }

  /** Gives it its job, feeds it, collects what it says, and ends it at its limits. To be called once. */
  run(options: JobOptions): Promise<Ended> {
    const started = performance.now();
    const { limits, hooks } = options;
    const kept = {
      stdout: new OutputCollector(limits.outputBytes),
      stderr: new OutputCollector(limits.outputBytes),
    };
    const said = { report: new Said(options.channelBytes), status: new Said(STATUS_BYTES) };
    let stopped: Stopped | undefined;
    let over = false;
    /** Readings that wait until somebody has taken what they gave. */
    let held = 0;
    /** How much was read so far. */
    let readings = 0;
    return new Promise((resolve, reject) => {
      let reap: NodeJS.Timeout | undefined;
      let leave: NodeJS.Timeout | undefined;
      const stop = (why: Stopped): void => {
        if (stopped !== undefined) return;
        stopped = why;
        options.beforeStop();
        this.kill();
        // What a reader holds back would keep its pipe, and so the end, waiting.
        for (const each of this.#readings) each.resume();
        reap = setTimeout(() => finish(() => reject(stuck())), REAP_MS);
      };
      const onAbort = (): void => stop("cancelled");
      const wall = setTimeout(() => stop("wall-time"), limits.wallMs);
      const watchCpu = (): void => {
        if ((options.cpuMs() ?? 0) >= limits.cpuMs) stop("cpu-time");
      };
      const poll = Number.isFinite(limits.cpuMs) ? setInterval(watchCpu, POLL_MS) : undefined;
      const finish = (settle: () => void): void => {
        clearTimeout(wall);
        clearTimeout(reap);
        clearInterval(poll);
        for (const signal of options.signals) signal.removeEventListener("abort", onAbort);
        settle();
      };
      for (const signal of options.signals) {
        if (signal.aborted) onAbort();
        signal.addEventListener("abort", onAbort, { once: true });
      }
      const settle = (exitCode: number): void =>
        finish(() => {
          this.#take = () => true;
          resolve({
            ...kept,
            stopped,
            exitCode,
            channel: said.report.bytes(),
            status: over ? WENT_WELL : readStatus(said.status.bytes().toString("utf8")),
            durationMs: performance.now() - started,
          });
        });
      // What was written before the last word is in the pipes by then: a turn of the event loop that finds nothing there
      // has found all. The first turn may have begun before.
      const settleWhenRead = (turns: number, before: number): void => {
        if (held > 0 || stopped !== undefined) return;
        if (turns < 2) {
          setImmediate(() => settleWhenRead(readings === before ? turns + 1 : 0, readings));
          return;
        }
        leave = setTimeout(() => this.kill(), LEAVE_MS);
        settle(0);
      };
      this.#take = (name, bytes) => {
        if (name === "report" && options.onReport?.(bytes)) {
          over = true;
          settleWhenRead(0, readings);
        }
        if (name === "report" || name === "status") {
          if (!said[name].push(bytes)) stop("output");
          return true;
        }
        readings++;
        // A flood goes on until the kill arrives: what comes after the end was decided is read and dropped.
        if (stopped === "output") return true;
        if (!kept[name].push(bytes)) stop("output");
        const taken = hooks.onOutput?.(name, Uint8Array.from(bytes));
        if (taken === undefined || stopped !== undefined) return true;
        held++;
        const resume = (): void => {
          held--;
          this.#readings[NAMES.indexOf(name)]?.resume();
        };
        taken.then(resume, resume);
        return false;
      };
      for (const [name, bytes] of this.#early.splice(0)) this.#take(name, bytes);
      if (hooks.link) {
        const link = this.#stream(LINK);
        link.on("error", () => {});
        hooks.link.on("error", () => {});
        hooks.link.pipe(link).pipe(hooks.link);
      }
      // A program whose input fails gets the end of it.
      feedInput(this.#stream(0), options.stdin, hooks.input).catch(() => this.#stream(0).end());
      feed(this.#stream(ARCHIVE), options.archive);
      void this.gone.then((exitCode) => {
        clearTimeout(leave);
        if (this.#startError) finish(() => reject(this.#failure(exitCode)));
        else settle(exitCode);
      });
    });
  }

  #failure(exitCode: number): Error {
    const cause = this.#startError;
    const why = cause?.message ?? (this.#complaint || `it ended with ${exitCode}`);
    return sandboxError(
      "SANDBOX_DRIVER_FAILED",
      `A sandbox could not be set up (${this.#command.file}): ${why}. See what works with: agentos doctor`,
      { cause },
    );
  }

  #stream(descriptor: number): Duplex {
    return (this.#child.stdio as readonly unknown[])[descriptor] as Duplex;
  }
}

/** What came over a channel that must not be cut. */
class Said {
  readonly #parts: Buffer[] = [];
  readonly #most: number;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes the next bytes. False: more than is allowed; they are dropped. */
  push(bytes: Uint8Array): boolean {
    this.#size += bytes.length;
    if (this.#size > this.#most) return false;
    this.#parts.push(Buffer.from(bytes));
    return true;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function stuck(): Error {
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    `A sandbox was killed but did not end within ${REAP_MS / 1000} s. Look for its processes with: ps -eo pid,user,stat,args`,
  );
}
