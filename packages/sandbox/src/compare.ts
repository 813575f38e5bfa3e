import { abortedError, isAgentOSError, summaryLine, type TestResult } from "@agentos/core";
import type { JudgedRun, TestKey } from "./verdict.js";

/** What a candidate's run is compared with, and how it is run again. Undefined: it does not come to a run. */
export interface Comparison {
  readonly before: Baseline | undefined;
  /** Runs the candidate's tests again. */
  again(): Promise<JudgedRun | undefined>;
  /** Runs the tests without the candidate. */
  without(): Promise<JudgedRun | undefined>;
}

/** The tests of a project without the candidate. */
export interface Baseline {
  readonly first: JudgedRun;
  /** The same run made again by whoever asks for it first. */
  second(run: Comparison["without"]): Promise<JudgedRun | undefined>;
}

/** Baselines that are kept for candidates to come. */
const MOST_BASELINES = 100;

/** Remembers how tests went on projects without a candidate, for as long as a sandbox is open. */
export class Baselines {
  readonly #known = new Map<string, Promise<Baseline | undefined>>();

  /** The baseline of that key, made by `run` when it is not known. Rejects with what `run` throws. */
  async get(
    key: string,
    signal: AbortSignal | undefined,
    run: () => Promise<JudgedRun | undefined>,
  ): Promise<Baseline | undefined> {
    for (;;) {
      const known = this.#known.get(key);
      if (known === undefined) break;
      try {
        return await known;
      } catch (error) {
        // Whoever made it gave up; that is not this caller's end.
        if (!isAgentOSError(error, "ABORTED")) throw error;
        if (signal?.aborted) throw abortedError(signal);
      }
    }
    const made = run().then((first): Baseline | undefined => {
      if (first === undefined) return undefined;
      let known: JudgedRun | undefined;
      return {
        first,
        second: async (again) => {
          known ??= await again();
          return known;
        },
      };
    });
    this.#known.set(key, made);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_BASELINES) break;
      this.#known.delete(oldest);
    }
    made.catch(() => this.#known.delete(key));
    return made;
  }
}

type Change = NonNullable<TestResult["change"]>;

/** How often a candidate's tests are run again to find out which are flaky. */
const REPEATS = 2;

/**
 * Says of each test what the candidate changed. Failures that were there before, and those of flaky tests, do not fail the
 * run; at least one test must pass. Tests whose result differs are run again: a candidate's failures up to twice, a
 * project's failures once.
 */
export async function compareRuns(judged: JudgedRun, comparison: Comparison): Promise<JudgedRun> {
  const { before } = comparison;
  // Who tried to forge the verdict is spared nothing.
  if (before === undefined || judged.cheated.length > 0) return judged;
  const first = new Results(before.first);
  const now = new Results(judged);
  const changes = new Map<string, Change>();
  for (const [id, key] of now.keys) {
    const good = now.isGood(id);
    if (good) {
      if (first.state(key) === "bad") changes.set(id, "fixed");
    } else if (first.state(key) === "bad") changes.set(id, "failing");
    else if (first.state(key) === "good") changes.set(id, "broken");
  }
  const gone = [...first.keys.values()].filter((key) => first.isGood(idOf(key)) && now.lost(key));
  await markFlaky(changes, gone, now, before, comparison);
  return withChanges(judged, now, changes, gone);
}

/** Runs again what differs, and marks what changes between equal runs. */
async function markFlaky(
  changes: Map<string, Change>,
  gone: TestKey[],
  now: Results,
  before: Baseline,
  comparison: Comparison,
): Promise<void> {
  const broken = (): string[] => [...changes].filter(([, change]) => change === "broken").map(([id]) => id);
  for (let repeat = 0; repeat < REPEATS && (broken().length > 0 || gone.length > 0); repeat++) {
    const again = await comparison.again();
    if (again === undefined) break;
    const results = new Results(again);
    for (const id of broken()) {
      if (results.state(now.keys.get(id) as TestKey) === "good") changes.set(id, "flaky");
    }
    for (const key of [...gone]) if (!results.lost(key)) gone.splice(gone.indexOf(key), 1);
  }
  const fixed = [...changes].filter(([, change]) => change === "fixed").map(([id]) => id);
  if (fixed.length === 0 && gone.length === 0) return;
  const second = await before.second(() => comparison.without());
  if (second === undefined) return;
  const results = new Results(second);
  for (const id of fixed) {
    if (results.state(now.keys.get(id) as TestKey) === "good") changes.set(id, "flaky");
  }
  // A name that differs from run to run is not a test that the candidate took away.
  for (const key of [...gone]) if (!results.isGood(idOf(key))) gone.splice(gone.indexOf(key), 1);
}

/** The results of one run, by test. */
class Results {
  readonly keys = new Map<string, TestKey>();
  readonly #tests = new Map<string, TestResult>();
  /** Labels of files that did not run to their end, or held no test. */
  readonly #broken = new Set<string>();

  constructor(run: JudgedRun) {
    for (const [index, key] of run.keys.entries()) {
      this.keys.set(idOf(key), key);
      this.#tests.set(idOf(key), run.tests[index] as TestResult);
      if (key.name === undefined) this.#broken.add(key.label);
    }
  }

  isGood(id: string): boolean {
    const status = this.#tests.get(id)?.status;
    return status === "passed" || status === "skipped";
  }

  /** How a test of another run went in this one; `unknown`: there was no such test. */
  state(key: TestKey): "good" | "bad" | "unknown" {
    const id = idOf(key);
    if (this.#tests.has(id)) return this.isGood(id) ? "good" : "bad";
    // A file that broke before it got to a test has failed that test.
    if (this.#broken.has(key.label)) return "bad";
    // The entry of a whole file stands for its failure: without one, the file was good.
    return key.name === undefined ? "good" : "unknown";
  }

  /** Whether a test that another run reported is not among these, though its file ran to its end. */
  lost(key: TestKey): boolean {
    return !this.#tests.has(idOf(key)) && !this.#broken.has(key.label);
  }
}

function idOf(key: TestKey): string {
  return JSON.stringify([key.label, key.name]);
}

function withChanges(
  judged: JudgedRun,
  now: Results,
  changes: ReadonlyMap<string, Change>,
  gone: readonly TestKey[],
): JudgedRun {
  const visibility = judged.runs[0]?.visibility ?? "hidden";
  const hidden = visibility === "hidden";
  const ids = [...now.keys.keys()];
  const tests: TestResult[] = judged.tests.map((test, index) => {
    const change = changes.get(ids[index] ?? "");
    return change === undefined ? test : { ...test, change };
  });
  for (const key of gone) {
    tests.push({
      name: hidden ? `hidden ${tests.length + 1}` : ((key.name ?? key.label).split("\0")[0] ?? ""),
      visibility,
      status: "missing",
      change: "broken",
      ...(hidden
        ? {}
        : { message: "It ran on the project without the candidate, and was not reported now." }),
    });
  }
  const bad = tests.filter((test) => test.status === "failed" || test.status === "missing");
  const decisive = bad.filter((test) => test.change !== "failing" && test.change !== "flaky");
  const passed = decisive.length === 0 && tests.some((test) => test.status === "passed");
  return {
    ...judged,
    passed,
    tests,
    keys: [...judged.keys, ...gone],
    reason: hidden ? "" : reasonOf(tests, decisive, passed, judged.reason),
  };
}

function reasonOf(
  tests: readonly TestResult[],
  decisive: readonly TestResult[],
  passed: boolean,
  plain: string,
): string {
  const count = (change: Change): number => tests.filter((test) => test.change === change).length;
  const notes = [
    noteOf(passed ? count("fixed") : 0, "failed before and passes now", "failed before and pass now"),
    noteOf(count("failing"), "was failing before", "were failing before"),
    noteOf(count("flaky"), "is flaky and does not count", "are flaky and do not count"),
  ].filter((note) => note !== undefined);
  if (notes.length === 0 && decisive.every((test) => test.change === undefined)) return plain;
  const first = decisive[0];
  const good = tests.filter((test) => test.status === "passed").length;
  const head = passed
    ? `${good} of ${tests.length} tests passed`
    : first === undefined
      ? "No test passed that counts"
      : `${noteOf(decisive.length, "that counts did not pass", "that count did not pass")}; first ${first.name}${first.change === "broken" ? " (it passed before)" : ""}: ${summaryLine(first.message ?? "") || "no message"}`;
  return [head, ...notes].join("; ").replace(/[.;]*$/, ".");
}

function noteOf(count: number, one: string, many: string): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? `1 test ${one}` : `${count} tests ${many}`;
}
