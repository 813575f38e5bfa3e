import { throwIfAborted, validate, type WaitOptions } from "@agentos/core";
import * as v from "valibot";
import type { Embedder } from "../embedder.js";
import { memoryError } from "../errors.js";
import { untilAborted } from "../wait.js";

/** What LangChain calls embeddings: any object of this shape will do. */
export interface LangChainEmbeddings {
  embedDocuments(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
}

/** Options of {@link fromLangChain}. */
export interface LangChainEmbedderOptions {
  /** Identifies model and settings. When it changes, everything is embedded anew. */
  readonly name: string;
  /** Length of the vectors. @default that of one that is asked for at once */
  readonly dimensions?: number;
  /** Cosine up to which two texts count as unrelated. @default 0 */
  readonly unrelatedBelow?: number;
}

const callable = (value: unknown): boolean => typeof value === "function";
const embeddingsSchema: v.GenericSchema<LangChainEmbeddings> = v.object({
  embedDocuments: v.custom<LangChainEmbeddings["embedDocuments"]>(callable, "must be a function"),
  embedQuery: v.custom<LangChainEmbeddings["embedQuery"]>(callable, "must be a function"),
});
const optionsSchema: v.GenericSchema<LangChainEmbedderOptions> = v.strictObject({
  name: v.pipe(v.string(), v.nonEmpty("must not be empty")),
  dimensions: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  unrelatedBelow: v.optional(v.pipe(v.number(), v.minValue(-1), v.maxValue(1))),
});

/**
 * An {@link Embedder} over LangChain's embeddings. Texts that are only white space get zeros, since many models refuse them.
 * A signal ends the wait; LangChain's call itself cannot be ended.
 * Throws `OPTIONS_INVALID`, `MEMORY_EMBEDDER_FAILED`.
 */
export async function fromLangChain(
  embeddings: LangChainEmbeddings,
  options: LangChainEmbedderOptions,
): Promise<Embedder> {
  validate(embeddingsSchema, embeddings, { what: "LangChain embeddings" });
  const { name, dimensions, unrelatedBelow } = validate(optionsSchema, options, {
    what: "Options of fromLangChain",
  });
  const length = dimensions ?? (await ask(name, () => embeddings.embedQuery("dimensions"))).length;
  if (!Number.isInteger(length) || length < 1) throw failed(name, "it gave no vector");
  const vectorOf = (values: unknown): Float32Array => toVector(name, values, length);
  return {
    name,
    dimensions: length,
    ...(unrelatedBelow === undefined ? {} : { unrelatedBelow }),
    async embed(texts, { signal }: WaitOptions = {}): Promise<readonly Float32Array[]> {
      throwIfAborted(signal);
      const said = texts.filter((text) => text.trim() !== "");
      const made = said.length === 0 ? [] : await ask(name, () => embeddings.embedDocuments(said), signal);
      if (!Array.isArray(made) || made.length !== said.length) {
        throw failed(name, `it gave ${made?.length} vectors for ${said.length} texts`);
      }
      const vectors = made.map(vectorOf)[Symbol.iterator]();
      return texts.map((text) =>
        text.trim() === "" ? new Float32Array(length) : (vectors.next().value as Float32Array),
      );
    },
    async embedQuery(text, { signal }: WaitOptions = {}): Promise<Float32Array> {
      throwIfAborted(signal);
      if (text.trim() === "") return new Float32Array(length);
      return vectorOf(await ask(name, () => embeddings.embedQuery(text), signal));
    },
  };
}

function ask<Answer>(name: string, work: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
  return untilAborted(async () => {
    try {
      return await work();
    } catch (cause) {
      throw failed(name, "it threw", cause);
    }
  }, signal);
}

function toVector(name: string, values: unknown, length: number): Float32Array {
  const list = Array.isArray(values) || values instanceof Float32Array ? values : [];
  const vector = Float32Array.from(list as readonly number[]);
  if (vector.length !== length)
    throw failed(name, `it gave a vector of ${vector.length} numbers, not ${length}`);
  if (!vector.every(Number.isFinite)) throw failed(name, "it gave a number that is not finite");
  return vector;
}

function failed(name: string, what: string, cause?: unknown): Error {
  return memoryError(
    "MEMORY_EMBEDDER_FAILED",
    `The LangChain embeddings "${name}" failed: ${what}. Check them; nothing was stored.`,
    { cause, details: { embedder: name } },
  );
}
