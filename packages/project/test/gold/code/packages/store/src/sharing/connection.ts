import type { Socket } from "node:net";
import { encodeFrame, FRAME_BYTES, FrameReader } from "./frames.js";

/** Before both sides have proved who they are, a frame may not be larger. */
const HANDSHAKE_BYTES = 4_096;
/** What the other side has not read after a while is not kept beyond this. */
const BACKLOG_BYTES = 64 * 2 ** 20;
const STALLED_MS = 5_000;

/**
 * Messages over a socket, which does not keep the process alive. Whatever is wrong with it, or with what comes over it,
 * ends this connection and nothing else.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #reader = new FrameReader(HANDSHAKE_BYTES);
  readonly #closed: Promise<void>;
  #onMessage: ((message: unknown) => void) | undefined;
  #onClose: () => void = () => {};
  #wroteAt = 0;
  /** Whether the other side is not read for now; what was read already waits. */
  #held = false;
  #unheard: unknown[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.unref();
    this.#closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve();
        this.#onClose();
      });
    });
    // "close" follows, which is all that matters.
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  /** Both sides have proved who they are. `onMessage` may throw, which ends the connection. */
  open(onMessage: (message: unknown) => void, onClose: () => void): void {
    this.#reader.raise(FRAME_BYTES);
    this.#onMessage = onMessage;
    this.#onClose = onClose;
    if (this.#socket.destroyed) onClose();
  }

  /** The next message of a handshake. Rejects when none comes in time. */
  receive(ms: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Timeout("the other side does not answer"));
        this.destroy();
      }, ms);
      timer.unref();
      this.#onMessage = (message) => {
        this.#onMessage = undefined;
        clearTimeout(timer);
        resolve(message);
      };
      void this.#closed.then(() => {
        clearTimeout(timer);
        reject(new Error("the connection was closed"));
      });
    });
  }

  /** Throws `STORE_MESSAGE_TOO_LARGE`. */
  send(message: object): void {
    this.#write(encodeFrame(message));
  }

  /** Sends what nobody asked for; gives up a connection whose other side has stopped reading. */
  push(frame: Buffer): void {
    const stalled = performance.now() - this.#wroteAt > STALLED_MS;
    if (this.#socket.writableLength > BACKLOG_BYTES && stalled) this.destroy();
    else this.#write(frame);
  }

  /** Bytes that the other side has not taken yet. */
  get backlog(): number {
    return this.#socket.writableLength;
  }

  /** Reads no further until `resume`: what comes meanwhile waits with the sender. */
  hold(): void {
    this.#held = true;
    this.#socket.pause();
  }

  /** Goes on where `hold` stopped. */
  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    const unheard = this.#unheard;
    this.#unheard = [];
    this.#hear(unheard);
    if (!this.#held) this.#socket.resume();
  }

  /** Calls back each time that all that was sent has been taken. */
  onDrain(listener: () => void): void {
    this.#socket.on("drain", listener);
  }

  /** Lets what was sent go out, then closes; after `ms` in any case. */
  async end(ms: number): Promise<void> {
    const timer = setTimeout(() => this.destroy(), ms);
    this.#socket.end();
    await this.#closed;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(frame: Buffer): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (this.#socket.writableLength === 0) this.#wroteAt = performance.now();
    this.#socket.write(frame, () => {
      this.#wroteAt = performance.now();
    });
  }

  #read(chunk: Buffer): void {
    this.#hear(this.#reader.push(chunk));
  }

  #hear(messages: Iterable<unknown>): void {
    try {
      for (const message of messages) {
        if (this.#held) {
          this.#unheard.push(message);
          continue;
        }
        if (this.#onMessage === undefined) throw new Error("a message that nobody waits for");
        this.#onMessage(message);
        if (this.#socket.destroyed) return;
      }
    } catch {
      this.destroy();
    }
  }
}

/** Says that the other side is there but does not answer. */
export class Timeout extends Error {
  override readonly name = "Timeout";
}
