import type { SyntaxFacts, SyntaxParser, Task } from "@agentos/core";
import { AgentOSError } from "@agentos/core";
import { describe, expect, test } from "vitest";
import { Learner } from "../../src/learner.js";
import { NOW, openLearner, openStore } from "../support/open.js";
import { candidateOf, outcomeOf, taskOf } from "../support/outcomes.js";
import { pythonParser } from "../support/python-parser.js";

const BROKEN = "def solve(items):\n    return (items\n";
const UNKNOWN = "def solve(items):\n    return math.prod(items)\n";
const FINE = "import math\n\ndef solve(items):\n    return math.prod(items)\n";

async function python(skip: (reason: string) => void): Promise<SyntaxParser> {
  const parser = await pythonParser();
  if (!parser) skip("python3 is not installed");
  return parser as SyntaxParser;
}

function parserOf(facts: SyntaxFacts, languages: SyntaxParser["languages"] = ["python", "go"]): SyntaxParser {
  return { languages, facts: async () => facts };
}

const missing = (name: string): SyntaxFacts => ({
  ok: true,
  undefinedNames: [{ name, line: 2 }],
  definitions: [],
});

describe("with Python's own parser", () => {
  test("code that does not parse is near 0, and the reason says where", async ({ skip }) => {
    const learner = await openLearner({ parser: await python(skip) });
    const forecast = await learner.forecast(taskOf("t"), candidateOf(BROKEN));
    expect(forecast.probability).toBeCloseTo(0.01, 5);
    expect(forecast.basis).toBe("gate");
    expect(forecast.reasons[0]?.text).toMatch(
      /^solution\.py does not parse at line 2, column \d+ near "return \(items"/,
    );
  });

  test("a name that nothing defines is near 0, and one that is imported is not", async ({ skip }) => {
    const learner = await openLearner({ parser: await python(skip) });
    const forecast = await learner.forecast(taskOf("t"), candidateOf(UNKNOWN));
    expect(forecast.probability).toBeCloseTo(0.03, 5);
    expect(forecast.reasons[0]?.text).toBe("solution.py reads math at line 2, which nothing defines.");
    expect((await learner.forecast(taskOf("t"), candidateOf(FINE))).probability).toBe(0.5);
  });

  test("a rule that is proved wrong here loses its weight, and its record outlives a reopening", async ({
    skip,
  }) => {
    const store = await openStore();
    const parser = await python(skip);
    const learner = await openLearner({ store, parser });
    const before = (await learner.forecast(taskOf("t"), candidateOf(UNKNOWN))).probability;
    for (let count = 0; count < 40; count += 1) {
      const code = `def solve(items):\n    return math.prod(items) + ${count}\n`;
      const task = taskOf(`task ${count}`);
      const forecast = await learner.forecast(task, candidateOf(code));
      expect(forecast.basis).toBe("gate");
      await learner.learn(outcomeOf({ id: `o${count}`, code, task, passed: true, forecast }));
    }
    const after = await learner.forecast(taskOf("t"), candidateOf(UNKNOWN));
    expect(after.probability).toBeGreaterThan(before + 0.3);
    expect((await learner.stats()).gate).toEqual({
      languages: ["python"],
      rules: { "undefined-name": { passed: 40, total: 40 } },
    });
    const again = await Learner.open({ store, parser, clock: () => NOW });
    expect(await again.forecast(taskOf("t"), candidateOf(UNKNOWN))).toEqual(after);
  });

  test("a judgement of the very same code outweighs a rule", async ({ skip }) => {
    const learner = await openLearner({ parser: await python(skip) });
    await learner.learn(outcomeOf({ id: "o", code: UNKNOWN, task: taskOf("t"), passed: true }));
    const forecast = await learner.forecast(taskOf("t"), candidateOf(UNKNOWN));
    expect(forecast.probability).toBeGreaterThan(0.9);
    expect(forecast.basis).toBe("outcomes");
  });
});

test("without a parser the gate is off and says so", async () => {
  const learner = await openLearner();
  const forecast = await learner.forecast(taskOf("t"), candidateOf(BROKEN));
  expect(forecast.probability).toBe(0.5);
  expect(forecast.reasons.map((reason) => reason.text).join()).toContain("gate is off");
  expect((await learner.stats()).gate.languages).toEqual([]);
});

describe("who else may define a name", () => {
  const go = taskOf("t", { language: "go" });
  const code = "package solution\n\nfunc Solve() int { return helper() }\n";
  const probability = async (
    task: Task,
    files: Record<string, string>,
    facts = missing("helper"),
  ): Promise<number> => {
    const learner = await openLearner({ parser: parserOf(facts) });
    return (await learner.forecast(task, { id: "c", files })).probability;
  };
  test("nobody, for a Go file that stands alone", async () => {
    expect(await probability(go, { "solution.go": code })).toBeLessThan(0.05);
  });
  test("another file of the Go package: in the candidate, in the task, in the project", async () => {
    expect(await probability(go, { "solution.go": code, "helper.go": "package solution" })).toBe(0.5);
    expect(
      await probability({ ...go, files: { "helper.go": "package solution" } }, { "solution.go": code }),
    ).toBe(0.5);
    expect(await probability({ ...go, project: "/project" }, { "solution.go": code })).toBe(0.5);
  });
  test("a visible test that is joined to the candidate, but not one beside it", async () => {
    const visible = (mode: "append" | "file"): Task => ({
      ...taskOf("t"),
      tests: { visible: [{ path: "t.py", content: "def helper(): pass", mode }] },
    });
    const files = { "solution.py": "helper()" };
    expect(await probability(visible("append"), files)).toBe(0.5);
    expect(await probability(visible("file"), files)).toBeLessThan(0.05);
    expect(await probability(visible("append"), files, missing("help"))).toBeLessThan(0.05);
  });
});

test("files in a language that the parser does not speak, and deleted ones, are passed over", async () => {
  const learner = await openLearner({ parser: parserOf(missing("x"), ["go"]) });
  const files = { "solution.py": "x", "old.go": null, "notes.md": "x" };
  expect((await learner.forecast(taskOf("t"), { id: "c", files })).probability).toBe(0.5);
});

test("a parser that fails costs its finding, is logged, and the forecast says so", async () => {
  const warnings: string[] = [];
  const logger = {
    debug() {},
    info() {},
    error() {},
    warn: (_: object, message: string) => void warnings.push(message),
  };
  const facts = async (): Promise<SyntaxFacts> => {
    throw new AgentOSError("PROJECT_PARSER_FAILED", "no grammar");
  };
  const learner = await openLearner({ parser: { languages: ["python"], facts }, logger });
  const forecast = await learner.forecast(taskOf("t"), candidateOf(BROKEN));
  expect(forecast.probability).toBe(0.5);
  expect(forecast.reasons.at(-1)?.text).toBe(
    "The parser failed on solution.py, so the static gate passed over it.",
  );
  expect(warnings).toHaveLength(1);
});
