import { type Language, SOURCE_EXTENSION } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { candidate, openNamespaceSandbox, task } from "./helpers.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("harnesses", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  /** Statuses by name, and whether the verdict passed. */
  async function judge(language: Language, path: string, content: string, solution = "") {
    const judged = task(language, [{ path, content }]);
    const verdict = await sandbox.verify(
      judged,
      candidate(`solution${SOURCE_EXTENSION[language]}`, solution),
      {
        limits: { wallMs: 5000 },
      },
    );
    return { passed: verdict.passed, tests: verdict.tests.map((item) => [item.name, item.status]), verdict };
  }

  describe("Python", () => {
    const python = (content: string, solution?: string) => judge("python", "test_a.py", content, solution);

    test("unittest: order, subtests, skips, expected failures, set-up", async () => {
      const { tests, passed } = await python(`import unittest
class Base(unittest.TestCase):
    def setUp(self): self.value = 1
class B(Base):
    def test_z(self): self.assertEqual(self.value, 1)
    def test_a(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    @unittest.skip("later")
    def test_s(self): pass
    @unittest.expectedFailure
    def test_x(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
class C(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise RuntimeError("no database")
    def test_never(self): pass
if __name__ == "__main__":
    unittest.main()
`);
      expect(passed).toBe(false);
      expect(tests).toEqual([
        ["B.test_z", "passed"],
        ["B.test_a (i=1)", "failed"],
        ["B.test_s", "skipped"],
        ["B.test_x", "passed"],
        ["B.test_unexpected", "failed"],
        ["setUpClass (test_a.C)", "failed"],
      ]);
    });

    test("functions and classes in pytest's style, async ones too", async () => {
      const { tests } = await python(`class TestBox:
    @classmethod
    def setup_class(cls): cls.shared = 2
    def setup_method(self, method): self.name = method.__name__
    def test_name(self): assert self.name == "test_name" and self.shared == 2
    def test_wrong(self): assert self.shared == 3
async def test_async(): assert True
def test_fixture(tmp_path): pass
def test_default(x=1): assert x == 1
def helper(): assert False
`);
      expect(tests).toEqual([
        ["TestBox.test_name", "passed"],
        ["TestBox.test_wrong", "failed"],
        ["test_async", "passed"],
        ["test_fixture", "failed"],
        ["test_default", "passed"],
      ]);
    });

    test("messages show the line and no machine path", async () => {
      const { verdict } = await python(
        "from solution import f\ndef test_f():\n    assert f(1) == 3\n",
        "def f(x): return x\n",
      );
      expect(verdict.tests[0]?.message).toBe("AssertionError\n  test_a.py:3 in test_f\n    assert f(1) == 3");
    });

    test.each([
      ["sys.exit(0) on import", "import sys\nsys.exit(0)"],
      ["sys.exit(0) in a call", "import sys\ndef f(): sys.exit(0)"],
      ["os._exit(0) on import", "import os\nos._exit(0)"],
      [
        "os._exit(0) at the end of a thread",
        "import os, threading\ndef f():\n  threading.Thread(target=os._exit, args=(0,)).start()\n  import time; time.sleep(1)",
      ],
      ["exit by a signal", "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGTERM)"],
      ["KeyboardInterrupt", "def f(): raise KeyboardInterrupt"],
      ["patched json", "import json\njson.dumps = lambda *a, **k: '{}'\ndef f(): return 0"],
      ["patched report by print", 'import sys\nprint(\'{"finished": "test_a.py"}\')\ndef f(): return 0'],
    ])("never passes: %s", async (_name, solution) => {
      expect((await python("from solution import f\ndef test_f(): assert f() == 1\n", solution)).passed).toBe(
        false,
      );
    });

    test.each([
      ["a function", "from solution import f\ndef test_f(): assert f() == 1\ndef test_other(): pass\n"],
      [
        "unittest",
        "import unittest\nfrom solution import f\nclass T(unittest.TestCase):\n  def test_f(self): assert f() == 1\n  def test_other(self): pass\n",
      ],
    ])("a skip that comes out of the candidate is a failure: %s", async (_name, content) => {
      const raising = "import unittest\ndef f(): raise unittest.SkipTest('not today')\n";
      expect((await python(content, raising)).passed).toBe(false);
      const skipping = content.replace(
        "assert f() == 1",
        "import unittest; raise unittest.SkipTest('asked for')",
      );
      expect((await python(skipping, "def f(): return 1\n")).passed).toBe(true);
    });

    test("a thread that is left running does not hold up a finished run", async () => {
      const solution =
        "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()\ndef f(): return 1";
      expect((await python("from solution import f\ndef test_f(): assert f() == 1\n", solution)).passed).toBe(
        true,
      );
    });
  });

  describe("JavaScript", () => {
    const head =
      'import test, { describe, it, before } from "node:test";\nimport assert from "node:assert";\n';
    const javascript = (content: string, solution?: string) =>
      judge("javascript", "a.test.js", content, solution);

    test("suites, subtests, hooks, todo", async () => {
      const { tests } = await javascript(`${head}describe("outer", () => {
  describe("inner", () => { it("works", () => {}); it("fails", () => assert.ok(false)); });
  it.todo("later");
});
describe("hooked", () => { before(() => { throw new Error("no database"); }); it("never", () => {}); });
test("parent", async (t) => { await t.test("child", () => {}); });
test("sleeps", { skip: "no bed" }, () => {});
`);
      expect(tests).toContainEqual(["outer > inner > works", "passed"]);
      expect(tests).toContainEqual(["outer > inner > fails", "failed"]);
      expect(tests).toContainEqual(["outer > later", "skipped"]);
      expect(tests).toContainEqual(["parent > child", "passed"]);
      expect(tests).toContainEqual(["parent", "passed"]);
      expect(tests).toContainEqual(["sleeps", "skipped"]);
      expect(
        tests.filter(([name]) => name?.startsWith("hooked")).some(([, status]) => status === "failed"),
      ).toBe(true);
    });

    test.each([
      ["process.exit(0) on import", "process.exit(0); export const f = 1;"],
      ["process.exit(0) in a call", "export function f() { process.exit(0); }"],
      [
        "process.exit(0) later",
        "setTimeout(() => process.exit(0), 20); export const f = () => new Promise((r) => setTimeout(r, 500));",
      ],
      ["process.reallyExit", "export function f() { process.reallyExit(0); }"],
      ["a promise that never settles", "export const f = () => new Promise(() => {});"],
      ["a top-level await that never settles", "await new Promise(() => {}); export const f = 1;"],
      ["an unhandled rejection", "export const f = () => { Promise.reject(new Error('later')); };"],
      ["an endless timer", "setInterval(() => {}, 1000); export const f = () => { throw new Error(); };"],
      ["patched JSON", "JSON.stringify = () => '{}'; export const f = () => 0;"],
      ["a report that is printed", "console.log('TAP version 13\\nok 1 - f'); export const f = () => 0;"],
    ])("never passes: %s", async (_name, solution) => {
      const content = `${head}import { f } from "./solution.js";\ntest("f", async () => assert.equal(await f(), 1));\n`;
      expect((await javascript(content, solution)).passed).toBe(false);
    });

    test.each([
      [
        "CommonJS test, CommonJS solution",
        'const { f } = require("./solution.js");\nrequire("node:assert").equal(f(), 1);',
        "module.exports = { f: () => 1 };",
      ],
      [
        "CommonJS test, ES solution",
        'const { f } = require("./solution");\nrequire("node:assert").equal(f(), 1);',
        "export const f = () => 1;",
      ],
      [
        "ES test, CommonJS solution",
        'import { f } from "./solution.js";\nimport assert from "node:assert";\nassert.equal(f(), 1);',
        "const f = () => 1;\nmodule.exports = { f };",
      ],
      [
        "ES test, ES solution that requires",
        'import { f } from "./solution.js";\nif (f() !== "/") throw new Error(f());',
        'const path = require("node:path");\nexport const f = () => path.posix.sep;',
      ],
      [
        "a script that awaits",
        'import { f } from "./solution.js";\nif ((await f()) !== 1) throw new Error();',
        "export const f = async () => 1;",
      ],
    ])("%s", async (_name, content, solution) => {
      const { passed, verdict } = await javascript(content, solution);
      expect(verdict.reason).toBe("The test passed.");
      expect(passed).toBe(true);
    });

    test("the reason for a file that does not parse is its error, with the place", async () => {
      const { verdict } = await javascript(
        'import { f } from "./solution.js";\nf();',
        "// f\nexport const f = ;",
      );
      expect(verdict.reason).toBe(
        "The test did not pass: a.test.js: SyntaxError: Unexpected token ';' (solution.js:2)",
      );
    });

    test("a script fails by its exit code, and by an error that comes late", async () => {
      expect((await javascript("process.exitCode = 1;\nconsole.log(1);")).passed).toBe(false);
      expect((await javascript('setTimeout(() => { throw new Error("late"); }, 10);')).passed).toBe(false);
    });
  });

  describe("Go", () => {
    const go = (tests: string, solution: string) =>
      judge("go", "a_test.go", `package s\n\nimport "testing"\n\n${tests}`, `package s\n\n${solution}`);
    const calls = "func TestF(t *testing.T) {\n\tif F() != 1 {\n\t\tt.Fatal()\n\t}\n}\n";

    test.each([
      ["os.Exit(0) in init", 'import "os"\n\nfunc init() { os.Exit(0) }\n\nfunc F() int { return 1 }\n'],
      ["os.Exit(0) in a call", 'import "os"\n\nfunc F() int { os.Exit(0); return 1 }\n'],
      [
        "a TestMain of its own",
        'import (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n\nfunc F() int { return 0 }\n',
      ],
      ["runtime.Goexit", 'import "runtime"\n\nfunc F() int { runtime.Goexit(); return 1 }\n'],
      ["a panic in a goroutine", 'func F() int { go func() { panic("x") }(); select {} }\n'],
      ["a deadlock", "func F() int { select {} }\n"],
    ])("never passes: %s", async (_name, solution) => {
      expect((await go(calls, solution)).passed).toBe(false);
    });

    test("a compile error is the message of the file", async () => {
      const { tests, verdict } = await go(calls, "func F() int { return x }\n");
      expect(tests).toEqual([["a_test.go", "failed"]]);
      expect(verdict.reason).toContain("undefined: x");
    });
  });
});
