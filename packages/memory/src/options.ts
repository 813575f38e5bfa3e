import {
  type Clock,
  type IdSource,
  type Logger,
  MEMORY_KINDS,
  type Memory,
  type MemoryKind,
  type MemoryMetadata,
  type MemorySource,
  type Scope,
  type Trust,
  type WaitOptions,
} from "@agentos/core";
import type { Store } from "@agentos/store";
import * as v from "valibot";
import type { Embedder } from "./embedder.js";
import type { LexicalWeights } from "./lexical-index.js";
import type { CleanupPolicy } from "./lifecycle.js";
import { LINK_TYPES, type LinkOptions, type MemoryLink } from "./links.js";
import type { ImportOptions } from "./portability/import.js";
import type { ReembeddingProgress } from "./reembedding.js";
import { isScope } from "./scope.js";
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
  /** How words are weighed. @default `{ grams: 0.4, whole: 0.5, neighbours: 0.35, alike: 1 }` */
  readonly lexical?: Partial<LexicalWeights>;
  /** Told how embedding anew comes on: after every batch, and when the embedder fails, which is tried again. */
  readonly onReembedding?: (progress: ReembeddingProgress) => void;
  /**
   * What becomes of a memory that says what another in the same scope and kind says in other words: `merge` adds what it knows
   * to the other one and keeps it aside, so that `restore` takes the merging back; one that gives another value or denies the
   * other is linked to it. `keep` looks for none.
   * @default "merge"
   */
  readonly nearDuplicates?: "merge" | "keep";
  /**
   * Whether secrets that are known by their form or the name beside them are taken out before anything is stored.
   * @default "redact"
   */
  readonly secrets?: "redact" | "keep";
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
  /** A heading of one's own, beside the kind. */
  readonly category?: string;
  /** Facts of one's own, by name; at most 64. */
  readonly metadata?: MemoryMetadata;
  /** Where it came from. Words alone are its `note`. */
  readonly source?: MemorySource | string;
  /** What it gives the value of: a new value closes the one before, which stays in the history. */
  readonly subject?: string;
  /** From when it is true, in milliseconds since 1970. @default now */
  readonly validFrom?: number;
  /** Until when it is true, that moment not included; after `validFrom`. @default still */
  readonly validTo?: number;
  /** From when on it is not recalled any more, in milliseconds since 1970; later than now. @default never */
  readonly expiresAt?: number;
}

/** What `correct` changes: fields that are not named stay, and `null` takes one away that a memory need not have. */
export interface MemoryCorrection
  extends Partial<Pick<MemoryInput, "content" | "kind" | "tags" | "importance" | "trust" | "validFrom">> {
  readonly category?: string | null;
  readonly metadata?: MemoryMetadata | null;
  readonly source?: MemorySource | string | null;
  readonly validTo?: number | null;
  readonly expiresAt?: number | null;
}

/** Which memories are meant. */
export interface MemoryFilter {
  /**
   * Absent: `user` and `shared` only; projects and agents must be named. Empty: none. `all`: those of every project and agent,
   * too; to be asked for by a person, since it crosses projects.
   * @default [{ level: "user" }, { level: "shared" }]
   */
  readonly scopes?: readonly Scope[] | "all";
  /** Only memories that have all of these. @default [] */
  readonly tags?: readonly string[];
  /** Only memories of one of these kinds. Absent: all. Empty: none. */
  readonly kinds?: readonly MemoryKind[];
  readonly category?: string;
  readonly trust?: Trust;
  /** Only memories whose metadata has all of these. */
  readonly metadata?: MemoryMetadata;
  /** Only memories whose source says all of this. */
  readonly source?: MemorySource;
  /** Only memories recorded from this time on, in milliseconds since 1970. */
  readonly recordedFrom?: number;
  /** Only memories recorded before this time. */
  readonly recordedTo?: number;
}

/** What somebody is at while asking: it shifts the order of what fits the query, and finds nothing by itself. */
export interface RecallContext {
  /** What the agent was asked to do. */
  readonly task?: string;
  /** The file that is open. */
  readonly path?: string;
  readonly language?: string;
  /** Ids of memories that were recalled lately. */
  readonly recent?: readonly string[];
}

/** How much importance, age and the times of a query weigh: what each can take away of a score. */
export interface RecallBoost {
  /** What the least important memory loses of its score, 0 to 0.5. @default 0.1 */
  readonly importance?: number;
  /** What a very old one loses, 0 to 0.5. @default 0.05 */
  readonly recency?: number;
  /** In how many milliseconds half of the recency is lost. @default 2_592_000_000, 30 days */
  readonly halfLifeMs?: number;
  /** What a memory loses that is of another time than one that the query names ("last week"), 0 to 0.5. @default 0.15 */
  readonly times?: number;
}

/** Options of {@link MemoryStore.recall}. */
export interface RecallOptions extends MemoryFilter, WaitOptions {
  /** At most so many. @default 10 */
  readonly limit?: number;
  /** Only memories that score at least this, 0 to 1, where the best of each ranking stands at 1. @default 0 */
  readonly minScore?: number;
  /** What is true at this time, in milliseconds since 1970. @default now, or `asOf` */
  readonly at?: number;
  /** What was known at this time: later changes are not seen. Searched by words alone. @default now */
  readonly asOf?: number;
  /** Searches the archive in place of what is in use, by words alone. @default false */
  readonly archived?: boolean;
  readonly context?: RecallContext;
  readonly boost?: RecallBoost;
  /**
   * How much a memory loses for being like those before it, 0 to 1 (maximal marginal relevance: J. Carbonell and
   * J. Goldstein, 1998). @default 0
   */
  readonly diversity?: number;
  /** Whether each memory comes with an explanation of its score. @default false */
  readonly explain?: boolean;
}

/** Options of {@link MemoryStore.list}. */
export interface ListOptions extends MemoryFilter, WaitOptions {
  /** Starts behind this id: the last one of the page before. */
  readonly after?: string;
  /** At most so many. @default no limit */
  readonly limit?: number;
  /** Whether forgotten ones are listed too. @default false */
  readonly forgotten?: boolean;
  /** Whether archived ones are listed too. @default true */
  readonly archived?: boolean;
}

/** Options of {@link MemoryStore.audit}. */
export interface AuditOptions extends WaitOptions {
  /** From this time on, in milliseconds since 1970. @default from the beginning */
  readonly from?: number;
  /** Before this time. @default up to now */
  readonly to?: number;
}

/** Options of {@link MemoryStore.related}. */
export interface RelatedOptions extends LinkOptions, WaitOptions, Pick<MemoryFilter, "scopes"> {
  /** How many links away, 1 to 10. @default 1 */
  readonly depth?: number;
  /** At most so many. @default 100 */
  readonly limit?: number;
}

/** Options of {@link MemoryStore.quarantine}. */
export interface QuarantineOptions {
  /** For whoever finds it later. */
  readonly reason?: string;
}

/** Options of {@link MemoryStore.cleanup}. */
export interface CleanupOptions extends WaitOptions {
  /** Only says what would be archived. @default false */
  readonly dryRun?: boolean;
  /** Told after each memory. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Options of {@link MemoryStore.export}. */
export interface ExportOptions extends WaitOptions {
  /** Told now and then how many memories were written. */
  readonly onProgress?: (progress: { readonly done: number }) => void;
}

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const word = v.pipe(text, v.maxLength(200));
const metadata = v.pipe(
  v.record(
    word,
    v.union([v.pipe(v.string(), v.maxLength(4000)), v.pipe(v.number(), v.finite()), v.boolean()]),
  ),
  v.check((value) => Object.keys(value).length <= 64, "must have at most 64 entries"),
);
const line = v.pipe(v.number(), v.integer(), v.minValue(1));
/** A source. */
export const sourceSchema: v.GenericSchema<MemorySource> = v.strictObject({
  by: v.optional(text),
  outcome: v.optional(text),
  repository: v.optional(text),
  path: v.optional(text),
  lines: v.optional(
    v.pipe(
      v.tuple([line, line]),
      v.check(([first, last]) => first <= last, "must name the first line before the last"),
    ),
  ),
  url: v.optional(text),
  note: v.optional(text),
});
const tags = v.pipe(v.array(v.pipe(text, v.maxLength(200))), v.maxLength(64));
const kind = v.picklist(MEMORY_KINDS);
const signal = v.optional(v.instance(AbortSignal));
const object = (value: unknown): boolean => typeof value === "object" && value !== null;
const callable = (value: unknown): boolean => typeof value === "function";
/** Scopes have a code of their own, so their shape is left to `scopeKey`. */
const scope = v.custom<Scope>(object, 'must be a scope such as { level: "user" }');
const filter = {
  scopes: v.optional(v.union([v.literal("all"), v.array(scope)])),
  tags: v.optional(tags),
  kinds: v.optional(v.array(kind)),
  category: v.optional(word),
  trust: v.optional(v.picklist(["own", "outside"])),
  metadata: v.optional(metadata),
  source: v.optional(sourceSchema),
  recordedFrom: v.optional(time),
  recordedTo: v.optional(time),
};

/** What `MemoryStore.open` accepts. */
export const memoryStoreOptionsSchema: v.GenericSchema<MemoryStoreOptions> = v.strictObject({
  store: v.custom<Store>(object, "must be an open Store"),
  embedder: v.optional(v.custom<Embedder>(object)),
  vectorIndex: v.optional(v.custom<(dimensions: number) => VectorIndex>(callable)),
  lexicalWeight: v.optional(share),
  lexical: v.optional(
    v.strictObject({
      grams: v.optional(share),
      whole: v.optional(share),
      neighbours: v.optional(share),
      alike: v.optional(share),
    }),
  ),
  onReembedding: v.optional(v.custom<(progress: ReembeddingProgress) => void>(callable)),
  nearDuplicates: v.optional(v.picklist(["merge", "keep"])),
  secrets: v.optional(v.picklist(["redact", "keep"])),
  contentBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  clock: v.optional(v.custom<Clock>(callable)),
  ids: v.optional(v.custom<IdSource>(callable)),
  logger: v.optional(v.custom<Logger>(object)),
});

/** A memory as it is stored. */
export const memorySchema: v.GenericSchema<Memory> = v.strictObject({
  id: text,
  content: text,
  kind,
  scope: v.pipe(scope, v.check(isScope, "must be a scope")),
  tags: v.array(v.string()),
  importance: share,
  trust: v.picklist(["own", "outside"]),
  category: v.optional(word),
  metadata: v.optional(metadata),
  source: v.optional(sourceSchema),
  subject: v.optional(word),
  validFrom: time,
  validTo: v.optional(time),
  expiresAt: v.optional(time),
  recordedAt: time,
});

/** What `MemoryStore.remember` accepts. */
export const memoryInputSchema: v.GenericSchema<MemoryInput> = v.strictObject({
  content: v.string(),
  scope,
  kind: v.optional(kind),
  tags: v.optional(tags),
  importance: v.optional(share),
  trust: v.optional(v.picklist(["own", "outside"])),
  category: v.optional(word),
  metadata: v.optional(metadata),
  source: v.optional(v.union([text, sourceSchema])),
  subject: v.optional(word),
  validFrom: v.optional(time),
  validTo: v.optional(time),
  expiresAt: v.optional(time),
});

/** What `MemoryStore.correct` accepts. */
export const correctionSchema: v.GenericSchema<MemoryCorrection> = v.strictObject({
  content: v.optional(v.string()),
  kind: v.optional(kind),
  tags: v.optional(tags),
  importance: v.optional(share),
  trust: v.optional(v.picklist(["own", "outside"])),
  category: v.nullish(word),
  metadata: v.nullish(metadata),
  source: v.nullish(v.union([text, sourceSchema])),
  validFrom: v.optional(time),
  validTo: v.nullish(time),
  expiresAt: v.nullish(time),
});

/** What `MemoryStore.recall` accepts. */
export const recallOptionsSchema: v.GenericSchema<RecallOptions> = v.strictObject({
  ...filter,
  limit: v.optional(count),
  minScore: v.optional(share),
  at: v.optional(time),
  asOf: v.optional(time),
  archived: v.optional(v.boolean()),
  context: v.optional(
    v.strictObject({
      task: v.optional(v.string()),
      path: v.optional(v.string()),
      language: v.optional(v.string()),
      recent: v.optional(v.array(text)),
    }),
  ),
  boost: v.optional(
    v.strictObject({
      importance: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.5))),
      recency: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.5))),
      halfLifeMs: v.optional(v.pipe(v.number(), v.minValue(1))),
      times: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.5))),
    }),
  ),
  diversity: v.optional(share),
  explain: v.optional(v.boolean()),
  signal,
});

/** What `MemoryStore.list` accepts. */
export const listOptionsSchema: v.GenericSchema<ListOptions> = v.strictObject({
  ...filter,
  after: v.optional(text),
  limit: v.optional(count),
  forgotten: v.optional(v.boolean()),
  archived: v.optional(v.boolean()),
  signal,
});

const linkTypes = v.picklist(LINK_TYPES);

/** What `MemoryStore.link` accepts. */
export const linkSchema: v.GenericSchema<MemoryLink> = v.pipe(
  v.strictObject({ from: text, type: linkTypes, to: text }),
  v.check(({ from, to }) => from !== to, "must lead to another memory"),
);

/** What `MemoryStore.related` accepts. */
export const relatedOptionsSchema: v.GenericSchema<RelatedOptions> = v.strictObject({
  direction: v.optional(v.picklist(["out", "in", "both"])),
  types: v.optional(v.array(linkTypes)),
  scopes: filter.scopes,
  depth: v.optional(v.pipe(count, v.minValue(1), v.maxValue(10))),
  limit: v.optional(count),
  signal,
});

/** What `MemoryStore.audit` accepts. */
export const auditOptionsSchema: v.GenericSchema<AuditOptions> = v.strictObject({
  from: v.optional(time),
  to: v.optional(time),
  signal,
});

/** What `MemoryStore.quarantine` accepts. */
export const quarantineOptionsSchema: v.GenericSchema<QuarantineOptions & { readonly source: MemorySource }> =
  v.strictObject({ source: sourceSchema, reason: v.optional(v.string()) });

/** What `MemoryStore.cleanup` accepts. */
export const cleanupOptionsSchema: v.GenericSchema<CleanupOptions & CleanupPolicy> = v.strictObject({
  records: v.optional(count),
  bytes: v.optional(count),
  halfLifeMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  dryRun: v.optional(v.boolean()),
  onProgress: v.optional(v.custom<NonNullable<CleanupOptions["onProgress"]>>(callable)),
  signal,
});

/** What `MemoryStore.export` accepts. */
export const exportOptionsSchema: v.GenericSchema<ExportOptions> = v.strictObject({
  onProgress: v.optional(v.custom<NonNullable<ExportOptions["onProgress"]>>(callable)),
  signal,
});

/** What `MemoryStore.import` accepts. */
export const importOptionsSchema: v.GenericSchema<ImportOptions> = v.strictObject({
  existing: v.optional(v.picklist(["refuse", "keep"])),
  onProgress: v.optional(v.custom<NonNullable<ImportOptions["onProgress"]>>(callable)),
  signal,
});
