import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { namespaceDriver } from "../../src/drivers/namespace.js";
import { runGoHalves } from "./go-halves.js";
import { CANDIDATE, HEAD, TESTS } from "./go-values.js";

const cacheDir = mkdtempSync(join(tmpdir(), "agentos-go-"));
const found = await namespaceDriver.probe({ cacheDir });
const speaks = found.available && found.languages.includes("go");

describe.skipIf(!requirement("go", speaks))("separate verdicts in Go", async () => {
  if (!speaks) return;
  const driver = await namespaceDriver.open({ cacheDir });
  afterAll(async () => {
    await driver.close();
    rmSync(cacheDir, { recursive: true });
  });

  const head = 'package solution\n\nimport "testing"\n\n';
  const judged = async (candidate: string, tests: string) => {
    const { judge, candidate: ran } = await runGoHalves(
      driver,
      { "solution.go": candidate },
      { "solution_test.go": tests },
    );
    const shown = `${judge.result.stdout}\n${judge.result.stderr}\n${ran.result.stdout}\n${ran.result.stderr}`;
    return {
      statuses: Object.fromEntries((judge.report?.tests ?? []).map((item) => [item.name, item.status])),
      messages: (judge.report?.tests ?? []).map((item) => item.message ?? ""),
      finished: judge.report?.finished.length === 1,
      unseparable: judge.report?.unseparable,
      shown,
    };
  };

  test("a function passes and fails, test by test", async () => {
    const tests = `${head}func TestDoubles(t *testing.T) {\n\tif got := Double(3); got != 6 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n\nfunc TestZero(t *testing.T) {\n\tif Double(0) != 0 {\n\t\tt.Fatal("not 0")\n\t}\n}\n`;
    const right = await judged("package solution\n\nfunc Double(x int) int { return 2 * x }\n", tests);
    expect(right, right.shown).toMatchObject({
      statuses: { TestDoubles: "passed", TestZero: "passed" },
      finished: true,
    });
    const wrong = await judged("package solution\n\nfunc Double(x int) int { return x * x }\n", tests);
    expect(wrong, wrong.shown).toMatchObject({
      statuses: { TestDoubles: "failed", TestZero: "passed" },
      finished: true,
    });
    expect(wrong.messages[0]).toContain("got 9");
  }, 120_000);

  test("every kind of value crosses as it is", async () => {
    const tests = Object.entries(TESTS).map(
      ([name, body]) => `func Test${name}(t *testing.T) {\n${body}\n}\n`,
    );
    const { statuses, finished, unseparable, messages, shown } = await judged(
      CANDIDATE,
      HEAD + tests.join("\n"),
    );
    expect({ finished, unseparable }, shown).toEqual({ finished: true, unseparable: undefined });
    const wanted = Object.keys(TESTS).map((name) => [`Test${name}`, name === "Skips" ? "skipped" : "passed"]);
    expect(statuses, messages.join("\n")).toMatchObject(Object.fromEntries(wanted));
    expect(statuses["TestSubtests/2"]).toBe("passed");
  }, 120_000);
});
