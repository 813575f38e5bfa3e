import type {
  Clock,
  IdSource,
  Logger,
  MemoryKind,
  MemoryMetadata,
  MemorySource,
  Scope,
  Trust,
  WaitOptions,
} from "@agentos/core";
import type { Store } from "@agentos/store";
import type { Embedder } from "./embedder.js";
import type { LexicalWeights } from "./lexical-index.js";
import type { CleanupSchedule } from "./lifecycle.js";
import type { LinkOptions } from "./links.js";
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
  /**
   * The process that owns the store cleans up by this policy, after the opening and every so often, a few memories at a time: an
   * empty one archives what has expired. What fails is told to the logger.
   * @default nothing is cleaned up but by {@link MemoryStore.cleanup}
   */
  readonly cleanup?: CleanupSchedule;
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
