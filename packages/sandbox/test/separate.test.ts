import { readFileSync } from "node:fs";
import type { RunEvent, Task } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { candidate, openNamespaceSandbox, task } from "./helpers.js";

const opened = await openNamespaceSandbox();
const text = (name: string): string => readFileSync(new URL(`separate/${name}`, import.meta.url), "utf8");

describe.skipIf(!opened)("separate integrity in Python", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  const judge = (content: string, solution: string, more: Partial<Task> = {}, options = {}) =>
    sandbox.verify(
      { ...task("python", [{ path: "test_a.py", content }]), ...more },
      candidate("solution.py", solution),
      options,
    );

  test("objects of the candidate are used through stand-ins", async () => {
    const judged = {
      ...task("python", [{ path: "test_objects.py", content: text("test_objects.py") }]),
      entryFile: "objects.py",
    };
    const verdict = await sandbox.verify(judged, candidate("objects.py", text("objects.py")));
    expect(verdict.integrity).toBe("separate");
    for (const item of verdict.tests) {
      expect([item.name, item.status, item.message]).toEqual(
        /cheat|fail|missing|chain/.test(item.name)
          ? [item.name, "failed", expect.any(String)]
          : [item.name, "passed", undefined],
      );
    }
    const failed = verdict.tests.find((item) => item.name === "T.test_fail2");
    expect(failed?.message).toMatch(
      /^ZeroDivisionError: division by zero\n {2}test_objects.py:\d+ in test_fail2\n.*\n {2}objects.py:\d+ in broken\n {4}def broken\(\): return 1\/0$/,
    );
  });

  test("arguments and instances of support classes are the judge's own objects after a call", async () => {
    const judged = {
      ...task("python", [{ path: "test_linked.py", content: text("test_linked.py") }]),
      entryFile: "linked.py",
      files: { "node.py": text("node.py") },
    };
    const verdict = await sandbox.verify(judged, candidate("linked.py", text("linked.py")));
    expect(verdict.reason).toBe("All 7 tests passed.");
    expect(verdict.integrity).toBe("separate");
  });

  test("random values survive, and random changes in place come back", async () => {
    const judged = {
      ...task("python", [{ path: "test_random.py", content: text("test_random.py") }]),
      files: { "random_values.py": text("random_values.py") },
    };
    const verdict = await sandbox.verify(judged, candidate("solution.py", text("solution.py")), {
      limits: { wallMs: 60_000 },
    });
    expect(verdict.reason).toBe("All 2 tests passed.");
    expect(verdict.integrity).toBe("separate");
  });

  test("packages, stars, names with underscores, relative imports", async () => {
    const files = {
      "shop/__init__.py": "from .prices import total\n_secret = 1\nVERSION = (1, 2)\n",
      "shop/prices.py": "from . import tax\ndef total(x): return x + tax.rate(x)\n",
      "shop/tax.py": "def rate(x): return x // 10\n",
      "solution.py":
        "__all__ = ['shown', 'len']\ndef shown(): return 1\ndef hidden(): return 2\nlen = None\n",
    };
    const content = `import shop.tax
import shop as s
from shop import total, _secret, VERSION, prices as p
from shop.prices import total as again
from solution import *
def test_all():
    assert total(10) == 11 and again(20) == 22 and shop.tax.rate(10) == 1 and p.total(10) == 11
    assert _secret == 1 and VERSION == (1, 2) and s.VERSION[0] == 1 and shown() == 1 and len([1]) == 1
    assert s.prices is p and again is total
    try: hidden
    except NameError: pass
    else: assert False
`;
    const verdict = await sandbox.verify(task("python", [{ path: "test_a.py", content }]), {
      id: "c",
      files,
    });
    expect(verdict).toMatchObject({ reason: "The test passed.", integrity: "separate" });
  });

  test("errors of loading are told with their place", async () => {
    const load = "import solution\ndef test_a(): pass\n";
    const broken = await judge(load, "def f(:\n");
    expect(broken.tests[0]?.message).toMatch(/solution.py", line 1[\s\S]*SyntaxError: invalid syntax/);
    const failing = await judge(load, "x = 1\ny = {}['a']\n");
    expect(failing.tests[0]?.message).toMatch(
      /KeyError: 'a'\n {2}test_a.py:1 in <module>[\s\S]*solution.py:2 in <module>\n {4}y = \{\}\['a'\]/,
    );
  });

  test("an end of the candidate explains what failed", async () => {
    const content = "from solution import f\ndef test_a(): assert f() == 1\ndef test_b(): pass\n";
    const exits = await judge(content, "import os\ndef f(): os._exit(3)\n");
    expect(exits.reason).toBe("The program ended early, with exit code 3.");
    expect(exits.tests.map((item) => item.status)).toEqual(["failed", "passed"]);
    expect(exits.runs.map((run) => [run.half, run.status])).toEqual([
      ["judge", "exited"],
      ["candidate", "exited"],
    ]);
    const killed = await judge(content, "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSEGV)\n");
    expect(killed.reason).toBe("The program was killed by SIGSEGV.");
    const slow = await judge(
      content,
      "def f():\n    print('before')\n    while True: pass\n",
      {},
      { limits: { wallMs: 1500 } },
    );
    expect(slow.reason).toMatch(/time limit/);
    expect(slow.tests.map((item) => item.status)).toEqual(["missing"]);
    expect(slow.runs.map((run) => run.status)).toEqual(["wall-time", "wall-time"]);
  });

  test("what the candidate prints is the output, and is told as it comes", async () => {
    const events: RunEvent[] = [];
    const verdict = await sandbox.verify(
      task(
        "python",
        [{ path: "test_a.py", content: "from solution import f\ndef test_a(): assert f() == 1\n" }],
        [{ path: "test_b.py", content: "from solution import f\ndef test_b(): assert f() == 1\n" }],
      ),
      candidate("solution.py", "def f():\n    print('seen')\n    return 1\n"),
      { onEvent: (event) => void events.push(event) },
    );
    expect(verdict).toMatchObject({ passed: true, output: "seen\n" });
    const printed = events.flatMap((event) =>
      event.type === "stdout" ? [Buffer.from(event.bytes).toString()] : [],
    );
    expect(printed.join("")).toBe("seen\n");
    expect(events.at(-1)).toMatchObject({ type: "exit", result: { status: "exited" } });
    const failure = new Error("enough");
    const throwing = judge(
      "import solution\ndef test_a(): pass\n",
      "print(1)",
      {},
      {
        onEvent: () => {
          throw failure;
        },
      },
    );
    await expect(throwing).rejects.toBe(failure);
  });

  test.each([
    [
      "a class that extends the candidate's",
      "from solution import A\nclass B(A): pass\ndef test_a(): assert B().f() == 1\n",
    ],
    [
      "captured output",
      "import io, contextlib\nfrom solution import A\ndef test_a():\n    with contextlib.redirect_stdout(io.StringIO()) as out: A().p()\n    assert out.getvalue() == 'x\\n'\n",
    ],
    [
      "a replaced clock",
      "from unittest import mock\nimport time\nfrom solution import A\ndef test_a():\n    with mock.patch('time.time', return_value=5): assert A().t() == 5\n",
    ],
    ["a file", "from solution import A\ndef test_a():\n    open('a.txt', 'w').close()\n    assert A().e()\n"],
    [
      "threads",
      "import threading\nfrom solution import A\ndef test_a():\n    t = threading.Thread(target=A().f); t.start(); t.join()\n",
    ],
  ])("tests that need one process are judged in one, and say so: %s", async (_name, content) => {
    const solution =
      "import os, time\nclass A:\n    def f(self): return 1\n    def p(self): print('x')\n    def t(self): return time.time()\n    def e(self): return os.path.exists('a.txt')\n";
    expect(await judge(content, solution)).toMatchObject({ reason: "The test passed.", integrity: "shared" });
    await expect(judge(content, solution, {}, { integrity: "separate" })).rejects.toMatchObject({
      code: "SANDBOX_INTEGRITY_UNAVAILABLE",
      message: expect.stringContaining("it"),
    });
  });

  test("a hidden test that needs one process is not told of", async () => {
    const hidden = { path: "test_b.py", content: "import threading\nMARKER = 1\ndef test_b(): pass\n" };
    const visible = { path: "test_a.py", content: "import solution\ndef test_a(): pass\n" };
    const verdict = await sandbox.verify(task("python", [visible], [hidden]), candidate("solution.py", ""));
    expect(verdict).toMatchObject({ passed: true, integrity: "shared" });
    const asked = sandbox.verify(task("python", [visible], [hidden]), candidate("solution.py", ""), {
      integrity: "separate",
    });
    await expect(asked).rejects.toMatchObject({ code: "SANDBOX_INTEGRITY_UNAVAILABLE" });
    await expect(asked).rejects.not.toThrow(/threading|MARKER/);
  });

  test("a candidate cannot choose to be judged in one process", async () => {
    const content =
      "import unittest, helper_of_tests\nfrom solution import f\nclass T(unittest.TestCase):\n    def test_a(self): assert f() == 1\n";
    const files = {
      "solution.py": "def f(): return 1\n",
      "unittest.py": "",
      "threading.py": "",
      "helper_of_tests.py": "",
    };
    const verdict = await sandbox.verify(task("python", [{ path: "test_a.py", content }]), {
      id: "c",
      files,
    });
    expect(verdict).toMatchObject({ passed: true, integrity: "separate" });
  });

  test("a language that nothing separates, and a project, say that they cannot", async () => {
    const go = task("go", [
      { path: "a_test.go", content: 'package s\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n' },
    ]);
    await expect(
      sandbox.verify({ ...go, project: process.cwd() }, candidate("a.go", "package s\n"), {
        integrity: "separate",
      }),
    ).rejects.toMatchObject({ code: "SANDBOX_INTEGRITY_UNAVAILABLE" });
  });
});
