import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { MEMORY_KINDS, type MemoryKind, type Scope } from "@agentos/core";
import { type DataRecord, readRecords } from "../datasets/records.js";

/** One memory of the invented project. */
export interface HistoryRecord {
  readonly id: string;
  readonly content: string;
  readonly kind: MemoryKind;
  readonly scope: Scope;
  readonly tags: readonly string[];
  /** 0 to 1. */
  readonly importance: number;
  /** When it was written down, in milliseconds since 1970. */
  readonly recordedAt: number;
  /** Until when it was true, in milliseconds since 1970; absent means still. */
  readonly validTo?: number;
}

/** How a question is put: most others come near the words of the record. */
export const QUESTION_STYLES = ["words", "paraphrase", "error", "identifier", "time", "misspelt"] as const;

/** A question of a developer of the project. */
export interface HistoryQuestion {
  readonly id: string;
  readonly question: string;
  /** Ids of the records that answer it, at least one. */
  readonly answers: readonly string[];
  readonly style: (typeof QUESTION_STYLES)[number];
  /** `tune` may be looked at while weights are chosen; only `report` is measured. */
  readonly split: "tune" | "report";
}

const PUBLISHED = "the repository of AgentOS, benchmarks/memory/sets";

/** All records of the project, oldest first. Throws `DATASET_MISSING`, `DATASET_UNREADABLE`, `DATASET_LINE_BROKEN` or `ABORTED`. */
export function readHistory(signal?: AbortSignal): Promise<readonly HistoryRecord[]> {
  return readSet("history.jsonl", historyRecord, signal);
}

/** All questions, of both splits. Throws what {@link readHistory} throws. */
export function readQuestions(signal?: AbortSignal): Promise<readonly HistoryQuestion[]> {
  return readSet("questions.jsonl", historyQuestion, signal);
}

async function readSet<Item>(
  name: string,
  itemOf: (record: DataRecord) => Item,
  signal: AbortSignal | undefined,
): Promise<readonly Item[]> {
  const manifest = createRequire(import.meta.url).resolve("@agentos/benchmarks/package.json");
  const source = { file: join(dirname(manifest), "memory", "sets", name), published: PUBLISHED };
  const items: Item[] = [];
  for await (const record of readRecords(source, signal)) items.push(itemOf(record));
  return items;
}

function historyRecord(record: DataRecord): HistoryRecord {
  const { level, id } = record.object("scope");
  const validTo = record.optionalText("validTo");
  return {
    id: record.text("id"),
    content: record.text("content"),
    kind: record.oneOf("kind", MEMORY_KINDS),
    scope: { level: level as Scope["level"], ...(id === undefined ? {} : { id: String(id) }) },
    tags: record.texts("tags"),
    importance: record.number("importance"),
    recordedAt: timeOf(record, record.text("recordedAt")),
    ...(validTo === undefined ? {} : { validTo: timeOf(record, validTo) }),
  };
}

function historyQuestion(record: DataRecord): HistoryQuestion {
  return {
    id: record.text("id"),
    question: record.text("question"),
    answers: record.texts("answers"),
    style: record.oneOf("style", QUESTION_STYLES),
    split: record.oneOf("split", ["tune", "report"]),
  };
}

function timeOf(record: DataRecord, text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? record.fail(`"${text}" is no time`) : time;
}
