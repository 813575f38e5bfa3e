import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Language } from "@agentos/core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox();
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const limits = { wallMs: 120_000, memoryBytes: 2048 * 1024 * 1024 };

describe.skipIf(!opened)("test frameworks of a project", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "agentos-framework-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (files: Record<string, string>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  const judge = (
    language: Language,
    project: string,
    files: Record<string, string | null>,
    affectedTests: string[],
  ) =>
    sandbox.verify(
      { id: "p", prompt: "Change it.", language, project },
      { id: "c", files },
      { affectedTests, limits, compare: false },
    );

  test("vitest, as this repository has installed it", async () => {
    const path = "packages/core/src/summary.ts";
    const content = readFileSync(join(repository, path), "utf8");
    const affected = ["packages/core/test/summary.test.ts"];
    const right = await judge("typescript", repository, { [path]: `${content}\n` }, affected);
    expect(right, right.reason).toMatchObject({ passed: true, basis: "affected-tests", integrity: "shared" });
    expect(right.tests.length).toBeGreaterThan(1);
    const broken = content.replace(/return [^;]+;/g, 'return "wrong";');
    const wrong = await judge("typescript", repository, { [path]: broken }, affected);
    expect(wrong.passed).toBe(false);
    const failed = wrong.tests.find(({ status }) => status === "failed");
    expect(failed?.message).toMatch(/AssertionError|expected/);
  }, 300_000);

  const pytest = existsSync("/usr/lib/python3/dist-packages/pytest");
  test.skipIf(!requirement("pytest", pytest, "not found; apt-get install python3-pytest"))(
    "pytest, with fixtures, parameters and the project's conftest.py",
    async () => {
      write({
        "double.py": "def double(x):\n    return x\n",
        "conftest.py": "import pytest\n\n@pytest.fixture\ndef six():\n    return 6\n",
        "test_double.py":
          'import pytest\nfrom double import double\n\n@pytest.mark.parametrize("x", [0, 2])\ndef test_values(x):\n    assert double(x) == x + x\n\ndef test_fixture(six):\n    assert double(3) == six\n\n@pytest.mark.skip(reason="later")\ndef test_waits():\n    pass\n\nclass TestErrors:\n    def test_raises(self):\n        with pytest.raises(TypeError):\n            double(None) + 1\n',
      });
      const right = await judge("python", root, { "double.py": "def double(x):\n    return x + x\n" }, [
        "test_double.py",
      ]);
      expect(right, right.reason).toMatchObject({ passed: true, basis: "affected-tests" });
      expect(right.tests.map(({ name, status }) => [name, status])).toEqual([
        ["test_values[0]", "passed"],
        ["test_values[2]", "passed"],
        ["test_fixture", "passed"],
        ["test_waits", "skipped"],
        ["TestErrors.test_raises", "passed"],
      ]);
      expect(right.tests[3]?.message).toBe("later");
      const wrong = await judge("python", root, { "double.py": "def double(x):\n    return x * x\n" }, [
        "test_double.py",
      ]);
      expect(wrong.passed).toBe(false);
      expect(wrong.tests[2]).toMatchObject({
        status: "failed",
        message: expect.stringContaining("assert 9 == 6"),
      });
      const gone = await judge("python", root, { "double.py": "import os\nos._exit(0)\n" }, [
        "test_double.py",
      ]);
      expect(gone.passed).toBe(false);
    },
    120_000,
  );

  test.skipIf(!pytest)(
    "pytest for loose tests; a candidate's conftest.py is left out",
    async () => {
      const content =
        "import pytest\nfrom solution import double\n\n@pytest.fixture\ndef six():\n    return 6\n\ndef test_it(six):\n    assert double(3) == six\n";
      const task = {
        id: "loose",
        prompt: "Write double.",
        language: "python",
        tests: { visible: [{ path: "test_it.py", content }] },
      } as const;
      const right = await sandbox.verify(
        task,
        { id: "a", files: { "solution.py": "def double(x): return 2 * x\n" } },
        { limits },
      );
      expect(right, right.reason).toMatchObject({ passed: true, integrity: "shared" });
      const conftest =
        "import pytest\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    outcome.get_result().outcome = 'passed'\n";
      const cheat = { "solution.py": "def double(x): return x\n", "conftest.py": conftest };
      expect((await sandbox.verify(task, { id: "b", files: cheat }, { limits })).passed).toBe(false);
    },
    120_000,
  );

  test("jest, as npm installs it", async ({ skip }) => {
    write({
      "package.json": '{ "name": "p", "version": "1.0.0" }',
      "double.js": "exports.double = (x) => x;\n",
      "double.test.js":
        'const { double } = require("./double");\ndescribe("double", () => {\n  test("three", () => expect(double(3)).toBe(6));\n  test("zero", () => expect(double(0)).toBe(0));\n  test.skip("waits", () => {});\n});\n',
    });
    try {
      const options = [
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefer-offline",
        "jest@29",
      ];
      execFileSync("npm", options, { cwd: root, timeout: 240_000, stdio: "pipe" });
    } catch (error) {
      skip(`npm cannot install jest here: ${(error as Error).message.split("\n")[0]}`);
    }
    const right = await judge("javascript", root, { "double.js": "exports.double = (x) => x + x;\n" }, [
      "double.test.js",
    ]);
    expect(
      right.tests.map(({ name, status }) => [name, status]),
      right.reason,
    ).toEqual([
      ["double > three", "passed"],
      ["double > zero", "passed"],
      ["double > waits", "skipped"],
    ]);
    expect(right.passed).toBe(true);
    const wrong = await judge("javascript", root, { "double.js": "exports.double = (x) => x * x;\n" }, [
      "double.test.js",
    ]);
    expect(wrong.passed).toBe(false);
    expect(wrong.tests[0]?.message).toMatch(/Expected: 6[\s\S]*Received: 9/);
  }, 400_000);
});
