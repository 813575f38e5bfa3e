import { throwIfAborted } from "@agentos/core";
import type { MemoryStore } from "@agentos/memory";
import MiniSearch from "minisearch";
import { type Metric, percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { PlainBm25 } from "./bm25.js";
import { type MemoryBench, withMemory } from "./context.js";
import {
  type HistoryQuestion,
  type HistoryRecord,
  QUESTION_STYLES,
  readHistory,
  readQuestions,
} from "./project-history.js";
import { hit, mean, reciprocalRank } from "./scores.js";

/** When the questions are asked: after the last record, so that what was corrected is no longer true. */
const ASKED_AT = Date.parse("2026-03-02T09:00:00Z");
const SCOPES = [{ level: "project", id: "larkspur" }, { level: "user" }, { level: "shared" }] as const;
/** Answers beyond this place count as not found. */
const DEPTH = 100;

/** What was found for a question, best first: ids as the answers have them. */
type Finder = (question: string) => Promise<readonly string[]> | readonly string[];

/** What a finder did with one question. */
interface Rating {
  readonly style: HistoryQuestion["style"];
  readonly hit1: number;
  readonly hit3: number;
  readonly reciprocal: number;
}

/**
 * Questions of developers over the memories of an invented project, with the defaults; beside it plain BM25 and MiniSearch
 * over the records that are true when the questions are asked.
 */
export async function questionsPart(bench: MemoryBench): Promise<PartResult> {
  const { signal } = bench;
  const history = await readHistory(signal);
  const questions = (await readQuestions(signal)).filter(({ split }) => split === "report");
  let now = 0;
  const ours = await withMemory(bench, { clock: () => now }, [], async (memory) => {
    const memoryOf = await rememberHistory(memory, history, signal, (time) => {
      now = time;
    });
    now = ASKED_AT;
    const asked = questions.map((question) => ({
      ...question,
      answers: question.answers.map((record) => memoryOf.get(record) ?? record),
    }));
    return ratings(asked, async (question) => {
      const recalled = await memory.recall(question, { scopes: SCOPES, limit: DEPTH, signal });
      return recalled.map((each) => each.memory.id);
    });
  });
  const seen = history.filter(({ validTo = Infinity }) => validTo > ASKED_AT);
  const bm25 = await ratings(questions, bm25Finder(seen));
  const mini = await ratings(questions, miniSearchFinder(seen, {}));
  const fuzzy = await ratings(questions, miniSearchFinder(seen, { prefix: true, fuzzy: 0.2 }));
  return {
    metrics: [
      ...metricsOf("questions", ours, 90),
      ...metricsOf("questions.bm25", bm25),
      ...metricsOf("questions.minisearch", mini),
    ],
    notes: [
      `questions: ${questions.length} questions over ${history.length} records, of which ${seen.length} are true when they are asked`,
      ...QUESTION_STYLES.map((style) => byStyle(style, { ours, bm25, minisearch: mini })),
      `questions: MiniSearch with prefixes and fuzzy 0.2: ${told(fuzzy)}`,
    ],
  };
}

/** Remembers each record at its time; gives the id of the memory that holds each, which may be one for several. */
async function rememberHistory(
  memory: MemoryStore,
  history: readonly HistoryRecord[],
  signal: AbortSignal,
  setTime: (time: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const memoryOf = new Map<string, string>();
  for (const { id: record, recordedAt, ...input } of history) {
    throwIfAborted(signal);
    setTime(recordedAt);
    memoryOf.set(record, (await memory.remember(input)).id);
  }
  return memoryOf;
}

function bm25Finder(records: readonly HistoryRecord[]): Finder {
  const index = new PlainBm25(records.map(({ content, tags }) => `${content}\n${tags.join(" ")}`));
  return (question) => index.rank(question).flatMap((place) => records[place]?.id ?? []);
}

function miniSearchFinder(
  records: readonly HistoryRecord[],
  options: { readonly prefix?: boolean; readonly fuzzy?: number },
): Finder {
  const index = new MiniSearch<{ id: string; content: string; tags: string }>({
    fields: ["content", "tags"],
    searchOptions: options,
  });
  index.addAll(records.map(({ id, content, tags }) => ({ id, content, tags: tags.join(" ") })));
  return (question) => index.search(question).map(({ id }) => String(id));
}

async function ratings(questions: readonly HistoryQuestion[], find: Finder): Promise<readonly Rating[]> {
  const rated: Rating[] = [];
  for (const { question, answers, style } of questions) {
    const found = (await find(question)).slice(0, DEPTH);
    const wanted = new Set(answers);
    rated.push({
      style,
      hit1: hit(found, wanted, 1),
      hit3: hit(found, wanted, 3),
      reciprocal: reciprocalRank(found, wanted),
    });
  }
  return rated;
}

function metricsOf(name: string, rated: readonly Rating[], atLeast?: number): readonly Metric[] {
  const target = atLeast === undefined ? {} : { target: { atLeast } };
  return [
    { name: `${name}.hit3_pct`, value: hit3Of(rated), unit: "pct", ...target },
    { name: `${name}.hit1_pct`, value: hit1Of(rated), unit: "pct" },
    { name: `${name}.mrr`, value: mrrOf(rated), unit: "score" },
  ];
}

function byStyle(
  style: HistoryQuestion["style"],
  finders: Readonly<Record<string, readonly Rating[]>>,
): string {
  const of = (rated: readonly Rating[]): readonly Rating[] => rated.filter((each) => each.style === style);
  const figures = Object.entries(finders).map(([name, rated]) => `${name} ${told(of(rated))}`);
  return `questions: ${style} (${of(finders["ours"] ?? []).length}): ${figures.join("; ")}`;
}

function told(rated: readonly Rating[]): string {
  return `Hit@3 ${hit3Of(rated).toFixed(1)} %, Hit@1 ${hit1Of(rated).toFixed(1)} %, MRR ${mrrOf(rated).toFixed(3)}`;
}

function hit3Of(rated: readonly Rating[]): number {
  return percent(mean(rated.map(({ hit3 }) => hit3)), 1);
}

function hit1Of(rated: readonly Rating[]): number {
  return percent(mean(rated.map(({ hit1 }) => hit1)), 1);
}

function mrrOf(rated: readonly Rating[]): number {
  return mean(rated.map(({ reciprocal }) => reciprocal));
}
