import { isAgentOSError, type Logger, type WaitOptions } from "@agentos/core";
import type { Collection, Store, WriteOperation } from "@agentos/store";
import type { Embedder } from "./embedder.js";
import { memoryError } from "./errors.js";
import { inUse, type MemoryRecord, searchText } from "./record.js";
import type { Records } from "./records.js";

const BATCH = 64;

/** Which embedder the stored vectors are of. */
interface EmbedderRecord {
  readonly name: string;
  readonly dimensions: number;
  /** False while everything is being embedded anew: whoever finds it so starts again. */
  readonly complete: boolean;
}

/** Makes vectors and keeps them in the store beside the memories. */
export class Vectors {
  readonly embedder: Embedder;
  readonly #store: Store;
  readonly #vectors: Collection<string>;
  readonly #meta: Collection<EmbedderRecord>;

  constructor(store: Store, embedder: Embedder) {
    this.embedder = embedder;
    this.#store = store;
    this.#vectors = store.collection("memory.vectors");
    this.#meta = store.collection("memory.embedder");
  }

  /** Says that vectors are not kept from now on: who searches them next embeds everything. */
  async leaveOut(): Promise<void> {
    if ((await this.#meta.get("current")) === undefined) return;
    await this.#store.write([this.#meta.delete("current")], { durable: true });
  }

  /** Embeds everything anew when the stored vectors are of another embedder. */
  async refresh(records: Records, logger: Logger): Promise<void> {
    const { name, dimensions } = this.embedder;
    const known = await this.#meta.get("current");
    if (known?.complete && known.name === name && known.dimensions === dimensions) return;
    await this.#store.write([this.#meta.put("current", { name, dimensions, complete: false })], {
      durable: true,
    });
    let embedded = 0;
    for await (const page of pagesOf(records)) {
      const vectors = await this.embed(page.map(({ memory }) => searchText(memory)));
      await this.#store.write(
        page.map(({ memory }, index) => this.put(memory.id, vectors[index] ?? new Float32Array())),
      );
      embedded += page.length;
    }
    await this.#store.write([this.#meta.put("current", { name, dimensions, complete: true })], {
      durable: true,
    });
    if (embedded > 0)
      logger.info({ embedder: name, before: known?.name, embedded }, "memories embedded anew");
  }

  /** One checked vector for each text. Throws `MEMORY_EMBEDDER_FAILED`, `ABORTED`. */
  async embed(texts: readonly string[], options: WaitOptions = {}): Promise<readonly Float32Array[]> {
    let vectors: readonly Float32Array[];
    try {
      vectors = await this.embedder.embed(texts, options);
    } catch (cause) {
      if (isAgentOSError(cause, "ABORTED")) throw cause;
      throw this.#failed("it threw", cause);
    }
    if (!Array.isArray(vectors) || vectors.length !== texts.length) {
      throw this.#failed(`it gave ${vectors?.length} vectors for ${texts.length} texts`);
    }
    for (const vector of vectors) {
      if (!(vector instanceof Float32Array) || vector.length !== this.embedder.dimensions) {
        throw this.#failed(`it gave a vector that is not a Float32Array of ${this.embedder.dimensions}`);
      }
      if (!vector.every(Number.isFinite)) throw this.#failed("it gave a number that is not finite");
    }
    return vectors;
  }

  put(id: string, vector: Float32Array): WriteOperation {
    return this.#vectors.put(id, encode(vector));
  }

  delete(id: string): WriteOperation {
    return this.#vectors.delete(id);
  }

  async *entries(): AsyncGenerator<readonly [id: string, vector: Float32Array]> {
    for await (const [id, text] of this.#vectors.entries()) yield [id, decode(text)];
  }

  #failed(what: string, cause?: unknown): Error {
    return memoryError(
      "MEMORY_EMBEDDER_FAILED",
      `The embedder "${this.embedder.name}" failed: ${what}. Nothing was stored; check it or open the memory with another.`,
      { cause, details: { embedder: this.embedder.name } },
    );
  }
}

async function* pagesOf(records: Records): AsyncGenerator<MemoryRecord[]> {
  let page: MemoryRecord[] = [];
  for await (const record of records.entries()) {
    if (!inUse(record)) continue;
    page.push(record);
    if (page.length === BATCH) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** Little-endian float32 in base64: a third of the size of decimal numbers, and exact. */
function encode(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString("base64");
}

function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
