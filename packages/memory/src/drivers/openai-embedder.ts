import { createHash } from "node:crypto";
import { silentLogger, systemClock, throwIfAborted, validate, type WaitOptions } from "@agentos/core";
import type { Embedder } from "../embedder.js";
import { wait } from "../wait.js";
import { Failure } from "./openai/failure.js";
import { LruCache } from "./openai/lru-cache.js";
import { type OpenAIEmbedderOptions, openAIEmbedderOptionsSchema } from "./openai/options.js";
import { sendRequest } from "./openai/request.js";

/**
 * Vectors of a model behind any HTTP endpoint that speaks OpenAI's `POST /embeddings`. Texts go in batches; a text that is
 * only white space is not sent and gets zeros. Requests are sent again when the trouble may pass.
 */
export class OpenAIEmbedder implements Embedder {
  readonly name: string;
  readonly dimensions: number;
  readonly unrelatedBelow: number;
  readonly #options: OpenAIEmbedderOptions;
  readonly #cache: LruCache<Float32Array>;

  private constructor(options: OpenAIEmbedderOptions, dimensions: number) {
    const { model, textPrefix = "", queryPrefix = "", unrelatedBelow = 0, cacheEntries = 1_000 } = options;
    const prefixes = textPrefix + queryPrefix === "" ? "" : `-${digest(textPrefix, queryPrefix).slice(0, 8)}`;
    this.name = options.name ?? `openai-${model}-${dimensions}${prefixes}`;
    this.dimensions = dimensions;
    this.unrelatedBelow = unrelatedBelow;
    this.#options = options;
    this.#cache = new LruCache(cacheEntries);
  }

  /**
   * Makes an embedder. Asks the endpoint for one vector when `dimensions` is absent, else nothing.
   * Throws `OPTIONS_INVALID`, `MEMORY_EMBEDDER_FAILED`, `ABORTED`.
   */
  static async open(options: OpenAIEmbedderOptions, waiting: WaitOptions = {}): Promise<OpenAIEmbedder> {
    const checked = validate(openAIEmbedderOptionsSchema, options, { what: "OpenAIEmbedder options" });
    throwIfAborted(waiting.signal);
    if (checked.dimensions !== undefined) return new OpenAIEmbedder(checked, checked.dimensions);
    const [vector = new Float32Array()] = await send(checked, ["dimensions"], undefined, waiting.signal);
    return new OpenAIEmbedder(checked, vector.length);
  }

  /** Throws `MEMORY_EMBEDDER_FAILED`, whose `details.status` is the endpoint's where it answered, and `ABORTED`. */
  async embed(texts: readonly string[], options: WaitOptions = {}): Promise<readonly Float32Array[]> {
    return this.#embed(texts, this.#options.textPrefix ?? "", options.signal);
  }

  /** Throws what {@link OpenAIEmbedder.embed} does. */
  async embedQuery(text: string, options: WaitOptions = {}): Promise<Float32Array> {
    const [vector] = await this.#embed([text], this.#options.queryPrefix ?? "", options.signal);
    return vector ?? new Float32Array(this.dimensions);
  }

  async #embed(
    texts: readonly string[],
    prefix: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly Float32Array[]> {
    throwIfAborted(signal);
    const { textChars = 20_000 } = this.#options;
    const inputs = texts.map((text) => (text.trim() === "" ? "" : prefix + cut(text, textChars)));
    const vectors = new Map<string, Float32Array>([["", new Float32Array(this.dimensions)]]);
    const missing = new Set<string>();
    for (const input of inputs) {
      const kept = vectors.get(input) ?? this.#cache.get(digest(input));
      if (kept === undefined) missing.add(input);
      else vectors.set(input, kept);
    }
    for (const batch of this.#batches([...missing])) {
      const made = await send(this.#options, batch, this.dimensions, signal);
      for (const [place, input] of batch.entries()) {
        const vector = made[place] ?? new Float32Array(this.dimensions);
        vectors.set(input, vector);
        this.#cache.set(digest(input), vector);
      }
    }
    // Copies: what a caller does with a vector must not change the cached one.
    return inputs.map((input) => Float32Array.from(vectors.get(input) ?? []));
  }

  *#batches(inputs: readonly string[]): Generator<readonly string[]> {
    const { batchTexts = 128, batchChars = 100_000 } = this.#options;
    let batch: string[] = [];
    let chars = 0;
    for (const input of inputs) {
      if (batch.length > 0 && (batch.length === batchTexts || chars + input.length > batchChars)) {
        yield batch;
        [batch, chars] = [[], 0];
      }
      batch.push(input);
      chars += input.length;
    }
    if (batch.length > 0) yield batch;
  }
}

/** Sends a request until it is answered or the tries are used up. Throws `MEMORY_EMBEDDER_FAILED`, `ABORTED`. */
async function send(
  options: OpenAIEmbedderOptions,
  texts: readonly string[],
  dimensions: number | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Float32Array[]> {
  const { baseUrl, apiKey, model, shorten = false, clock = systemClock, logger = silentLogger } = options;
  const { timeoutMs = 30_000, retries = 4, retryMs = 500, retryAfterMs = 60_000 } = options;
  const url = `${baseUrl.replace(/\/+$/, "")}/embeddings`;
  for (let tried = 0; ; tried++) {
    const request = { url, apiKey, model, texts, dimensions, shorten, timeoutMs, clock, signal };
    const answer = await sendRequest(request);
    if (!(answer instanceof Failure)) return answer;
    const waitMs = answer.afterMs ?? retryMs * 2 ** tried;
    if (!answer.again || tried === retries || waitMs > Math.max(retryAfterMs, retryMs * 2 ** tried)) {
      throw answer.error;
    }
    logger.warn(
      { error: answer.error, waitMs, tried: tried + 1 },
      "a request for vectors failed; sent again",
    );
    await wait(waitMs, { signal });
  }
}

/** The beginning of a text, never half of a surrogate pair. */
function cut(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).replace(/[\ud800-\udbff]$/, "");
}

function digest(...texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("base64url");
}
