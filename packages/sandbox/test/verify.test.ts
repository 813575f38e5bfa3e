import { afterAll, describe, expect, test } from "vitest";
import { candidate, openNamespaceSandbox, task } from "./helpers.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("verify", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  const pythonTest = {
    path: "test_double.py",
    content: "from solution import double\ndef test_three(): assert double(3) == 6\n",
  };
  const hiddenTest = {
    path: "test_more.py",
    content:
      "from solution import double\ndef test_MARKER_four(): assert double(4) == 8, 'MARKER'\ndef test_zero(): assert double(0) == 0\n",
  };

  test("lists every test, hidden ones by number alone", async () => {
    const verdict = await sandbox.verify(
      task("python", [pythonTest], [hiddenTest]),
      candidate("solution.py", "def double(x): return 2 * x\n"),
    );
    expect(verdict).toMatchObject({ passed: true, basis: "tests", integrity: "separate" });
    expect(verdict.tests.map(({ name, status, visibility }) => [name, status, visibility])).toEqual([
      ["test_three", "passed", "visible"],
      ["hidden 1", "passed", "hidden"],
      ["hidden 2", "passed", "hidden"],
    ]);
    expect(verdict.runs.map((run) => [run.visibility, run.half])).toEqual([
      ["visible", "judge"],
      ["visible", "candidate"],
      ["hidden", "judge"],
      ["hidden", "candidate"],
    ]);
  });

  test("says nothing of hidden tests when they fail", async () => {
    const verdict = await sandbox.verify(
      task("python", [pythonTest], [hiddenTest]),
      candidate("solution.py", "def double(x):\n    print('MARKER', x)\n    return 6 if x == 3 else 0\n"),
    );
    expect(verdict.passed).toBe(false);
    expect(verdict.tests.map((item) => item.status)).toEqual(["passed", "failed", "passed"]);
    expect(JSON.stringify({ ...verdict, output: "" })).not.toContain("MARKER");
    expect(verdict.output).toBe("MARKER 3\n");
    expect(verdict.reason).toBe("The visible tests passed, but the hidden ones did not.");
  });

  test("a candidate in the way of a hidden test is told nothing of it", async () => {
    const hidden = { path: "folder/MARKER_test.py", content: "assert True\n" };
    const verdict = await sandbox.verify(task("python", [pythonTest], [hidden]), {
      id: "c",
      files: { "solution.py": "def double(x): return 2 * x\n", folder: "" },
    });
    expect(verdict.passed).toBe(false);
    expect(verdict.reason).toBe("The candidate does not fit the hidden tests.");
    expect(JSON.stringify(verdict)).not.toContain("MARKER");
  });

  test("a file that a folder needs the name of does not stop TypeScript", async () => {
    const verdict = await sandbox.verify(
      task("typescript", [{ path: "a.test.ts", content: "if (1 > 2) throw 1;\n" }]),
      { id: "c", files: { "solution.ts": "export {}", "x.ts": "export {}", "x.js/y.js": "" } },
    );
    expect(verdict.passed).toBe(true);
  });

  test("does not run hidden tests when visible ones fail, and obeys only", async () => {
    const both = task("python", [pythonTest], [hiddenTest]);
    const wrong = candidate("solution.py", "def double(x): return x\n");
    const verdict = await sandbox.verify(both, wrong);
    expect(verdict.runs.map((run) => run.visibility)).toEqual(["visible", "visible"]);
    expect(verdict.reason).toContain("test_three");
    const hidden = await sandbox.verify(both, wrong, { only: "hidden" });
    expect(hidden.tests.map((item) => item.name)).toEqual(["hidden 1", "hidden 2"]);
    expect(hidden).not.toHaveProperty("output");
    const visible = await sandbox.verify(both, candidate("solution.py", "def double(x): return 2 * x\n"), {
      only: "visible",
    });
    expect(visible.runs.map((run) => run.visibility)).toEqual(["visible", "visible"]);
    expect(visible.passed).toBe(true);
  });

  test("the hidden run cannot be told of by an early exit", async () => {
    const exits = "import os\ndef double(x):\n    if x == 4: os._exit(0)\n    return 2 * x\n";
    for (const [integrity, status] of [["separate", "failed"] as const, ["shared", "missing"] as const]) {
      const verdict = await sandbox.verify(
        task("python", [pythonTest], [hiddenTest]),
        candidate("solution.py", exits),
        { integrity },
      );
      expect(verdict.passed).toBe(false);
      expect(verdict.integrity).toBe(integrity);
      const told = verdict.tests.filter((item) => item.visibility === "hidden");
      expect(told[0]).toMatchObject({ name: "hidden 1", status });
      for (const item of told) expect(item).not.toHaveProperty("message");
      expect(verdict.cheated).toEqual(["The program exited with 0 before its tests had ended."]);
      expect(JSON.stringify(verdict)).not.toContain("MARKER");
    }
  });

  test.each([
    ["python", "solution.py", "def f(x):\n    return x + 1\n", "assert f(1) == 2\n", "assert f(1) == 3\n"],
    [
      "javascript",
      "solution.js",
      "function f(x) { return x + 1 }",
      'const assert = require("node:assert");\nassert.deepEqual(f(1), 2);',
      'const assert = require("node:assert");\nassert.deepEqual(f(1), 3);',
    ],
    [
      "javascript",
      "solution.js",
      "export function f(x) { return x + 1 }",
      'import assert from "node:assert";\nassert.equal(f(1), 2);',
      'import assert from "node:assert";\nassert.equal(f(1), 3);',
    ],
    [
      "typescript",
      "solution.ts",
      "function f(x: number): number { return x + 1 }",
      "declare var require: any;\nconst assert = require('node:assert');\nassert.equal(f(1), 2);",
      "declare var require: any;\nconst assert = require('node:assert');\nassert.equal(f(1), 3);",
    ],
    [
      "go",
      "solution.go",
      'package main_test\n\nimport (\n\t"testing"\n)\n\nfunc f(x int) int { return x + 1 }\n',
      "func TestF(t *testing.T) {\n\tif f(1) != 2 {\n\t\tt.Fatal()\n\t}\n}\n",
      "func TestF(t *testing.T) {\n\tif f(1) != 3 {\n\t\tt.Fatal()\n\t}\n}\n",
    ],
  ] as const)("joins an appended test to the entry file: %s %s", async (language, path, code, good, bad) => {
    for (const [content, passed] of [[good, true] as const, [bad, false] as const]) {
      const appended = { path: "appended.test", content, mode: "append" as const };
      const extension = path.slice(path.lastIndexOf("."));
      const judged = task(language, [{ ...appended, path: `appended${extension}` }]);
      const verdict = await sandbox.verify(judged, candidate(path, code));
      expect(verdict.reason).toMatch(passed ? /passed/ : /did not pass/);
      expect(verdict.passed).toBe(passed);
    }
  });

  test("a TypeScript candidate that does not parse fails, and a test that does not is the task's fault", async () => {
    const good = {
      path: "a.test.ts",
      content: 'import test from "node:test";\nimport "./solution";\ntest("a", () => {});',
    };
    const verdict = await sandbox.verify(task("typescript", [good]), candidate("solution.ts", "let x: = 1;"));
    expect(verdict).toMatchObject({ passed: false, runs: [] });
    expect(verdict.reason).toContain("solution.ts");
    const broken = task("typescript", [{ path: "a.test.ts", content: "let x: = 1;" }]);
    await expect(sandbox.verify(broken, candidate("solution.ts", ""))).rejects.toMatchObject({
      code: "TASK_INVALID",
    });
  });

  test("several files: names carry the file, and each file counts", async () => {
    const empty = { path: "test_none.py", content: "import solution\n" };
    const verdict = await sandbox.verify(
      task("python", [pythonTest, empty]),
      candidate("solution.py", "def double(x): return 2 * x\n"),
    );
    expect(verdict.passed).toBe(false);
    expect(verdict.tests.map((item) => [item.name, item.status])).toEqual([
      ["test_double.py: test_three", "passed"],
      ["test_none.py", "failed"],
    ]);
  });

  test("a candidate cannot replace the tests, the support files or add tests to a Go package", async () => {
    const support = {
      ...task("python", [{ path: "test_a.py", content: "from data import value\nassert value == 1\n" }]),
    };
    const withFile = { ...support, files: { "data.py": "value = 1\n" } };
    const verdict = await sandbox.verify(withFile, {
      id: "c",
      files: { "solution.py": "", "test_a.py": "pass\n", "data.py": "value = 2\n" },
    });
    expect(verdict.passed).toBe(true);
    const goTask = task("go", [
      {
        path: "a_test.go",
        content:
          'package s\n\nimport "testing"\n\nfunc TestA(t *testing.T) {\n\tif F() != 1 {\n\t\tt.Fatal("F")\n\t}\n}\n',
      },
    ]);
    const cheat = 'package s\n\nimport ("os"; "testing")\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n';
    const cheated = await sandbox.verify(goTask, {
      id: "c",
      files: { "solution.go": "package s\n\nfunc F() int { return 2 }\n", "cheat_test.go": cheat },
    });
    expect(cheated.tests.map((item) => [item.name, item.status])).toEqual([["TestA", "failed"]]);
  });

  test("what a candidate does wrong is a failed verdict", async () => {
    const judged = task("python", [pythonTest]);
    const large = await sandbox.verify(judged, candidate("solution.py", `# ${"x".repeat(1024 * 1024)}`));
    expect(large).toMatchObject({ passed: false, runs: [] });
    expect(large.reason).toMatch(/bytes are more than/);
    const files = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`f${index}.py`, ""]));
    expect((await sandbox.verify(judged, { id: "many", files })).reason).toMatch(/201 files/);
    const colliding = { id: "c", files: { "A.py": "", "a.py": "" } };
    expect((await sandbox.verify(judged, colliding)).reason).toMatch(/collide/);
    const appended = task("python", [{ path: "t.py", content: "assert f()", mode: "append" }]);
    expect((await sandbox.verify(appended, candidate("other.py", ""))).reason).toMatch(
      /does not contain solution.py/,
    );
  });

  test("limits and ends are named in the reason", async () => {
    const judged = task("python", [pythonTest]);
    const slow = await sandbox.verify(judged, candidate("solution.py", "while True: pass"), {
      limits: { wallMs: 500 },
    });
    expect(slow.reason).toMatch(/time limit \(wall time 500 ms\)/);
    expect(slow.tests).toMatchObject([{ name: "test_double.py", status: "missing" }]);
    const exits = await sandbox.verify(judged, candidate("solution.py", "import os\nos._exit(0)"));
    expect(exits.reason).toMatch(/exit code 0/);
  });

  test("bad input throws a coded error", async () => {
    const good = candidate("solution.py", "");
    await expect(sandbox.verify(task("python", []), good)).rejects.toMatchObject({
      code: "NOTHING_TO_JUDGE",
    });
    const onlyHidden = task("python", [], [hiddenTest]);
    await expect(sandbox.verify(onlyHidden, good, { only: "visible" })).rejects.toMatchObject({
      code: "NOTHING_TO_JUDGE",
    });
    const cobol = { ...task("python", [pythonTest]), language: "cobol" };
    await expect(sandbox.verify(cobol as never, good)).rejects.toMatchObject({ code: "TASK_INVALID" });
    await expect(sandbox.verify(task("python", [pythonTest]), { id: "x", files: {} })).rejects.toMatchObject({
      code: "CANDIDATE_INVALID",
    });
    await expect(
      sandbox.verify(task("python", [pythonTest]), good, { needs: [] as never }),
    ).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    await expect(
      sandbox.verify(task("python", [pythonTest]), good, { driver: "warp" }),
    ).rejects.toMatchObject({ code: "SANDBOX_DRIVER_UNKNOWN" });
    await expect(
      sandbox.verify(task("python", [pythonTest]), good, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("an abort during the run rejects", async () => {
    const controller = new AbortController();
    const judged = sandbox.verify(
      task("python", [pythonTest]),
      candidate("solution.py", "while True: pass"),
      {
        signal: controller.signal,
      },
    );
    setTimeout(() => controller.abort(), 200);
    await expect(judged).rejects.toMatchObject({ code: "ABORTED" });
  });

  test("twenty at once give the same verdicts as one", async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sandbox.verify(
          task("python", [pythonTest]),
          candidate("solution.py", `def double(x): return ${index % 2 === 0 ? 2 : 3} * x\n`),
        ),
      ),
    );
    expect(verdicts.map((verdict) => verdict.passed)).toEqual(verdicts.map((_, index) => index % 2 === 0));
  });
});
