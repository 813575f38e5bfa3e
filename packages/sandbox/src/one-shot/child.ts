import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { parse } from "node:path";
import process from "node:process";
import type { Duplex, Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { serialize } from "node:v8";
import type { Bind } from "../drivers/namespace/command.js";
import { spawnSandbox } from "../drivers/namespace/spawn.js";
import { sandboxError } from "../errors.js";
import { type Cell, type Cells, innermost } from "./cells.js";
import { type Meter, processMeter, type Reading } from "./meter.js";
import { type ChildJob, type ChildMessage, MAX_REPORT_LINE, parseMessage } from "./protocol.js";

/** How a kind of child is started. */
export interface ChildProgram {
  /** The driver's name, for messages. */
  readonly name: string;
  /** Absolute path of the child's module. */
  readonly file: string;
  /** Options of the Node runtime itself. */
  readonly nodeOptions: readonly string[];
  readonly args?: readonly string[];
  /** Present: it runs in a cell, which shows these at their targets; the paths above and in `args` are those inside. */
  readonly cell?: {
    readonly cells: Cells;
    readonly binds: readonly Bind[];
    readonly memoryBytes: number;
  };
}

/** What a {@link OneShotChild} tells whoever runs it. */
export interface ChildListener {
  onMessage(message: ChildMessage): void;
  /** While a promise that it returns is pending, the stream is not read on. */
  onOutput(stream: "stdout" | "stderr", chunk: Buffer): void | Promise<void>;
  /** A report line was too long to be one. */
  onFlood(): void;
}

/** How a child process went. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Whether the kernel ended it for its memory. */
  readonly outOfMemory?: boolean;
}

/** Takes what comes once nobody asks any more. */
const DEAF: ChildListener = { onMessage: () => {}, onOutput: () => {}, onFlood: () => {} };

/**
 * A process that is started ahead, given one job and killed. It has an empty environment, no arguments of the job, and
 * descriptors 0 to 4 only: stdin, stdout, stderr, one for the job and the reports, and the link to the other half of a
 * separated verdict.
 */
export class OneShotChild {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #cell: Cell | undefined;
  readonly #streams: readonly [
    stdin: Writable,
    stdout: Readable,
    stderr: Readable,
    report: Duplex,
    link: Duplex,
  ];
  readonly #early: Buffer[] = [];
  /** Takes what the child prints before its job. */
  onEarlyOutput: ((stream: "stdout" | "stderr", chunk: Buffer) => void) | undefined;
  /** What it used before its job. */
  #before: Reading = {};
  #meter: Meter = { read: () => ({}), readExactly: () => ({}) };
  #listener: ChildListener | undefined;
  #broken: string | undefined;
  #killed = false;
  /** Resolves when it has loaded; rejects with `SANDBOX_DRIVER_FAILED` when it cannot. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone and its pipes are read to the end. */
  readonly gone: Promise<ChildExit>;

  constructor(program: ChildProgram) {
    this.#name = program.name;
    const { cell } = program;
    const args = [...program.nodeOptions, program.file, ...(program.args ?? [])];
    this.#cell = cell?.cells.make({ binds: cell.binds, args, memoryBytes: cell.memoryBytes });
    try {
      this.#process = this.#cell ? spawnInCell(this.#cell) : spawnPlain(args);
    } catch (error) {
      void this.#cell?.clear();
      throw error;
    }
    const [stdin, stdout, stderr, report, link] = this.#process.stdio as readonly unknown[];
    this.#streams = [
      stdin as Writable,
      stdout as Readable,
      stderr as Readable,
      report as Duplex,
      link as Duplex,
    ];
    const { pid } = this.#process;
    if (pid !== undefined) this.#meter = processMeter(pid);
    let spawnError: Error | undefined;
    this.#process.on("error", (error) => {
      spawnError = error;
    });
    this.gone = new Promise((resolve) => {
      this.#process.on("close", (exitCode, signal) => resolve({ exitCode, signal }));
    }).then((exit) => this.#cleared(exit as ChildExit));
    this.#listen();
    this.ready = new Promise((resolve, reject) => {
      this.#listener = {
        onMessage: (message) => {
          if (message.type === "ready") {
            const cell = this.#cell;
            if (pid !== undefined && cell) this.#meter = processMeter(innermost(pid), () => cell.cpuMs());
            this.#before = this.#meter.readExactly();
            resolve();
          }
          if (message.type === "broken") this.#broken = message.message;
        },
        onOutput: (stream, chunk) => {
          if (this.onEarlyOutput) this.onEarlyOutput(stream, chunk);
          else if (this.#early.length < 64) this.#early.push(chunk);
        },
        onFlood: () => this.kill(),
      };
      void this.gone.then((exit) => reject(this.#startFailure(exit, spawnError)));
    });
    // Whoever takes the child awaits `ready`; a spare that nobody takes must not crash the host.
    this.ready.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** What the process uses. */
  get meter(): Meter {
    return this.#meter;
  }

  /** What it had used when it was ready. */
  get before(): Reading {
    return this.#before;
  }

  residentBytes(): number | undefined {
    return this.#before.memoryBytes;
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Why it said that it is broken, if it did. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Where the program's standard input is written. */
  get stdin(): Writable {
    return this.#streams[0];
  }

  /** The end of the link to the other half of a separated verdict. */
  get link(): Duplex {
    return this.#streams[4];
  }

  /** Hands over the job. To be called once, after `ready`. */
  send(job: ChildJob, listener: ChildListener): void {
    this.#listener = {
      ...listener,
      onMessage: (message) => {
        if (message.type === "broken") this.#broken = message.message;
        listener.onMessage(message);
      },
    };
    const body = serialize(job);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    const report = this.#streams[3];
    // In one call of the system: the child wakes at the first byte.
    report.cork();
    report.write(head);
    report.write(body);
    report.uncork();
  }

  /** Ends it at once, and lets nobody wait for that but whoever awaits `gone`. */
  dismiss(): void {
    this.#listener = DEAF;
    this.kill();
    this.hold(false);
  }

  /** Ends it at once. `gone` follows. */
  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    // What a reader holds back would keep its pipe, and so the end, waiting.
    for (const stream of [this.#streams[1], this.#streams[2]]) stream.resume();
    if (this.ended) return;
    if (this.#cell) this.#cell.kill(this.#process);
    else this.#process.kill("SIGKILL");
  }

  /** Whether it keeps the host's event loop alive. A spare does not. */
  hold(held: boolean): void {
    const verb = held ? "ref" : "unref";
    this.#process[verb]();
    for (const stream of this.#streams) {
      // A socket that is closed would wait for a connection to come.
      if (!stream.destroyed) (stream as Partial<Record<typeof verb, () => void>>)[verb]?.();
    }
  }

  /** bubblewrap hands a signal on as 128 and its number. */
  async #cleared(exit: ChildExit): Promise<ChildExit> {
    if (!this.#cell) return exit;
    const outOfMemory = this.#cell.outOfMemory();
    await this.#cell.clear();
    const number = (exit.exitCode ?? 0) - 128;
    const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
    return signal === undefined ? { ...exit, outOfMemory } : { exitCode: null, signal, outOfMemory };
  }

  #listen(): void {
    const [, stdout, stderr, report] = this.#streams;
    const collect = (name: "stdout" | "stderr", stream: Readable): void => {
      stream.on("data", (chunk: Buffer) => {
        const held = this.#listener?.onOutput(name, chunk);
        if (!held || this.#killed) return;
        stream.pause();
        const resume = (): void => void stream.resume();
        held.then(resume, resume);
      });
    };
    collect("stdout", stdout);
    collect("stderr", stderr);
    // Killing a child breaks its pipes; `gone` tells the rest.
    for (const stream of this.#streams) stream.on("error", () => {});
    const decoder = new StringDecoder("utf8");
    let pending = "";
    let flooded = false;
    report.on("data", (chunk: Buffer) => {
      if (flooded) return;
      const lines = (pending + decoder.write(chunk)).split("\n");
      pending = lines.pop() ?? "";
      for (const line of lines) {
        const message = parseMessage(line);
        if (message) this.#listener?.onMessage(message);
      }
      if (pending.length > MAX_REPORT_LINE) {
        flooded = true;
        pending = "";
        this.#listener?.onFlood();
      }
    });
    report.on("end", () => report.end());
  }

  #startFailure(exit: ChildExit, error: Error | undefined): Error {
    const printed = Buffer.concat(this.#early).toString("utf8").trim().slice(-2000);
    const reason =
      this.#broken ?? error?.message ?? `it ended with ${exit.signal ?? exit.exitCode}. ${printed}`;
    return sandboxError(
      "SANDBOX_DRIVER_FAILED",
      `The ${this.#name} driver could not start its child process: ${reason}`,
      {
        cause: error,
        details: { driver: this.#name, exitCode: exit.exitCode, signal: exit.signal },
      },
    );
  }
}

/** Descriptors 0 to 4. */
const PIPES = Array<"pipe">(5).fill("pipe");

function spawnPlain(args: readonly string[]): ChildProcess {
  const cwd = parse(process.execPath).root;
  return spawn(process.execPath, args, { cwd, env: {}, stdio: PIPES, windowsHide: true });
}

function spawnInCell({ command, filter }: Cell): ChildProcess {
  return spawnSandbox(command, { link: false, status: false, filter });
}
