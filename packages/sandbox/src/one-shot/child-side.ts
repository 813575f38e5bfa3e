import { Buffer } from "node:buffer";
import { readSync, writeSync } from "node:fs";
import process from "node:process";
import { deserialize } from "node:v8";
import {
  type ChildEnd,
  type ChildJob,
  type ChildMessage,
  LINK_DESCRIPTOR,
  MAX_FRAME_BYTES,
  REPORT_DESCRIPTOR,
} from "./protocol.js";

// What runs inside the child processes. All of it is synchronous: a program in an endless loop must not keep back what
// was written before.

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread. */
export function sleep(ms: number): void {
  Atomics.wait(cell, 0, 0, ms);
}

function isAgain(error: unknown): boolean {
  return (error as { code?: string }).code === "EAGAIN";
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (!isAgain(error)) endNow();
      sleep(1);
    }
  }
}

/** Reads what is there, waiting for the first byte. 0: the other side has closed. */
function readSome(descriptor: number, bytes: Uint8Array, at: number): number {
  for (;;) {
    try {
      return readSync(descriptor, bytes, at, bytes.length - at, null);
    } catch (error) {
      if (!isAgain(error)) return 0;
      sleep(1);
    }
  }
}

/** Undefined when the other side closes before. */
function readExactly(descriptor: number, length: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length; ) {
    const count = readSome(descriptor, bytes, at);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}

/** Waits for the job. */
export function receiveJob(): ChildJob {
  tell({ type: "ready" });
  const head = readExactly(REPORT_DESCRIPTOR, 4);
  const body = head && readExactly(REPORT_DESCRIPTOR, head.readUInt32LE());
  // The host is gone, or closed this spare.
  if (!body) endNow();
  const job = deserialize(body) as ChildJob;
  input = new Input(job.stdin, job.moreInput);
  return job;
}

/** The program's standard input: what came with the job, then what comes while it runs. */
class Input {
  #first: Uint8Array | undefined;
  readonly #more: boolean;

  constructor(first: Uint8Array, more: boolean) {
    this.#first = first.length > 0 ? first : undefined;
    this.#more = more;
  }

  next(): Uint8Array {
    const first = this.#first;
    this.#first = undefined;
    if (first || !this.#more) return first ?? new Uint8Array();
    const bytes = new Uint8Array(65_536);
    return bytes.slice(0, readSome(0, bytes, 0));
  }
}

let input = new Input(new Uint8Array(), false);

/** The next bytes of the program's standard input, waiting for them; none at its end. */
export function readInput(): Uint8Array {
  return input.next();
}

const decoder = new TextDecoder();

/** The next text of the program's standard input, waiting for it; "" at its end. Never ends within a character. */
export function readInputText(): string {
  for (;;) {
    const bytes = readInput();
    const text = decoder.decode(bytes, { stream: bytes.length > 0 });
    if (text !== "" || bytes.length === 0) return text;
  }
}

/** Sends a frame to the other half of a separated verdict. Throws a `RangeError` for one of more than 64 MiB. */
export function sendFrame(text: string): void {
  const body = Buffer.from(text, "utf8");
  if (body.length > MAX_FRAME_BYTES) throw new RangeError(`a message of ${body.length} bytes is too large`);
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32LE(body.length);
  writeAll(LINK_DESCRIPTOR, Buffer.concat([head, body]));
}

/** Waits for a frame of the other half. Undefined: that half has ended, or sends what is none. */
export function receiveFrame(): string | undefined {
  const length = readExactly(LINK_DESCRIPTOR, 4)?.readUInt32LE();
  if (length === undefined || length > MAX_FRAME_BYTES) return undefined;
  return readExactly(LINK_DESCRIPTOR, length)?.toString("utf8");
}

/** Sends a message on the report descriptor. */
export function tell(message: ChildMessage): void {
  tellText(JSON.stringify(message));
}

/** Sends a message that is JSON text already. */
export function tellText(json: string): void {
  writeAll(REPORT_DESCRIPTOR, Buffer.from(`${json}\n`));
}

/** Bytes of stdout and of stderr so far. */
const wrote: [number, number] = [0, 0];

/** Writes to stdout or stderr of the run. */
export function print(descriptor: 1 | 2, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  wrote[descriptor - 1] = (wrote[descriptor - 1] ?? 0) + bytes.length;
  writeAll(descriptor, bytes);
}

/** Says how the program ended, and waits to be killed: the host reads first what this process has used. */
export function end(how: ChildEnd): never {
  tell({ type: "end", end: how, wrote });
  readExactly(REPORT_DESCRIPTOR, 1);
  return endNow();
}

/** Says that the machinery is broken, and ends this process. */
export function broken(error: unknown): never {
  tell({ type: "broken", message: error instanceof Error ? (error.stack ?? String(error)) : String(error) });
  return endNow();
}

/** Ends this process without running anything more in it: handlers and finalizers may belong to the program by now. */
export function endNow(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) sleep(1000);
}

/**
 * Gives up root once everything is loaded. Whatever a program that breaks out of its runtime reaches, it reaches as an
 * ordinary user without groups.
 */
export function dropPrivileges(): void {
  const { getuid, setgroups, setgid, setuid } = process;
  if (getuid?.() !== 0 || !setgroups || !setgid || !setuid) return;
  setgroups([]);
  setgid(NOBODY);
  setuid(NOBODY);
}

const NOBODY = 65_534;
