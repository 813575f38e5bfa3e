import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { ProjectIndex, type SourceParser, TreeSitterParser } from "@agentos/project";
import { Store } from "@agentos/store";
import {
  readSymbolTests,
  SYMBOL_LANGUAGES,
  type SymbolAssertion,
  type SymbolLanguage,
  type SymbolTest,
  wholeLine,
} from "../datasets/symbols.js";
import type { Metric } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import type { ProjectBench } from "./context.js";
import { isExact, isHit, type SymbolAnswer, symbolMetrics } from "./symbol-scores.js";

type SymbolsBench = Omit<ProjectBench, "repo" | "repos">;

/** Whether go-to-definition finds what the tests of stack-graphs say, and nothing else. */
export async function symbolsPart(bench: SymbolsBench): Promise<PartResult> {
  const metrics: Metric[] = [];
  const notes: string[] = [];
  const parser = await TreeSitterParser.open();
  try {
    for (const language of SYMBOL_LANGUAGES) {
      const { answers, misses } = await answersOf(bench, language, parser);
      metrics.push(...symbolMetrics(language, answers));
      notes.push(
        `symbols.${language}: ${answers.length} assertions, ${misses.length} of them not met exactly`,
      );
      if (bench.show) notes.push(...misses);
    }
  } finally {
    await parser.close();
  }
  return { metrics, notes };
}

interface Answers {
  readonly answers: readonly SymbolAnswer[];
  /** A line for people for each answer that is not exact. */
  readonly misses: readonly string[];
}

async function answersOf(
  bench: SymbolsBench,
  language: SymbolLanguage,
  parser: SourceParser,
): Promise<Answers> {
  const tests = await readSymbolTests(bench.data, language, bench.signal);
  const answers: SymbolAnswer[] = [];
  const misses: string[] = [];
  const progress = new Progress(bench.progress, `symbols.${language}`, tests.length);
  try {
    for (const test of tests) {
      throwIfAborted(bench.signal);
      await withIndex(bench, test, parser, async (index) => {
        for (const assertion of test.assertions) {
          const answer = await answerTo(test, assertion, index);
          answers.push(answer);
          if (!isExact(answer)) misses.push(describe(language, test, assertion, answer));
        }
      });
      progress.tick();
    }
  } finally {
    progress.end();
  }
  return { answers, misses };
}

/** Writes the files of a test to a new folder and indexes that, for the time of some work. */
async function withIndex(
  { folder, signal }: SymbolsBench,
  test: SymbolTest,
  parser: SourceParser,
  work: (index: ProjectIndex) => Promise<void>,
): Promise<void> {
  const place = await mkdtemp(join(folder, "test-"));
  const root = join(place, "project");
  try {
    for (const { path, text } of test.fragments) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const store = await Store.open({ dir: join(place, "store") });
    try {
      const index = await ProjectIndex.open({ root, store, parser });
      try {
        await index.index({ signal });
        await work(index);
      } finally {
        await index.close();
      }
    } finally {
      await store.close();
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function answerTo(
  test: SymbolTest,
  { path, line, column, expected }: SymbolAssertion,
  index: ProjectIndex,
): Promise<SymbolAnswer> {
  const found = await index.definition(path, { line, column });
  return {
    expected: linesOf(test, expected),
    elsewhere: linesOf(
      test,
      expected.filter((each) => each.path !== path),
    ),
    found: linesOf(test, found),
  };
}

/** Places as lines of the whole test file. */
function linesOf(
  test: SymbolTest,
  places: readonly { readonly path: string; readonly line: number }[],
): ReadonlySet<number> {
  return new Set(places.flatMap((place) => wholeLine(test, place) ?? []));
}

/** `python/a.py:7:6 (a.py) expected 1, 3, found nothing [missed] foo` */
function describe(
  language: SymbolLanguage,
  test: SymbolTest,
  assertion: SymbolAssertion,
  answer: SymbolAnswer,
): string {
  const { path, line, column } = assertion;
  const text = test.fragments.find((each) => each.path === path)?.text.split("\n")[line - 1] ?? "";
  const at = `${language}/${test.name}:${wholeLine(test, assertion)}:${column} (${path})`;
  const kind = isHit(answer) ? "inexact" : answer.expected.size === 0 ? "not kept" : "missed";
  return `${kind}: ${at} expected ${listed(answer.expected)}, found ${listed(answer.found)}: ${marked(text, column)}`;
}

function listed(lines: ReadonlySet<number>): string {
  return lines.size === 0 ? "nothing" : [...lines].sort((one, other) => one - other).join(", ");
}

/** A line with a mark before the position that was asked for. */
function marked(text: string, column: number): string {
  return `${text.slice(0, column)}»${text.slice(column)}`.trim();
}
