import {
  type Clock,
  type IdSource,
  type Logger,
  MEMORY_KINDS,
  type Memory,
  type MemoryMetadata,
  type MemorySource,
  type Scope,
} from "@agentos/core";
import type { Store } from "@agentos/store";
import * as v from "valibot";
import type { Embedder } from "./embedder.js";
import type { CleanupPolicy } from "./lifecycle.js";
import { LINK_TYPES, type LinkOptions, type MemoryLink } from "./links.js";
import type {
  AuditOptions,
  CleanupOptions,
  ExportOptions,
  ListOptions,
  MemoryCorrection,
  MemoryInput,
  MemoryStoreOptions,
  QuarantineOptions,
  RecallOptions,
  RelatedOptions,
} from "./options.js";
import type { ImportOptions } from "./portability/import.js";
import type { ReembeddingProgress } from "./reembedding.js";
import { isScope } from "./scope.js";
import type { VectorIndex } from "./vector-index.js";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
/** Keys of versions and links are made of ids, with control characters between them. */
export const id: v.GenericSchema<string> = v.pipe(
  text,
  v.regex(/^\P{Cc}+$/u, "must have no control characters"),
);
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** The last day that a Date can name, in milliseconds since 1970. */
export const LAST = 8.64e15;
const MOMENT = "must be a time in milliseconds since 1970, such as Date.now()";
const time = v.pipe(v.number(MOMENT), v.minValue(-LAST, MOMENT), v.maxValue(LAST, MOMENT));
/** How many. */
export const count: v.GenericSchema<number> = v.pipe(v.number(), v.integer(), v.minValue(0));
const word = v.pipe(text, v.maxLength(200));
/** What objects have of themselves: such an entry would be lost, and a filter with one let everything through. */
const INHERITED = ["__proto__", "constructor", "prototype"];
const metadata = v.pipe(
  v.custom<MemoryMetadata>(
    (value) =>
      typeof value === "object" && value !== null && !INHERITED.some((name) => Object.hasOwn(value, name)),
    `must be an object without ${INHERITED.join(", ")}`,
  ),
  v.record(
    word,
    v.union([v.pipe(v.string(), v.maxLength(4000)), v.pipe(v.number(), v.finite()), v.boolean()]),
  ),
  v.check((value) => Object.keys(value).length <= 64, "must have at most 64 entries"),
);
const line = v.pipe(v.number(), v.integer(), v.minValue(1));
const place = v.pipe(text, v.maxLength(4000));
/** A source. */
export const sourceSchema: v.GenericSchema<MemorySource> = v.strictObject({
  by: v.optional(place),
  outcome: v.optional(place),
  repository: v.optional(place),
  path: v.optional(place),
  lines: v.optional(
    v.pipe(
      v.tuple([line, line]),
      v.check(([first, last]) => first <= last, "must name the first line before the last"),
    ),
  ),
  url: v.optional(place),
  note: v.optional(place),
});
const tags = v.pipe(v.array(v.pipe(text, v.maxLength(200))), v.maxLength(64));
const kind = v.picklist(MEMORY_KINDS);
/** A signal that may be left out. */
export const signal: v.OptionalSchema<v.GenericSchema<AbortSignal>, undefined> = v.optional(
  v.instance(AbortSignal),
);
const trust = v.picklist(["own", "outside"]);
/** What is said of a memory, and may be left out. */
const described = {
  kind: v.optional(kind),
  tags: v.optional(tags),
  importance: v.optional(share),
  trust: v.optional(trust),
};
const said = v.union([place, sourceSchema]);
const object = (value: unknown): boolean => typeof value === "object" && value !== null;
const callable = (value: unknown): boolean => typeof value === "function";
/** Scopes have a code of their own, so their shape is left to `scopeKey`. */
const scope = v.custom<Scope>(object, 'must be a scope such as { level: "user" }');
const filter = {
  scopes: v.optional(v.union([v.literal("all"), v.array(scope)])),
  tags: v.optional(tags),
  kinds: v.optional(v.array(kind)),
  category: v.optional(word),
  trust: v.optional(trust),
  metadata: v.optional(metadata),
  source: v.optional(sourceSchema),
  recordedFrom: v.optional(time),
  recordedTo: v.optional(time),
};

const cleanupPolicy = {
  records: v.optional(count),
  bytes: v.optional(count),
  halfLifeMs: v.optional(v.pipe(v.number(), v.minValue(1))),
};

/** What `MemoryStore.open` accepts. */
export const memoryStoreOptionsSchema: v.GenericSchema<MemoryStoreOptions> = v.strictObject({
  store: v.custom<Store>((value) => value instanceof Object && "serve" in value, "must be an open Store"),
  embedder: v.optional(v.custom<Embedder>(object, "must be an embedder")),
  vectorIndex: v.optional(
    v.custom<(dimensions: number) => VectorIndex>(callable, "must be a function that makes an index"),
  ),
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
  cleanup: v.optional(
    v.strictObject({
      ...cleanupPolicy,
      // The longest that a timer waits.
      everyMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(2 ** 31 - 1))),
    }),
  ),
  clock: v.optional(v.custom<Clock>(callable)),
  ids: v.optional(v.custom<IdSource>(callable)),
  logger: v.optional(v.custom<Logger>(object)),
});

/** A memory as it is stored. */
export const memorySchema: v.GenericSchema<Memory> = v.strictObject({
  id,
  content: text,
  kind,
  scope: v.pipe(scope, v.check(isScope, "must be a scope")),
  tags: v.array(v.string()),
  importance: share,
  trust,
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
  ...described,
  category: v.optional(word),
  metadata: v.optional(metadata),
  source: v.optional(said),
  subject: v.optional(word),
  validFrom: v.optional(time),
  validTo: v.optional(time),
  expiresAt: v.optional(time),
});

/** What `MemoryStore.correct` accepts. */
export const correctionSchema: v.GenericSchema<MemoryCorrection> = v.strictObject({
  content: v.optional(v.string()),
  ...described,
  category: v.nullish(word),
  metadata: v.nullish(metadata),
  source: v.nullish(said),
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
const linkOptions = {
  direction: v.optional(v.picklist(["out", "in", "both"])),
  types: v.optional(v.array(linkTypes)),
};

/** What `MemoryStore.links` accepts. */
export const linkOptionsSchema: v.GenericSchema<LinkOptions> = v.strictObject(linkOptions);

/** What `MemoryStore.link` accepts. */
export const linkSchema: v.GenericSchema<MemoryLink> = v.pipe(
  v.strictObject({ from: id, type: linkTypes, to: id }),
  v.check(({ from, to }) => from !== to, "must lead to another memory"),
);

/** What `MemoryStore.related` accepts. */
export const relatedOptionsSchema: v.GenericSchema<RelatedOptions> = v.strictObject({
  ...linkOptions,
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
  ...cleanupPolicy,
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
