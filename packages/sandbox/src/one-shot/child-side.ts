import { Buffer } from "node:buffer";
import { readSync, writeSync } from "node:fs";
import process from "node:process";
import { deserialize } from "node:v8";
import { type ChildEnd, type ChildJob, type ChildMessage, REPORT_DESCRIPTOR } from "./protocol.js";

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

function readExactly(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    try {
      const count = readSync(REPORT_DESCRIPTOR, bytes, at, length - at, null);
      // The host is gone, or closed this spare.
      if (count === 0) endNow();
      at += count;
    } catch (error) {
      if (!isAgain(error)) endNow();
      sleep(1);
    }
  }
  return bytes;
}

/** Waits for the job. */
export function receiveJob(): ChildJob {
  tell({ type: "ready" });
  return deserialize(readExactly(readExactly(4).readUInt32LE())) as ChildJob;
}

/** Sends a message on the report descriptor. */
export function tell(message: ChildMessage): void {
  tellText(JSON.stringify(message));
}

/** Sends a message that is JSON text already. */
export function tellText(json: string): void {
  writeAll(REPORT_DESCRIPTOR, Buffer.from(`${json}\n`));
}

/** Writes to stdout or stderr of the run. */
export function print(descriptor: 1 | 2, content: string | Uint8Array): void {
  writeAll(descriptor, typeof content === "string" ? Buffer.from(content) : content);
}

/** Says how the program ended, and ends this process. */
export function end(how: ChildEnd): never {
  tell({ type: "end", end: how });
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
