import type { Language } from "@agentos/core";
import { Sandbox } from "@agentos/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Part } from "../../lib/parts.js";
import type { BenchContext } from "../../verify/context.js";
import { humanEvalPart } from "../../verify/humaneval.js";
import { labelsPart } from "../../verify/labels.js";
import { multiPlEPart } from "../../verify/multipl-e.js";
import { mutantsPart } from "../../verify/mutants.js";
import { quixBugsPart } from "../../verify/quixbugs.js";
import { timingPart } from "../../verify/timing.js";
import { folderWith, lines, PROBLEMS } from "../fixtures.js";

let sandbox: Sandbox;
let drivers: BenchContext["drivers"];

beforeAll(async () => {
  sandbox = await Sandbox.open({ cacheDir: inject("cacheDir") });
  drivers = await sandbox.drivers();
});

afterAll(async () => {
  await sandbox?.close();
});

/** Runs a part on a data set of our own and gives its metrics by name, and its notes. */
async function run(
  part: Part<BenchContext>,
  files: Readonly<Record<string, string>>,
  more: Partial<BenchContext> = {},
) {
  const data = await folderWith(files);
  const progress = { write: () => {} };
  const signal = new AbortController().signal;
  const result = await part({ sandbox, drivers, data, progress, signal, ...more });
  const metrics = Object.fromEntries(result.metrics.map(({ name, value }) => [name, value]));
  return { metrics, notes: result.notes };
}

/** Names of the drivers that run a language here. */
function runs(language: Language): readonly string[] {
  return drivers.flatMap(({ name, availability }) =>
    availability.available && availability.languages.includes(language) ? [name] : [],
  );
}

const HUMANEVAL = "humaneval/HumanEval.jsonl.gz";

test("published solutions that fail are counted and named", async () => {
  const { metrics, notes } = await run(humanEvalPart, {
    [HUMANEVAL]: lines(PROBLEMS.double, PROBLEMS.wrong),
  });
  expect(metrics).toEqual({ "humaneval.pass": 1 });
  expect(notes).toEqual([expect.stringContaining("Own/1")]);
});

test("mutants are drawn from executed lines; strong tests kill them, weak ones let them live, and both are seen", async () => {
  const strong = await run(mutantsPart, { [HUMANEVAL]: lines(PROBLEMS.double) });
  expect(strong.metrics).toMatchObject({
    "humaneval.mutants": 3,
    "humaneval.mutants_equivalent": 0,
    "humaneval.strengthened_pass": 1,
    "humaneval.mutants_published_agreement_pct": 100,
    "humaneval.mutants_agreement_pct": 100,
  });
  expect(strong.metrics["humaneval.generated_inputs"]).toBeGreaterThan(0);
  expect(strong.metrics["humaneval.mutants_killed_pct"]).toBeGreaterThan(60);
  const weak = { ...PROBLEMS.double, test: "def check(candidate):\n    candidate(3)\n" };
  const { metrics, notes } = await run(mutantsPart, { [HUMANEVAL]: lines(weak) });
  expect(metrics).toMatchObject({
    "humaneval.mutants": 3,
    "humaneval.generated_inputs": 0,
    "humaneval.mutants_killed_published_pct": 0,
    "humaneval.mutants_killed_pct": 0,
  });
  const [why, ...survivors] = notes;
  expect(why).toMatch(/^Own\/0: published tests only: /);
  expect(survivors).toHaveLength(3);
  for (const note of survivors) {
    expect(note).toMatch(/^Own\/0 .*survived, as it does without AgentOS$/);
    // Line 2 is not executed by the weak test.
    expect(note).not.toMatch(/ 2:\d/);
  }
});

test("a recorded label that the verdict contradicts is named", async () => {
  const sample = { task: "Own/0", i: 0, entry: "double", body: "    return 2 * n\n", label: 1, err: null };
  const { metrics, notes } = await run(labelsPart, {
    "learn/humaneval_prompts.jsonl.gz": lines({ task: "Own/0", ...PROBLEMS.double }),
    "learn/humaneval_codegen16b.jsonl.gz": lines(
      sample,
      { ...sample, i: 1, body: "    return 7\n", label: 0, err: "AssertionError" },
      { ...sample, i: 2, body: "    return 7\n" },
      { ...sample, i: 3, body: "    return (\n", label: 0, err: "SyntaxError" },
    ),
  });
  expect(metrics).toEqual({ label_samples: 4, label_agreement_pct: 75 });
  expect(notes).toEqual([expect.stringMatching(/Own\/0 codegen-16b-2: recorded passed, here failed/)]);
});

test("a buggy program that passes and a correct one that fails are both wrong", async () => {
  const [right, wrong] = ["def inc(n):\n    return n + 1\n", "def inc(n):\n    return n - 1\n"];
  const files = (correct: string, buggy: string) => ({
    "quixbugs/python_programs/inc.py": buggy,
    "quixbugs/correct_python_programs/inc.py": correct,
    "quixbugs/python_testcases/test_inc.py": "from load_testdata import load_json_testcases\n",
    "quixbugs/python_testcases/node.py": "",
    "quixbugs/json_testcases/inc.json": "[[1], 2]\n[[5], 6]\n",
  });
  expect(await run(quixBugsPart, files(right, wrong))).toEqual({
    metrics: { "quixbugs.correct_pct": 100 },
    notes: [],
  });
  expect((await run(quixBugsPart, files(wrong, right))).metrics).toEqual({ "quixbugs.correct_pct": 0 });
  const endless = "def inc(n):\n    while True:\n        pass\n";
  expect((await run(quixBugsPart, files(right, endless))).metrics).toEqual({ "quixbugs.correct_pct": 100 });
});

const record = (name: string, solution: string, tests: string) =>
  lines({ name, prompt: "Twice n.", tests, gpt_solution: `\`\`\`\n${solution}\`\`\`\n` });

const TESTS = "const assert = require('node:assert');\nassert.equal(twice(2), 4);";

const GO_TESTS = `func TestTwice(t *testing.T) {
	if twice(2) != 4 {
		t.Errorf("twice(2) = %d", twice(2))
	}
}
`;

const MULTIPL_E = {
  "multipl-e/humaneval-js.jsonl":
    record("Own_0", "function twice(n) {\n  return n * 2;\n}\n", TESTS) +
    record("Own_1", "function twice(n) {\n  return n;\n}\n", TESTS),
  "multipl-e/humaneval-ts.jsonl": record(
    "Own_0",
    "function twice(n: number): number {\n  return n * 2;\n}\n",
    `declare var require: any;\n${TESTS}`,
  ),
  "multipl-e/humaneval-go.jsonl": record(
    "Own_0",
    'package twice_test\n\nimport "testing"\n\nfunc twice(n int) int {\n\treturn n * 2\n}\n',
    GO_TESTS,
  ),
};

test("verdicts on MultiPL-E agree with the languages' own toolchains", async () => {
  const { metrics, notes } = await run(multiPlEPart, MULTIPL_E);
  expect(metrics).toMatchObject({
    "multipl_e.js.pass_pct": 50,
    "multipl_e.js.agreement_pct": 100,
    "multipl_e.ts.pass_pct": 100,
    "multipl_e.ts.agreement_pct": 100,
  });
  if (runs("go").length > 0) {
    expect(metrics).toMatchObject({ "multipl_e.go.pass_pct": 100, "multipl_e.go.agreement_pct": 100 });
  } else {
    expect(notes).toEqual([expect.stringContaining("no driver here runs go")]);
  }
}, 120_000);

test("timings are taken of every driver and language that is here", async () => {
  const warm = [
    PROBLEMS.double,
    { ...PROBLEMS.double, task_id: "Own/2" },
    { ...PROBLEMS.double, task_id: "Own/3" },
  ];
  const [named] = runs("python");
  const { metrics } = await run(
    timingPart,
    { ...MULTIPL_E, [HUMANEVAL]: lines(...warm, ...warm) },
    { driver: named, limit: 2 },
  );
  const [p50, p95] = [metrics[`verify.${named}.python.p50_ms`], metrics[`verify.${named}.python.p95_ms`]];
  expect(p50).toBeGreaterThan(0);
  expect(p95).toBeGreaterThanOrEqual(p50 ?? Number.POSITIVE_INFINITY);
}, 120_000);

test("a part whose language no driver speaks is absent, with the reason", async () => {
  const none = { drivers: drivers.filter(({ name }) => !runs("python").includes(name)) };
  for (const part of [humanEvalPart, mutantsPart, labelsPart, quixBugsPart]) {
    const { metrics, notes } = await run(part, {}, none);
    expect(metrics).toEqual({});
    expect(notes).toEqual([expect.stringContaining("no driver here runs python")]);
  }
});

test("an abort ends a part", async () => {
  const signal = AbortSignal.abort();
  const running = run(humanEvalPart, { [HUMANEVAL]: lines(PROBLEMS.double) }, { signal });
  await expect(running).rejects.toMatchObject({ code: "ABORTED" });
});
