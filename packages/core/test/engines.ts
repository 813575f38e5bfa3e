import type {
  Candidate,
  Forecast,
  Forecaster,
  LoopEngines,
  Outcome,
  Task,
  TestResult,
  Verdict,
  Verifier,
  VerifyOptions,
} from "../src/index.js";
import { MemoryJournal } from "./memory-journal.js";

/** A task whose candidates are words; a word passes a test when it contains the test's content. */
export function wordTask(visible: readonly string[], hidden: readonly string[] = []): Task {
  const file = (content: string, index: number) => ({ path: `t${index}.txt`, content });
  return {
    id: "word",
    prompt: "Write a word",
    language: "javascript",
    tests: { visible: visible.map(file), hidden: hidden.map(file) },
  };
}

export function word(id: string, text: string = id): Candidate {
  return { id, files: { "solution.js": text } };
}

/** Judges words; a small but real verifier: nothing in it knows what a test expects of the loop. */
export class WordVerifier implements Verifier {
  readonly verified: string[] = [];
  readonly options: VerifyOptions[] = [];
  delayMs = 0;

  async verify(task: Task, candidate: Candidate, options: VerifyOptions = {}): Promise<Verdict> {
    this.verified.push(candidate.id);
    this.options.push(options);
    if (this.delayMs > 0) await sleep(this.delayMs, options.signal);
    const text = candidate.files["solution.js"] ?? "";
    const judge = (visibility: "visible" | "hidden"): TestResult[] =>
      (task.tests?.[visibility] ?? []).map(({ path, content }) => ({
        name: visibility === "hidden" ? `leaky ${content}` : path,
        visibility,
        status: text.includes(content) ? "passed" : "failed",
        message: `expected ${content}`,
      }));
    const tests = judge("visible");
    if (tests.every((test) => test.status === "passed")) tests.push(...judge("hidden"));
    const passed = tests.every((test) => test.status === "passed");
    return {
      passed,
      basis: "tests",
      integrity: "separate",
      tests,
      reason: passed ? "all pass" : "some fail",
      output: `ran ${text}`,
      runs: [],
      durationMs: 1,
    };
  }
}

/** Forecasts by a table and remembers what it was taught. */
export class TableForecaster implements Forecaster {
  readonly learned: Outcome[] = [];
  constructor(readonly table: Readonly<Record<string, number>> = {}) {}

  async forecast(task: Task, candidate: Candidate): Promise<Forecast> {
    const probability = this.table[candidate.id] ?? 0.5;
    return {
      taskId: task.id,
      candidateId: candidate.id,
      probability,
      evidence: 1,
      basis: "outcomes",
      reasons: [],
    };
  }
  async learn(outcome: Outcome): Promise<void> {
    if (!this.learned.some(({ id }) => id === outcome.id)) this.learned.push(outcome);
  }
  async lessons(): Promise<readonly { outcomeIds: string[]; text: string }[]> {
    return this.learned
      .filter((outcome) => !outcome.verdict.passed)
      .map((outcome) => ({ outcomeIds: [outcome.id], text: outcome.verdict.reason }));
  }
  async outcome(id: string): Promise<Outcome | undefined> {
    return this.learned.find((outcome) => outcome.id === id);
  }
}

export interface TestEngines extends LoopEngines {
  sandbox: WordVerifier;
  learner: TableForecaster;
  journal: MemoryJournal;
}

export function testEngines(table?: Readonly<Record<string, number>>): TestEngines {
  return { sandbox: new WordVerifier(), learner: new TableForecaster(table), journal: new MemoryJournal() };
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
