import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunTest, Task } from "@agentos/core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Baseline, Baselines, compareRuns } from "../src/compare.js";
import { type JudgedRun, judgeTests } from "../src/verdict.js";
import { openNamespaceSandbox } from "./helpers.js";

type Statuses = Readonly<Record<string, RunTest["status"]>>;

/** A run of one file as it is judged; `undefined` for a file that broke. */
function run(statuses: Statuses | undefined, visibility: "visible" | "hidden" = "visible"): JudgedRun {
  const tests = Object.entries(statuses ?? {}).map(([name, status]) => ({
    file: "t",
    name,
    status,
    message: "why",
  }));
  const failed = statuses === undefined || tests.some(({ status }) => status === "failed");
  return judgeTests(
    visibility,
    { files: [{ path: "t", label: "t", style: "detect" }] },
    {
      result: {
        status: "exited",
        exitCode: failed ? 1 : 0,
        driver: "d",
        mechanism: "namespace",
        guarantees: [],
        enforced: [],
        stdout: "",
        stderr: "",
        truncated: false,
        usage: { outputBytes: 0, queueMs: 0, warm: false },
        durationMs: 1,
      },
      report: { tests, finished: statuses === undefined ? [] : ["t"] },
    },
  );
}

/** Compares runs of one file: without the candidate, and with it, each as often as it is run. */
async function compare(
  before: readonly (Statuses | undefined)[],
  now: readonly (Statuses | undefined)[],
  visibility: "visible" | "hidden" = "visible",
) {
  const runs = { before: 0, now: 1 };
  const baseline: Baseline = {
    first: run(before[0], visibility),
    second: (again) => again(),
  };
  const result = await compareRuns(run(now[0], visibility), {
    before: baseline,
    again: async () => run(now[Math.min(runs.now++, now.length - 1)], visibility),
    without: async () => run(before[Math.min(++runs.before, before.length - 1)], visibility),
  });
  const changes = Object.fromEntries(result.tests.map((item) => [item.name, item.change ?? item.status]));
  return { ...result, changes, runs };
}

const [P, F] = ["passed", "failed"] as const;

describe("comparing with the project without the candidate", () => {
  test("fixed, broken and failing tests; what failed before does not fail the verdict", async () => {
    const better = await compare([{ a: F, b: F, c: P }], [{ a: P, b: F, c: P }]);
    expect(better).toMatchObject({ passed: true, changes: { a: "fixed", b: "failing", c: "passed" } });
    expect(better.reason).toBe(
      "2 of 3 tests passed; 1 test failed before and passes now; 1 test was failing before.",
    );
    const worse = await compare([{ a: F, b: P }], [{ a: F, b: F }]);
    expect(worse).toMatchObject({ passed: false, changes: { a: "failing", b: "broken" } });
    expect(worse.reason).toBe(
      "1 test that counts did not pass; first b (it passed before): why; 1 test was failing before.",
    );
    expect(worse.runs.now).toBe(3);
  });

  test("nothing that differs costs no second run and says what it said", async () => {
    const equal = await compare([{ a: P }], [{ a: P }]);
    expect(equal).toMatchObject({ passed: true, reason: "The test passed.", runs: { before: 0, now: 1 } });
  });

  test("a failure that a second or third run does not repeat is flaky and does not count", async () => {
    const second = await compare(
      [{ a: P, b: P }],
      [
        { a: F, b: P },
        { a: P, b: P },
      ],
    );
    expect(second).toMatchObject({ passed: true, changes: { a: "flaky", b: "passed" }, runs: { now: 2 } });
    expect(second.reason).toContain("1 test is flaky and does not count");
    const third = await compare(
      [{ a: P, b: P }],
      [
        { a: F, b: P },
        { a: F, b: P },
        { a: P, b: P },
      ],
    );
    expect(third).toMatchObject({ passed: true, changes: { a: "flaky" } });
    const alone = await compare([{ a: P }], [{ a: F }, { a: P }]);
    expect(alone).toMatchObject({
      passed: false,
      reason: "No test passed that counts; 1 test is flaky and does not count.",
    });
  });

  test("a test that also passes without the candidate when it is run again was not fixed, but is flaky", async () => {
    const verdict = await compare(
      [
        { a: F, b: P },
        { a: P, b: P },
      ],
      [{ a: P, b: P }],
    );
    expect(verdict).toMatchObject({ passed: true, changes: { a: "flaky", b: "passed" } });
  });

  test("a new test that fails counts, and one that is gone is broken", async () => {
    expect(await compare([{ a: P }], [{ a: P, b: F }])).toMatchObject({
      passed: false,
      changes: { b: "failed" },
    });
    const gone = await compare([{ a: P, b: P }], [{ a: P }]);
    expect(gone).toMatchObject({ passed: false, changes: { a: "passed", b: "broken" } });
    // Names that differ from run to run.
    const named = await compare(
      [
        { a: P, "at 1": P },
        { a: P, "at 2": P },
      ],
      [{ a: P, "at 3": P }],
    );
    expect(named.passed).toBe(true);
  });

  test("a candidate that cheated is spared nothing", async () => {
    const cheated = { ...run({ a: F, b: P }), cheated: ["It forged a report."] };
    const first = run({ a: F, b: P });
    const judged = await compareRuns(cheated, {
      before: { first, second: async () => first },
      again: async () => first,
      without: async () => first,
    });
    expect(judged.passed).toBe(false);
  });

  test("files that break", async () => {
    expect(await compare([{ a: P }], [undefined])).toMatchObject({ passed: false, changes: { t: "broken" } });
    expect(await compare([undefined], [{ a: P }])).toMatchObject({ passed: true, changes: { a: "fixed" } });
    const still = await compare([undefined], [undefined]);
    expect(still).toMatchObject({ passed: false, changes: { t: "failing" } });
  });

  test("of hidden tests nothing is said but what changed", async () => {
    const verdict = await compare([{ MARKER: P, b: P }], [{ b: P }], "hidden");
    expect(verdict.passed).toBe(false);
    expect(JSON.stringify({ ...verdict, keys: [] })).not.toContain("MARKER");
    expect(verdict.tests.at(-1)).toEqual({
      name: "hidden 2",
      visibility: "hidden",
      status: "missing",
      change: "broken",
    });
  });

  test("a baseline is made once, and again when whoever made it gave up", async () => {
    const baselines = new Baselines();
    let made = 0;
    const make = async (): Promise<JudgedRun> => {
      made++;
      return run({ a: P });
    };
    await Promise.all([baselines.get("k", undefined, make), baselines.get("k", undefined, make)]);
    expect(made).toBe(1);
    const gaveUp = Object.assign(new Error(), { code: "ABORTED", [Symbol.for("agentos.error")]: true });
    const first = baselines.get("l", undefined, () => Promise.reject(gaveUp));
    const second = baselines.get("l", undefined, make);
    await expect(first).rejects.toBe(gaveUp);
    expect((await second)?.first.passed).toBe(true);
  });
});

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("verdicts on a project with failures of its own", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "agentos-compare-"));
    execFileSync("git", ["init", "-q", root]);
    writeFileSync(join(root, "a.py"), "def double(x): return x\ndef half(x): return x / 2\n");
    writeFileSync(
      join(root, "test_a.py"),
      "import a\ndef test_double(): assert a.double(2) == 4\ndef test_half(): assert a.half(2) == 1\ndef test_never(): assert False\n",
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const task = (): Task => ({ id: "p", prompt: "Change it.", language: "python", project: root });

  test("affected tests are compared, and the second candidate does not pay for it", async () => {
    const right = { "a.py": "def double(x): return 2 * x\ndef half(x): return x / 2\n" };
    const good = await sandbox.verify(task(), { id: "c", files: right }, { affectedTests: ["test_a.py"] });
    const changes = Object.fromEntries(good.tests.map((item) => [item.name.split(".").at(-1), item.change]));
    expect(good.passed).toBe(true);
    expect(changes).toEqual({ test_double: "fixed", test_half: undefined, test_never: "failing" });
    const wrong = { "a.py": "def double(x): return 2 * x\ndef half(x): return x\n" };
    const bad = await sandbox.verify(task(), { id: "d", files: wrong }, { affectedTests: ["test_a.py"] });
    expect(bad.passed).toBe(false);
    expect(bad.reason).toMatch(/test_half \(it passed before\).*1 test was failing before\.$/);
    const plain = await sandbox.verify(
      task(),
      { id: "c", files: right },
      { affectedTests: ["test_a.py"], compare: false },
    );
    expect(plain.passed).toBe(false);
    expect(plain.tests.every((item) => item.change === undefined)).toBe(true);
  });

  test("a candidate that changes nothing is spared no failure", async () => {
    const files = { "a.py": readFileSync(join(root, "a.py"), "utf8") };
    const same = await sandbox.verify(task(), { id: "c", files }, { affectedTests: ["test_a.py"] });
    expect(same.passed).toBe(false);
    expect(same.tests.map((item) => item.change)).toEqual([undefined, undefined, undefined]);
  });

  test("the task's own tests are compared on request only", async () => {
    const own = {
      ...task(),
      tests: {
        visible: [{ path: "own.py", content: "def test_no(): assert False\ndef test_yes(): assert True\n" }],
      },
    };
    const candidate = { id: "c", files: { "b.py": "" } };
    expect((await sandbox.verify(own, candidate)).passed).toBe(false);
    const compared = await sandbox.verify(own, candidate, { compare: true });
    expect(compared).toMatchObject({
      passed: true,
      reason: "1 of 2 tests passed; 1 test was failing before.",
    });
  });
});
