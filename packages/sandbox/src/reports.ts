import type { RunTest } from "@agentos/core";
import { CHEAT_KINDS, type Cheat, type TestPlan, type TestReport } from "./driver.js";

/** How many attempts to forge a report are kept of a run. */
const MAX_CHEATS = 20;
const REASON_LIMIT = 500;

/**
 * Gathers what a harness reports, one JSON object after another. Some may come from the candidate: what does not fit is
 * dropped, and is evidence where no harness would have sent it.
 */
export class Reports {
  readonly #labels: ReadonlySet<string>;
  readonly #tests: RunTest[] = [];
  readonly #finished = new Set<string>();
  readonly #cheats: Cheat[] = [];
  /** How many tests a file holds, where its text alone says so. */
  readonly #expected = new Map<string, number>();
  #unseparable: string | undefined;

  constructor(plan: Pick<TestPlan, "files">) {
    this.#labels = new Set(plan.files.map((file) => file.label));
  }

  /** Takes one report. */
  add(report: Readonly<Record<string, unknown>>): void {
    const { finished, unseparable } = report;
    const test = readTest(report["test"], this.#labels);
    if (test && this.#finished.has(test.file)) this.forged("a test of a file that had ended");
    else if (test) this.#tests.push(test);
    if (typeof finished === "string" && this.#labels.has(finished)) {
      if (this.#finished.has(finished)) this.forged("a second end of one file");
      this.#finished.add(finished);
    }
    const cheat = readCheat(report["cheat"]);
    if (cheat && this.#cheats.length < MAX_CHEATS) this.#cheats.push(cheat);
    const count = readExpected(report["expected"], this.#labels);
    if (count && !this.#expected.has(count.file)) this.#expected.set(count.file, count.tests);
    if (typeof unseparable === "string") this.#unseparable ??= unseparable.slice(0, REASON_LIMIT);
  }

  /** Notes that something was sent that no harness sends. */
  forged(detail: string): void {
    if (this.#cheats.length < MAX_CHEATS) this.#cheats.push({ kind: "forged-report", detail });
  }

  /** What came to the end. */
  report(): TestReport {
    const cheats = [...this.#cheats, ...this.#miscounted()];
    return {
      tests: this.#tests,
      finished: [...this.#finished],
      ...(cheats.length > 0 ? { cheats } : {}),
      ...(this.#unseparable === undefined ? {} : { unseparable: this.#unseparable }),
    };
  }

  #miscounted(): readonly Cheat[] {
    return [...this.#expected].flatMap(([file, count]): readonly Cheat[] => {
      const own = this.#tests.filter((test) => test.file === file);
      // Where something failed, tests may have been given up with it.
      if (!this.#finished.has(file) || own.some((test) => test.status === "failed")) return [];
      const seen = new Set(own.map((test) => test.name)).size;
      if (seen === count) return [];
      return [{ kind: "wrong-count", detail: `${count} in ${file}, ${seen} reported` }];
    });
  }
}

function readCheat(value: unknown): Cheat | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, detail } = value as Record<string, unknown>;
  const known = CHEAT_KINDS.find((name) => name === kind);
  return known && { kind: known, detail: typeof detail === "string" ? detail.slice(0, 500) : "" };
}

/** How many tests a file holds, where its text alone says so. */
function readExpected(
  value: unknown,
  labels: ReadonlySet<string>,
): { readonly file: string; readonly tests: number } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, tests } = value as Record<string, unknown>;
  return typeof file === "string" && labels.has(file) && typeof tests === "number"
    ? { file, tests }
    : undefined;
}

/** One reported test, or undefined for anything else. `labels`: the files of the plan. */
export function readTest(value: unknown, labels: ReadonlySet<string>): RunTest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, name, status, message, durationMs } = value as Record<string, unknown>;
  if (typeof file !== "string" || !labels.has(file) || typeof name !== "string") return undefined;
  if (status !== "passed" && status !== "failed" && status !== "skipped") return undefined;
  return {
    file,
    name,
    status,
    ...(typeof message === "string" ? { message } : {}),
    ...(typeof durationMs === "number" ? { durationMs } : {}),
  };
}
