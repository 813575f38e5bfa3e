import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { parse } from "node:path";
import process from "node:process";
import type { Duplex, Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { serialize } from "node:v8";
import { sandboxError } from "../errors.js";
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
}

/** What a {@link OneShotChild} tells whoever runs it. */
export interface ChildListener {
  onMessage(message: ChildMessage): void;
  onOutput(stream: "stdout" | "stderr", chunk: Buffer): void;
  /** A report line was too long to be one. */
  onFlood(): void;
}

/** How a child process went. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/**
 * A process that is started ahead, given one job and killed. It has an empty environment, no arguments of the job, and
 * descriptors 0 to 3 only: nothing, stdout, stderr, and a private one for the job and the reports.
 */
export class OneShotChild {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #streams: readonly [stdout: Readable, stderr: Readable, report: Duplex];
  readonly #early: Buffer[] = [];
  /** Takes what the child prints before its job. */
  onEarlyOutput: ((stream: "stdout" | "stderr", chunk: Buffer) => void) | undefined;
  #listener: ChildListener | undefined;
  #broken: string | undefined;
  /** Resolves when it has loaded; rejects with `SANDBOX_DRIVER_FAILED` when it cannot. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone and its pipes are read to the end. */
  readonly gone: Promise<ChildExit>;

  constructor(program: ChildProgram) {
    this.#name = program.name;
    this.#process = spawn(process.execPath, [...program.nodeOptions, program.file, ...(program.args ?? [])], {
      cwd: parse(process.execPath).root,
      env: {},
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const [, stdout, stderr, report] = this.#process.stdio;
    this.#streams = [stdout as Readable, stderr as Readable, report as Duplex];
    let spawnError: Error | undefined;
    this.#process.on("error", (error) => {
      spawnError = error;
    });
    this.gone = new Promise((resolve) => {
      this.#process.on("close", (exitCode, signal) => resolve({ exitCode, signal }));
    });
    this.#listen();
    this.ready = new Promise((resolve, reject) => {
      this.#listener = {
        onMessage: (message) => {
          if (message.type === "ready") resolve();
          else if (message.type === "broken") this.#broken = message.message;
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

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Why it said that it is broken, if it did. */
  get broken(): string | undefined {
    return this.#broken;
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
    const report = this.#streams[2];
    report.write(head);
    report.write(body);
  }

  /** Ends it at once. `gone` follows. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Whether it keeps the host's event loop alive. A spare does not. */
  hold(held: boolean): void {
    const verb = held ? "ref" : "unref";
    this.#process[verb]();
    for (const stream of this.#streams) (stream as Partial<Record<typeof verb, () => void>>)[verb]?.();
  }

  #listen(): void {
    const [stdout, stderr, report] = this.#streams;
    stdout.on("data", (chunk: Buffer) => this.#listener?.onOutput("stdout", chunk));
    stderr.on("data", (chunk: Buffer) => this.#listener?.onOutput("stderr", chunk));
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
