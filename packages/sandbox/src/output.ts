import { Buffer } from "node:buffer";

const SMALL_BYTES = 4096;

/** How many times the limit a stream may grow before the run is ended. */
export const OUTPUT_STOP_FACTOR = 4;

/**
 * Collects one stream of a run in bounded memory: the first half of the limit and the newest half are kept, what lies
 * between is dropped and said so.
 */
export class OutputCollector {
  readonly #limit: number;
  /** Small until more comes than fits: most runs say little. */
  #head: Buffer;
  #headSize = 0;
  /** A ring: the oldest byte is at `#tailStart`. */
  #tail: Buffer | undefined;
  #tailStart = 0;
  #tailSize = 0;
  #total = 0;

  /** @param limitBytes how many bytes are kept */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
    this.#head = Buffer.allocUnsafeSlow(Math.min(SMALL_BYTES, Math.ceil(limitBytes / 2)));
  }

  /** Takes the next bytes. `false`: over four times the limit, so the run should be ended. */
  push(chunk: Uint8Array): boolean {
    this.#total += chunk.length;
    const fits = Math.min(chunk.length, Math.ceil(this.#limit / 2) - this.#headSize);
    if (fits > 0) {
      this.#growHead(this.#headSize + fits);
      this.#head.set(chunk.subarray(0, fits), this.#headSize);
      this.#headSize += fits;
    }
    if (fits < chunk.length) this.#keepNewest(chunk.subarray(fits));
    return this.#total <= this.#limit * OUTPUT_STOP_FACTOR;
  }

  /** Bytes that came, kept or not. */
  get total(): number {
    return this.#total;
  }

  /** Whether bytes were dropped. */
  get truncated(): boolean {
    return this.#total > this.#headSize + this.#tailSize;
  }

  /** What was kept, as text; invalid UTF-8 is replaced. */
  text(): string {
    const head = this.#head.subarray(0, this.#headSize);
    const tail = this.#newest();
    if (!this.truncated) return Buffer.concat([head, tail]).toString("utf8");
    const dropped = this.#total - this.#headSize - this.#tailSize;
    return `${head.toString("utf8")}\n[... ${dropped} bytes left out ...]\n${tail.toString("utf8")}`;
  }

  #growHead(size: number): void {
    if (size <= this.#head.length) return;
    // Not zeroed: pages that nothing is written to cost no memory.
    const grown = Buffer.allocUnsafeSlow(Math.ceil(this.#limit / 2));
    grown.set(this.#head.subarray(0, this.#headSize));
    this.#head = grown;
  }

  #keepNewest(bytes: Uint8Array): void {
    const capacity = Math.floor(this.#limit / 2);
    if (capacity === 0) return;
    this.#tail ??= Buffer.allocUnsafeSlow(capacity);
    const kept = bytes.length > capacity ? bytes.subarray(bytes.length - capacity) : bytes;
    const end = (this.#tailStart + this.#tailSize) % capacity;
    const first = Math.min(kept.length, capacity - end);
    this.#tail.set(kept.subarray(0, first), end);
    this.#tail.set(kept.subarray(first), 0);
    const size = this.#tailSize + kept.length;
    if (size > capacity) this.#tailStart = (end + kept.length) % capacity;
    this.#tailSize = Math.min(size, capacity);
  }

  #newest(): Buffer {
    if (!this.#tail) return Buffer.alloc(0);
    const tail = this.#tail;
    const first = tail.subarray(this.#tailStart, Math.min(tail.length, this.#tailStart + this.#tailSize));
    return Buffer.concat([first, tail.subarray(0, this.#tailSize - first.length)]);
  }
}
