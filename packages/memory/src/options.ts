import {
  type Clock,
  type IdSource,
  type Logger,
  MEMORY_KINDS,
  type MemoryKind,
  type Scope,
  type Trust,
  type WaitOptions,
} from "@agentos/core";
import type { Store } from "@agentos/store";
import * as v from "valibot";
import type { Embedder } from "./embedder.js";
import type { LexicalWeights } from "./lexical-index.js";
import type { ReembeddingProgress } from "./reembedding.js";
import type { VectorIndex } from "./vector-index.js";

/** Options of {@link MemoryStore.open}. */
export interface MemoryStoreOptions {
  /** Where memories are kept. It stays the caller's to close, after the memory. */
  readonly store: Store;
  /** Another one than before: all memories get new vectors in the background. @default a new {@link HashedEmbedder} */
  readonly embedder?: Embedder;
  /** Makes the vector index. @default an {@link ExactIndex} */
  readonly vectorIndex?: (dimensions: number) => VectorIndex;
  /**
   * Share of the lexical score in a memory's score, 0 to 1; the vector has the rest. With 1, vectors are not searched.
   * @default 1 for an embedder that says it is lexical, else 0.5
   */
  readonly lexicalWeight?: number;
  /** How words are weighed. @default `{ grams: 0.4, whole: 0.5, neighbours: 0.35 }` */
  readonly lexical?: Partial<LexicalWeights>;
  /** Told how embedding anew comes on: after every batch, and when the embedder fails, which is tried again. */
  readonly onReembedding?: (progress: ReembeddingProgress) => void;
  /** Longest content in bytes of UTF-8. @default 65_536 */
  readonly contentBytes?: number;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** @default ids that sort by time */
  readonly ids?: IdSource;
  /** @default a logger that drops everything */
  readonly logger?: Logger;
}

/** What is to be remembered. */
export interface MemoryInput {
  /** The text; white space around it is dropped. */
  readonly content: string;
  readonly scope: Scope;
  /** @default "fact" */
  readonly kind?: MemoryKind;
  /** @default [] */
  readonly tags?: readonly string[];
  /** 0 (trivial) to 1 (vital). @default 0.5 */
  readonly importance?: number;
  /** `outside` for text that came from a run, a repository or the web. @default "own" */
  readonly trust?: Trust;
  /** Where it came from: an outcome id, a file and line, a person. */
  readonly source?: string;
  /** From when it is true, in milliseconds since 1970. @default now */
  readonly validFrom?: number;
  /** Until when it is true, that moment not included; after `validFrom`. @default still */
  readonly validTo?: number;
}

/** Which memories are meant. */
export interface MemoryFilter {
  /**
   * Absent: `user` and `shared` only; projects and agents must be named. Empty: none.
   * @default [{ level: "user" }, { level: "shared" }]
   */
  readonly scopes?: readonly Scope[];
  /** Only memories that have all of these. @default [] */
  readonly tags?: readonly string[];
  /** Only memories of one of these kinds. Absent: all. Empty: none. */
  readonly kinds?: readonly MemoryKind[];
}

/** Options of {@link MemoryStore.recall}. */
export interface RecallOptions extends MemoryFilter, WaitOptions {
  /** At most so many. @default 10 */
  readonly limit?: number;
  /** Only memories that score at least this, 0 to 1, where the best of each ranking stands at 1. @default 0 */
  readonly minScore?: number;
}

/** Options of {@link MemoryStore.list}. */
export interface ListOptions extends MemoryFilter, WaitOptions {
  /** Starts behind this id: the last one of the page before. */
  readonly after?: string;
  /** At most so many. @default no limit */
  readonly limit?: number;
  /** Whether forgotten ones are listed too. @default false */
  readonly forgotten?: boolean;
}

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const tags = v.pipe(v.array(v.pipe(text, v.maxLength(200))), v.maxLength(64));
const kind = v.picklist(MEMORY_KINDS);
const signal = v.optional(v.instance(AbortSignal));
const object = (value: unknown): boolean => typeof value === "object" && value !== null;
const callable = (value: unknown): boolean => typeof value === "function";
/** Scopes have a code of their own, so their shape is left to `scopeKey`. */
const scope = v.custom<Scope>(object, 'must be a scope such as { level: "user" }');
const filter = {
  scopes: v.optional(v.array(scope)),
  tags: v.optional(tags),
  kinds: v.optional(v.array(kind)),
};

/** What `MemoryStore.open` accepts. */
export const memoryStoreOptionsSchema: v.GenericSchema<MemoryStoreOptions> = v.strictObject({
  store: v.custom<Store>(object, "must be an open Store"),
  embedder: v.optional(v.custom<Embedder>(object)),
  vectorIndex: v.optional(v.custom<(dimensions: number) => VectorIndex>(callable)),
  lexicalWeight: v.optional(share),
  lexical: v.optional(
    v.strictObject({ grams: v.optional(share), whole: v.optional(share), neighbours: v.optional(share) }),
  ),
  onReembedding: v.optional(v.custom<(progress: ReembeddingProgress) => void>(callable)),
  contentBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  clock: v.optional(v.custom<Clock>(callable)),
  ids: v.optional(v.custom<IdSource>(callable)),
  logger: v.optional(v.custom<Logger>(object)),
});

/** What `MemoryStore.remember` accepts. */
export const memoryInputSchema: v.GenericSchema<MemoryInput> = v.strictObject({
  content: v.string(),
  scope,
  kind: v.optional(kind),
  tags: v.optional(tags),
  importance: v.optional(share),
  trust: v.optional(v.picklist(["own", "outside"])),
  source: v.optional(text),
  validFrom: v.optional(time),
  validTo: v.optional(time),
});

/** What `MemoryStore.recall` accepts. */
export const recallOptionsSchema: v.GenericSchema<RecallOptions> = v.strictObject({
  ...filter,
  limit: v.optional(count),
  minScore: v.optional(share),
  signal,
});

/** What `MemoryStore.list` accepts. */
export const listOptionsSchema: v.GenericSchema<ListOptions> = v.strictObject({
  ...filter,
  after: v.optional(text),
  limit: v.optional(count),
  forgotten: v.optional(v.boolean()),
  signal,
});
