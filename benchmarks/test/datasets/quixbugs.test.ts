import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Candidate, Task } from "@agentos/core";
import { expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { type QuixBugsProgram, readQuixBugs } from "../../datasets/index.js";
import { all, folderWith } from "../fixtures.js";

const python = requirement("python", spawnSync("python3", ["--version"]).status === 0);

const PYTEST_OF_JSON = "from load_testdata import load_json_testcases\n";

const NODE =
  "class Node:\n    def __init__(self, value=None, successor=None):\n        self.value = value\n        self.successor = successor\n";

const PYTEST_OF_NODES = `import pytest
from node import Node

if pytest.use_correct:
    from correct_python_programs.last_value import last_value
else:
    from python_programs.last_value import last_value


def test1():
    assert last_value(Node(1, Node(2))) == 2


def test2():
    assert last_value(Node(5)) == 5
`;

const LAST =
  "def last_value(node):\n    while node.successor:\n        node = node.successor\n    return node.value\n";

function files(name: string, correct: string, buggy: string, pytest: string): Record<string, string> {
  return {
    [`quixbugs/python_programs/${name}.py`]: buggy,
    [`quixbugs/correct_python_programs/${name}.py`]: correct,
    [`quixbugs/python_testcases/test_${name}.py`]: pytest,
    "quixbugs/python_testcases/node.py": NODE,
  };
}

async function program(more: Record<string, string>): Promise<QuixBugsProgram> {
  const [only, ...rest] = await all(readQuixBugs({ data: await folderWith(more) }));
  expect(rest).toEqual([]);
  if (!only) throw new Error("no program was read");
  return only;
}

/** Runs a candidate's tests with python3 and tells how many there were and whether all passed. */
async function run(task: Task, candidate: Candidate): Promise<{ count: number; passed: boolean }> {
  const folder = await folderWith({});
  const test = task.tests?.hidden?.[0];
  for (const [name, text] of Object.entries({
    ...task.files,
    ...candidate.files,
    [test?.path ?? ""]: test?.content,
  })) {
    await writeFile(join(folder, name), text ?? "");
  }
  const { status, stderr } = spawnSync("python3", [test?.path ?? ""], { cwd: folder, encoding: "utf8" });
  return { count: Number(/Ran (\d+) test/.exec(stderr)?.[1]), passed: status === 0 };
}

const CASES: readonly [name: string, cases: string, correct: string, buggy: string, count: number][] = [
  ["inc", "[[1], 2]\n[[2], 3]\n", "def inc(n):\n    return n + 1\n", "def inc(n):\n    return 2\n", 2],
  ["inc", "[1, 2]\n", "def inc(n):\n    return n + 1\n", "def inc(n):\n    return n\n", 1],
  [
    "kheapsort",
    "[[[2, 1], 1], [1, 2]]\n",
    "def kheapsort(a, k):\n    yield from sorted(a)\n",
    "def kheapsort(a, k):\n    yield from a\n",
    1,
  ],
  [
    "flatten",
    "[[[1, [2]]], [1, 2]]\n",
    "def flatten(a):\n    yield 1\n    yield 2\n",
    "def flatten(a):\n    yield 1\n",
    1,
  ],
  [
    "hanoi",
    "[[1, 1, 3], [[1, 3]]]\n",
    "def hanoi(h, s, e):\n    return [(s, e)]\n",
    "def hanoi(h, s, e):\n    return [(e, s)]\n",
    1,
  ],
  [
    "sqrt",
    "[[4, 0.25], 2.0]\n",
    "def sqrt(x, e):\n    return 2.24\n",
    "def sqrt(x, e):\n    return 2.26\n",
    1,
  ],
  [
    "floats",
    "[[7.0], 3.5]\n",
    "def floats(n):\n    return n / 2\n",
    "def floats(n):\n    return n // 2\n",
    1,
  ],
  [
    "knapsack",
    "[[6404180, []], 0]\n[[1, []], 0]\n",
    "def knapsack(c, i):\n    assert c == 1\n    return 0\n",
    "def knapsack(c, i):\n    return 1\n",
    1,
  ],
  [
    "levenshtein",
    '[["amanaplanacanalpanama", "x"], 1]\n[["é", "\\"q\\""], 3]\n',
    "def levenshtein(a, b):\n    return 3 if a == 'é' and b == '\"q\"' else 0\n",
    "def levenshtein(a, b):\n    return 0\n",
    1,
  ],
];

test.skipIf(!python).each(CASES)(
  "the tests made for %s of %j tell correct from buggy",
  async (name, cases, correct, buggy, count) => {
    const { task, ...read } = await program({
      ...files(name, correct, buggy, PYTEST_OF_JSON),
      [`quixbugs/json_testcases/${name}.json`]: cases,
    });
    expect(await run(task, read.correct)).toEqual({ count, passed: true });
    expect(await run(task, read.buggy)).toEqual({ count, passed: false });
  },
);

test.skipIf(!python)("published tests of node programs become a unittest file beside node.py", async () => {
  const read = await program(
    files(
      "last_value",
      LAST,
      LAST.replace("while", "if"),
      PYTEST_OF_NODES.replace("Node(1, Node(2))", "Node(1, Node(1, Node(2)))"),
    ),
  );
  expect(Object.keys(read.task.files ?? {})).toEqual(["node.py"]);
  expect(await run(read.task, read.correct)).toEqual({ count: 2, passed: true });
  expect(await run(read.task, read.buggy)).toEqual({ count: 2, passed: false });
});

test("helpers among the programs are not programs, and the prompt shows the buggy program alone", async () => {
  const read = await program({
    ...files("last_value", LAST, `${LAST}# buggy\n`, PYTEST_OF_NODES),
    "quixbugs/python_programs/node.py": NODE,
    "quixbugs/python_programs/last_value_test.py": "",
    "quixbugs/python_programs/README": "",
  });
  expect(read.name).toBe("last_value");
  expect(read.task.prompt).toContain("# buggy");
  expect(read.buggy.files).toEqual({ "last_value.py": `${LAST}# buggy\n` });
});

test.each([
  ["[1, 2", "not JSON"],
  ["[1]", "pair"],
  ['{"a": 1}', "pair"],
])("a broken case %j is named by line", async (broken, message) => {
  const reading = program({
    ...files("inc", "", "", PYTEST_OF_JSON),
    "quixbugs/json_testcases/inc.json": `[[1], 2]\n${broken}\n`,
  });
  await expect(reading).rejects.toMatchObject({
    code: "DATASET_LINE_BROKEN",
    details: { line: 2 },
    message: expect.stringContaining(message),
  });
});

test("a missing folder or file says where it is published", async () => {
  await expect(program({})).rejects.toMatchObject({
    code: "DATASET_MISSING",
    message: expect.stringContaining("https://github.com/jkoppel/QuixBugs"),
  });
  const { "quixbugs/correct_python_programs/inc.py": _, ...incomplete } = files(
    "inc",
    "",
    "",
    PYTEST_OF_JSON,
  );
  await expect(program(incomplete)).rejects.toMatchObject({
    code: "DATASET_MISSING",
    message: expect.stringContaining("correct_python_programs"),
  });
});
