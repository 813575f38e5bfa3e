import assert from "node:assert/strict";
import { LANGUAGES, type Language, type RunTest } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { DriverResult, RunHooks, SandboxDriver, TestReport } from "../driver.js";
import { runFiles } from "./job.js";
import { PROGRAMS, TEST_PROGRAMS, type TestPrograms } from "./programs.js";

/** Cases about test plans. */
export function testCases(driver: SandboxDriver, patienceMs: number): readonly ConformanceCase[] {
  const cases = LANGUAGES.flatMap((language) => {
    const programs = TEST_PROGRAMS[language];
    return programs ? casesIn(driver, language, programs, patienceMs) : [];
  });
  return [...cases, typeScriptNames(driver, patienceMs)];
}

function casesIn(
  driver: SandboxDriver,
  language: Language,
  programs: TestPrograms,
  patienceMs: number,
): readonly ConformanceCase[] {
  const { solutionPath, testPath } = programs;
  const judge = async (
    solution: string,
    test: string,
    style: "detect" | "script" = "detect",
    wallMs = patienceMs,
    onTest?: RunHooks["onTest"],
  ) => {
    const files = { [solutionPath]: solution, [testPath]: test };
    return reportOf(
      await runFiles(driver, language, files, wallMs, {
        tests: { nonce: "0123456789abcdef", files: [{ path: testPath, label: "the label", style }] },
        ...(onTest && { onTest }),
      }),
    );
  };
  const { framework, skips, empty, script } = programs;
  const anyTest = framework ?? script ?? "";
  const item = (name: string, body: () => Promise<void>, applies = true): ConformanceCase => {
    const skip = !driver.testsIn.includes(language)
      ? `the driver runs no tests in ${language} here`
      : applies
        ? undefined
        : `${language} has no such tests`;
    return { name: `${language} tests: ${name}`, run: body, ...(skip === undefined ? {} : { skip }) };
  };
  const statuses = (report: TestReport) => report.tests.map((test) => test.status);
  return [
    item("each test is reported under the file's label", async () => {
      const { report, result } = await judge(programs.right, anyTest);
      assert.deepEqual(statuses(report), framework === undefined ? ["passed"] : ["passed", "passed"]);
      assert.ok(report.tests.every((test) => test.file === "the label"));
      assert.deepEqual(report.finished, ["the label"]);
      assert.equal(result.status, "exited");
      assert.equal(result.status === "exited" ? result.exitCode : undefined, 0);
    }),
    item("each test is told by itself, too", async () => {
      const told: RunTest[] = [];
      const { report } = await judge(programs.wrong, anyTest, "detect", patienceMs, (test) =>
        told.push(test),
      );
      assert.deepEqual(told, report.tests);
    }),
    item("a failed test fails alone, with a message", async () => {
      const { report } = await judge(programs.wrong, anyTest);
      assert.deepEqual(statuses(report), framework === undefined ? ["failed"] : ["failed", "passed"]);
      assert.ok((report.tests[0]?.message ?? "") !== "");
      assert.deepEqual(report.finished, ["the label"]);
    }),
    item(
      "a skipped test is skipped",
      async () => {
        const { report } = await judge(programs.right, skips ?? "");
        assert.deepEqual(statuses(report), ["passed", "skipped"]);
      },
      skips !== undefined,
    ),
    item(
      "a script is one test",
      async () => {
        const right = await judge(programs.right, script ?? "");
        assert.deepEqual(statuses(right.report), ["passed"]);
        assert.deepEqual(right.report.finished, ["the label"]);
        const wrong = await judge(programs.wrong, script ?? "", "script");
        assert.deepEqual(statuses(wrong.report), ["failed"]);
      },
      script !== undefined,
    ),
    item("an early exit does not finish the file", async () => {
      const { report } = await judge(programs.exitsEarly, anyTest);
      assert.ok(!statuses(report).includes("passed"), JSON.stringify(report));
      assert.ok(report.finished.length === 0 || statuses(report).includes("failed"), JSON.stringify(report));
    }),
    item("a solution that does not parse is a failed test", async () => {
      const { report } = await judge(programs.doesNotParse, anyTest);
      assert.ok(statuses(report).includes("failed"));
      assert.ok(!statuses(report).includes("passed"));
    }),
    item(
      "a file without tests fails",
      async () => {
        const { report } = await judge(programs.right, empty ?? "");
        assert.ok(!statuses(report).includes("passed"), JSON.stringify(report));
        assert.ok(statuses(report).includes("failed") || report.finished.length === 0);
      },
      empty !== undefined,
    ),
    item("an endless loop is ended, its file not finished", async () => {
      const { report, result } = await judge(
        programs.loops,
        anyTest,
        "detect",
        3000 + (PROGRAMS[language]?.buildMs ?? 0),
      );
      assert.equal(result.status, "wall-time");
      assert.ok(!statuses(report).includes("passed"));
      assert.deepEqual(report.finished, []);
    }),
    item("a report printed by the program counts for nothing", async () => {
      const { report } = await judge(programs.forges, anyTest);
      assert.ok(statuses(report).includes("failed"), JSON.stringify(report));
    }),
  ];
}

/** `.ts` files that hold JavaScript are one module under each of their names. */
function typeScriptNames(driver: SandboxDriver, patienceMs: number): ConformanceCase {
  const names = ["./solution", "./solution.js", "./solution.ts"];
  const imports = names.map((name, index) => `import { Box as Box${index} } from "${name}";`);
  const test = `import test from "node:test";\nimport assert from "node:assert";\n${imports.join("\n")}\ntest("one module", () => { assert.ok(Box0 === Box1 && Box1 === Box2); });\n`;
  return {
    name: "typescript tests: a module has one identity under all its names",
    ...(driver.testsIn.includes("typescript") ? {} : { skip: "the driver runs no tests in typescript here" }),
    async run() {
      const files = { "solution.ts": "export class Box {}", "solution.test.ts": test };
      const { report } = reportOf(
        await runFiles(driver, "javascript", files, patienceMs, {
          tests: { nonce: "n", files: [{ path: "solution.test.ts", label: "types", style: "detect" }] },
        }),
      );
      assert.deepEqual(
        report.tests.map(({ name, status }) => ({ name, status })),
        [{ name: "one module", status: "passed" }],
        JSON.stringify(report),
      );
      assert.deepEqual(report.finished, ["types"]);
    },
  };
}

function reportOf({ result, report }: DriverResult): { result: DriverResult["result"]; report: TestReport } {
  assert.ok(report, `a job with tests must give a report, whatever happens: ${JSON.stringify(result)}`);
  return { result, report };
}
