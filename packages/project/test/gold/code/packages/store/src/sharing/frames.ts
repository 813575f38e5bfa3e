import { storeError } from "../errors.js";

// A frame is four bytes with the length of what follows, then JSON in UTF-8.
const HEADER = 4;

/** Bytes of a frame, at most. */
export const FRAME_BYTES: number = 64 * 2 ** 20;

/** Says that what came is not a frame of ours. */
export class BrokenFrame extends Error {
  override readonly name = "BrokenFrame";
}

/** Throws `STORE_MESSAGE_TOO_LARGE`. */
export function encodeFrame(message: object): Buffer {
  const json = JSON.stringify(message);
  const length = Buffer.byteLength(json);
  if (length > FRAME_BYTES) throw tooLarge(length);
  const frame = Buffer.allocUnsafe(HEADER + length);
  frame.writeUInt32BE(length, 0);
  frame.write(json, HEADER, "utf8");
  return frame;
}

/** The error for what does not fit into a frame. */
export function tooLarge(bytes: number): Error {
  return storeError(
    "STORE_MESSAGE_TOO_LARGE",
    `A batch, value, request or answer of ${bytes} bytes does not fit into a message between processes (${FRAME_BYTES}). Split it.`,
    { details: { bytes, limit: FRAME_BYTES } },
  );
}

/** Cuts a stream into messages. */
export class FrameReader {
  #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #wanted = HEADER;
  #length: number | undefined;

  /** @param limit bytes of a frame, at most: nothing larger is ever kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Lets larger frames through from now on. */
  raise(limit: number): void {
    this.#limit = limit;
  }

  /** The messages that are whole now. Throws {@link BrokenFrame}. */
  *push(chunk: Buffer): Generator<unknown> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= this.#wanted) {
      const bytes = this.#take(this.#wanted);
      if (this.#length === undefined) {
        this.#length = bytes.readUInt32BE(0);
        if (this.#length > this.#limit) throw new BrokenFrame(`a frame of ${this.#length} bytes`);
        this.#wanted = this.#length;
        continue;
      }
      this.#length = undefined;
      this.#wanted = HEADER;
      yield parse(bytes);
    }
  }

  #take(count: number): Buffer {
    // Joined once for each frame, however many chunks it came in.
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    const rest = all.subarray(count);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
    return all.subarray(0, count);
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new BrokenFrame("a frame that is not JSON");
  }
}
