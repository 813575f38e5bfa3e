import { Buffer } from "node:buffer";
import { Socket } from "node:net";
import type { Readable } from "node:stream";

/** What a child's stream wraps, as far as it is used here. */
interface Handle {
  useUserBuffer?(buffer: Uint8Array): void;
}

/** A stream that is being read. */
export interface Reading {
  /** Goes on after `take` returned false. */
  resume(): void;
  /** Whether it keeps the host's event loop alive. */
  hold(held: boolean): void;
  /** Resolves when the stream has ended and is closed. */
  readonly closed: Promise<void>;
}

/** What is read is taken before anything else is read: one buffer does for all pipes. */
const buffer = Buffer.allocUnsafeSlow(65_536);

/**
 * Reads a child's pipe into a buffer that is used again and again, and hands out views of it, which hold until `take`
 * returns: reading by "data" events takes a new buffer of 64 KiB each time, and a flood costs tens of megabytes until
 * they are collected. `take` returns false to pause. To be called before anything is read, in the tick of the spawn.
 */
export function readInto(stream: Readable, take: (bytes: Uint8Array) => boolean): Reading {
  const wrapping = stream as { _handle?: Handle | null };
  const handle = wrapping._handle;
  if (typeof handle?.useUserBuffer !== "function") return readByEvents(stream as Socket, take);
  const callback = (size: number): boolean => take(buffer.subarray(0, size));
  const options = { handle, readable: true, writable: false, onread: { buffer, callback } };
  const socket = new Socket(options as ConstructorParameters<typeof Socket>[0]);
  // The stream that the handle was taken from ends at once: the child's "close" no longer waits for it.
  wrapping._handle = null;
  stream.destroy();
  return reading(socket);
}

function readByEvents(stream: Socket, take: (bytes: Uint8Array) => boolean): Reading {
  stream.on("data", (bytes: Buffer) => {
    if (!take(bytes)) stream.pause();
  });
  return reading(stream);
}

function reading(socket: Socket): Reading {
  const closed = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  // A reset is an end.
  socket.on("error", () => {});
  socket.resume();
  return {
    resume: () => void socket.resume(),
    hold: (held) => void (held ? socket.ref() : socket.unref()),
    closed,
  };
}
