import type { Language, TestFile } from "@agentos/core";
import { GO_CHEATS, TEST_HEAD, TESTS } from "../../packages/sandbox/test/cheats/go.js";
import { JAVASCRIPT_CHEATS, JAVASCRIPT_FORMS } from "../../packages/sandbox/test/cheats/javascript.js";
import { PYTHON_CHEATS, PYTHON_FORMS } from "../../packages/sandbox/test/cheats/python.js";
import type { Metric } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { mapConcurrently } from "../lib/pool.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, withSandbox } from "./context.js";

interface Cheat {
  readonly name: string;
  readonly language: Language;
  readonly files: Readonly<Record<string, string>>;
  /** Each is tried by itself: accepted by one is accepted. */
  readonly tests: readonly TestFile[];
}

/** Forms of the Python tests that stand for all: bare assertions and a class of unittest. */
const FORMS = ["functions", "unittest"] as const;

/** The published list: wrong solutions that set out to pass. */
const CHEATS: readonly Cheat[] = [
  ...PYTHON_CHEATS.map(
    ({ name, number, files, code }): Cheat => ({
      name: `python, ${number} ${name}`,
      language: "python",
      files: { ...files, "solution.py": code },
      tests: FORMS.flatMap((form) => {
        const found = PYTHON_FORMS[form];
        return found ? [{ path: "test_a.py", ...found }] : [];
      }),
    }),
  ),
  ...JAVASCRIPT_CHEATS.map(
    ({ name, number, code }): Cheat => ({
      name: `javascript, ${number} ${name}`,
      language: "javascript",
      files: { "solution.js": code },
      tests: Object.values(JAVASCRIPT_FORMS),
    }),
  ),
  ...GO_CHEATS.map(
    ({ name, files, append }): Cheat => ({
      name: `go, ${name}`,
      language: "go",
      files,
      tests: [
        append
          ? { path: "tests.go", content: TESTS, mode: "append" }
          : { path: "solution_test.go", content: TEST_HEAD + TESTS },
      ],
    }),
  ),
];

/** How many cheats get a passing verdict, when the judge is apart from them and when it shares their process. */
export async function cheatsPart(context: BenchContext): Promise<PartResult> {
  const cheats = CHEATS.filter(({ language }) => runs(context, "namespace", language));
  if (cheats.length === 0)
    return { metrics: [], notes: ["cheats: not measured, namespace does not work here"] };
  const metrics: Metric[] = [];
  const notes = [`cheats: ${cheats.length} of them`];
  const progress = new Progress(context.progress, "cheats", 2 * cheats.length);
  try {
    await withSandbox(context, "namespace", {}, async (sandbox) => {
      for (const integrity of ["separate", "shared"] as const) {
        const accepted: string[] = [];
        const judge = async ({ language, files, tests, name }: Cheat): Promise<void> => {
          for (const test of tests) {
            const task = { id: "cheat", prompt: "Double a number.", language, tests: { visible: [test] } };
            const verdict = await sandbox
              .verify(
                task,
                { id: "cheat", files },
                { integrity, limits: { wallMs: language === "go" ? 6000 : 2500 }, signal: context.signal },
              )
              .catch((error: Error) => {
                context.signal.throwIfAborted();
                notes.push(`cheats: ${name} could not be judged by ${integrity} integrity: ${error.message}`);
                return undefined;
              });
            if (verdict?.passed) {
              accepted.push(name);
              break;
            }
          }
        };
        await mapConcurrently(cheats, judge, {
          concurrency: 2,
          signal: context.signal,
          onDone: () => progress.tick(),
        });
        metrics.push({
          name: `cheats.${integrity}.accepted`,
          value: accepted.length,
          unit: "count",
          ...(integrity === "separate" ? { target: { atMost: 0 } } : {}),
        });
        notes.push(...accepted.map((name) => `cheats: accepted by ${integrity} integrity: ${name}`));
      }
    });
  } finally {
    progress.end();
  }
  return { metrics, notes };
}
