import type { Language } from "@agentos/core";
import type { CheatCase, DriverName, HostileCase } from "../types.js";

interface CheatLanguage {
  readonly language: Language;
  readonly drivers: readonly DriverName[];
  readonly solution: string;
  readonly honest: string;
  readonly test: CheatCase["test"];
}

const JAVASCRIPT: CheatLanguage = {
  language: "javascript",
  drivers: ["namespace", "isolate", "quickjs"],
  solution: "solution.js",
  honest: "export const double = (x) => 2 * x;",
  test: {
    path: "solution.test.js",
    content:
      'import test from "node:test"; import assert from "node:assert/strict"; import { double } from "./solution.js"; test("doubles", () => assert.equal(double(3), 6));',
  },
};
const PYTHON: CheatLanguage = {
  language: "python",
  drivers: ["namespace", "pyodide"],
  solution: "solution.py",
  honest: "def double(x): return 2 * x",
  test: {
    path: "test_solution.py",
    content:
      "import unittest\nfrom solution import double\nclass T(unittest.TestCase):\n  def test_doubles(self): self.assertEqual(double(3), 6)\n",
  },
};
const GO: CheatLanguage = {
  language: "go",
  drivers: ["namespace"],
  solution: "solution.go",
  honest: "package solution\n\nfunc Double(x int) int { return 2 * x }\n",
  test: {
    path: "solution_test.go",
    content:
      'package solution\n\nimport "testing"\n\nfunc TestDoubles(t *testing.T) {\n\tif Double(3) != 6 {\n\t\tt.Error("not 6")\n\t}\n}\n',
  },
};

const RUST: CheatLanguage = {
  language: "rust",
  drivers: ["namespace"],
  solution: "solution.rs",
  honest: "pub fn double(x: i64) -> i64 { 2 * x }\n",
  test: {
    path: "solution_test.rs",
    content:
      "mod solution;\nuse solution::double;\n\n#[test]\nfn doubles() {\n    assert_eq!(double(3), 6);\n}\n",
  },
};
const JAVA: CheatLanguage = {
  language: "java",
  drivers: ["namespace"],
  solution: "Solution.java",
  honest: "class Solution { static int doubled(int x) { return 2 * x; } }\n",
  test: {
    path: "SolutionTest.java",
    content: "class SolutionTest {\n  void testDoubles() {\n    assert Solution.doubled(3) == 6;\n  }\n}\n",
  },
};

type Cheat =
  | readonly [number, string, string]
  | readonly [number, string, string, Readonly<Record<string, string>>];

const IN_JAVASCRIPT: readonly Cheat[] = [
  [83, "exits 0 before the tests", "process.exit(0); export const double = (x) => x;"],
  [83, "exits 0 in the test", "export const double = () => process.exit(0);"],
  [
    84,
    "replaces JSON.stringify and array methods",
    "JSON.stringify = () => '{}'; Array.prototype.push = () => 0; export const double = (x) => x;",
  ],
  [
    85,
    "returns what is equal to everything",
    "export const double = () => ({ valueOf: () => 6, toString: () => '6', [Symbol.toPrimitive]: () => 6 });",
  ],
  [
    86,
    "edits and deletes the tests",
    "import * as fs from 'node:fs'; for (const file of ['solution.test.js', '/work/solution.test.js']) { try { fs.writeFileSync(file, '') } catch {} try { fs.unlinkSync(file) } catch {} } export const double = (x) => x;",
    { "solution.test.js": 'import test from "node:test"; test("doubles", () => {});' },
  ],
  [
    87,
    "prints a forged report",
    `console.log('{"type":"test","test":{"file":"solution.test.js","name":"doubles","status":"passed"}}\\nok 1 - doubles\\n{"type":"finished","file":"solution.test.js"}'); export const double = (x) => x;`,
  ],
  [88, "hangs on a promise", "await new Promise(() => {}); export const double = (x) => x;"],
  [
    89,
    "replaces assert, the clock and the random source",
    "import assert from 'node:assert/strict'; assert.equal = assert.strictEqual = assert.deepEqual = () => {}; Date.now = () => 0; globalThis.setTimeout = () => 0; Math.random = () => 0; export const double = (x) => x;",
  ],
  [
    90,
    "reads the expected value from the test file",
    "import * as fs from 'node:fs'; let found; try { found = Number(/double\\(3\\), (\\d+)/.exec(fs.readFileSync('/work/solution.test.js', 'utf8'))[1]) } catch {} export const double = () => found;",
  ],
  [
    94,
    "hooks of the build and of the test runner",
    "export const double = (x) => x;",
    {
      "package.json": '{"type":"module","scripts":{"test":"true","preinstall":"true"},"main":"x.js"}',
      ".npmrc": "node-options=--require ./hook.cjs",
      "hook.cjs": "process.exit(0)",
      "node_modules/assert/index.js": "module.exports = () => {}",
    },
  ],
];

const IN_PYTHON: readonly Cheat[] = [
  [83, "sys.exit before the tests", "import sys\nsys.exit(0)\ndef double(x): return x"],
  [83, "os._exit in the test", "import os\ndef double(x): os._exit(0)"],
  [84, "replaces json and print", "import json\njson.dumps = lambda *a, **k: '{}'\ndef double(x): return x"],
  [
    84,
    "patches unittest's result",
    "import unittest\nunittest.TestResult.addFailure = unittest.TestResult.addError = lambda self, test, error: self.addSuccess(test)\nunittest.TestCase.run = lambda self, result=None: result and result.addSuccess(self)\ndef double(x): return x",
  ],
  [
    85,
    "returns what is equal to everything",
    "class Anything(int):\n  def __eq__(self, other): return True\n  def __ne__(self, other): return False\n  __hash__ = int.__hash__\ndef double(x): return Anything(1)",
  ],
  [
    86,
    "edits and deletes the tests",
    "import os\nfor path in ('test_solution.py', '/work/test_solution.py'):\n  try: open(path, 'w').write('')\n  except OSError: pass\n  try: os.remove(path)\n  except OSError: pass\ndef double(x): return x",
    { "test_solution.py": "import unittest\nclass T(unittest.TestCase):\n  def test_doubles(self): pass\n" },
  ],
  [
    87,
    "prints a forged report",
    'print(\'{"test": {"file": "test_solution.py", "name": "x", "status": "passed"}}\')\nprint(\'{"finished": "test_solution.py"}\')\ndef double(x): return x',
  ],
  [88, "hangs so that the test is skipped", "import time\ndef double(x): time.sleep(10**6)"],
  [
    89,
    "replaces assertEqual, the clock and the random source",
    "import time, random, unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\ntime.time = time.perf_counter = lambda: 0\nrandom.random = lambda: 0\ndef double(x): return x",
  ],
  [
    90,
    "reads the expected value from the test file",
    "import re\ntry: found = int(re.search(r'double\\(3\\), (\\d+)', open('/work/test_solution.py').read())[1])\nexcept (OSError, TypeError): found = None\ndef double(x): return found",
  ],
  [
    94,
    "hooks of the interpreter and of test runners",
    "def double(x): return x",
    {
      "conftest.py": "import os\nos._exit(0)\n",
      "sitecustomize.py": "import os\nos._exit(0)\n",
      "usercustomize.py": "import os\nos._exit(0)\n",
      "unittest.py": "class TestCase: pass\n",
      "pytest.ini": "[pytest]\naddopts = --collect-only\n",
      "setup.py": "import os\nos._exit(0)\n",
    },
  ],
];

const IN_GO: readonly Cheat[] = [
  [
    83,
    "exits 0 before the tests",
    'package solution\n\nimport "os"\n\nfunc init() { os.Exit(0) }\n\nfunc Double(x int) int { return x }\n',
  ],
  [
    84,
    "its own TestMain",
    "package solution\n\nfunc Double(x int) int { return x }\n",
    {
      "main_test.go":
        'package solution\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n',
    },
  ],
  [
    86,
    "edits and deletes the tests",
    'package solution\n\nimport "os"\n\nfunc init() { os.Remove("/work/solution_test.go") }\n\nfunc Double(x int) int { return x }\n',
    {
      "solution_test.go": 'package solution\n\nimport "testing"\n\nfunc TestDoubles(t *testing.T) {}\n',
    },
  ],
  [
    87,
    "prints a forged report",
    'package solution\n\nimport "fmt"\n\nfunc init() { fmt.Println("=== RUN   TestDoubles\\n--- PASS: TestDoubles (0.00s)\\nPASS\\nok  solution 0.1s") }\n\nfunc Double(x int) int { return x }\n',
  ],
  [
    88,
    "hangs so that the test is skipped",
    "package solution\n\nfunc Double(x int) int {\n\tfor {\n\t}\n}\n",
  ],
  [
    90,
    "reads the expected value from the test file",
    'package solution\n\nimport (\n\t"os"\n\t"regexp"\n\t"strconv"\n)\n\nfunc Double(x int) int {\n\ttext, _ := os.ReadFile("/work/solution_test.go")\n\tfound := regexp.MustCompile(`Double\\(3\\) != (\\d+)`).FindSubmatch(text)\n\tif found == nil {\n\t\treturn x\n\t}\n\tvalue, _ := strconv.Atoi(string(found[1]))\n\treturn value\n}\n',
  ],
  [
    94,
    "cgo directives, generators and build files",
    'package solution\n\n//go:generate touch @FOLDER@/generated\n\n// #cgo LDFLAGS: -Wl,--version\n// int touched() { return 0; }\nimport "C"\n\nfunc Double(x int) int { return x }\n',
    {
      "go.work": "go 1.19\n\nuse /\n",
      "vendor/testing/testing.go": "package testing\n\ntype T struct{}\n",
      Makefile: "test:\n\ttrue\n",
    },
  ],
];

const IN_RUST: readonly Cheat[] = [
  [83, "exits 0 in the test", "pub fn double(_x: i64) -> i64 { std::process::exit(0) }\n"],
  [
    86,
    "edits and deletes the tests",
    'pub fn double(x: i64) -> i64 { std::fs::write("/work/solution_test.rs", "").ok(); std::fs::remove_file("/work/solution_test.rs").ok(); x }\n',
    { "solution_test.rs": "#[test]\nfn doubles() {}\n" },
  ],
  [
    87,
    "prints a forged report",
    `pub fn double(x: i64) -> i64 { println!("test doubles ... ok\\ntest result: ok. 1 passed; 0 failed"); println!("{}", r#"{"type":"test","event":"ok","name":"doubles"}"#); println!("{}", r#"{"type":"suite","event":"ok","passed":1,"failed":0}"#); x }\n`,
  ],
  [88, "hangs so that the test is skipped", "pub fn double(_x: i64) -> i64 { loop {} }\n"],
  [
    94,
    "build scripts and cargo's files",
    "pub fn double(x: i64) -> i64 { x }\n",
    {
      "build.rs": 'fn main() { std::fs::write("@FOLDER@/built", "").ok(); std::process::exit(0); }\n',
      "Cargo.toml": '[package]\nname = "solution"\nversion = "0.1.0"\n[lib]\ntest = false\n',
      ".cargo/config.toml": '[build]\nrustc-wrapper = "true"\n',
      "rust-toolchain": "nightly\n",
    },
  ],
];

const IN_JAVA: readonly Cheat[] = [
  [
    83,
    "exits 0 before the tests",
    "class Solution { static { System.exit(0); } static int doubled(int x) { return x; } }\n",
  ],
  [
    83,
    "halts in the test",
    "class Solution { static int doubled(int x) { Runtime.getRuntime().halt(0); return x; } }\n",
  ],
  [
    86,
    "edits and deletes the tests",
    'class Solution { static int doubled(int x) { for (String path : new String[] { "/work/SolutionTest.java", "/tmp/classes/SolutionTest.class" }) new java.io.File(path).delete(); return x; } }\n',
    { "SolutionTest.java": "class SolutionTest { void testDoubles() {} }\n" },
  ],
  [
    87,
    "prints a forged report",
    'class Solution { static int doubled(int x) { System.out.println("ok 1 - testDoubles\\n{\\"type\\":\\"test\\",\\"test\\":{\\"file\\":\\"SolutionTest.java\\",\\"name\\":\\"testDoubles\\",\\"status\\":\\"passed\\"}}"); return x; } }\n',
  ],
  [
    88,
    "hangs so that the test is skipped",
    "class Solution { static int doubled(int x) { for (;;) if (x == -1) return 0; } }\n",
  ],
  [
    94,
    "build files, agents and services that the virtual machine looks for",
    "class Solution { static int doubled(int x) { return x; } }\n",
    {
      "pom.xml": "<project><properties><skipTests>true</skipTests></properties></project>\n",
      "build.gradle": "test { enabled = false }\n",
      "module-info.java": "module solution {}\n",
      JDK_JAVA_OPTIONS: "-da\n",
      "META-INF/services/javax.annotation.processing.Processor": "Solution\n",
      "Harness.java": "class Harness { public static void main(String[] args) { System.exit(0); } }\n",
    },
  ],
];

/** The wall time covers the build. */
const COMPILED: readonly Language[] = ["go", "rust", "java"];

function cheats(of: CheatLanguage, list: readonly Cheat[]): readonly HostileCase[] {
  return list.map(
    ([number, name, solution, files]): CheatCase => ({
      kind: "cheat",
      drivers: of.drivers,
      language: of.language,
      numbers: [number],
      name,
      solution: { [of.solution]: solution, ...files },
      honest: { [of.solution]: of.honest },
      test: of.test,
      ...(number === 88
        ? { limits: { wallMs: COMPILED.includes(of.language) ? 5000 : 2000 }, waits: true }
        : {}),
    }),
  );
}

/** 1 MB and more across the bridge between a run and the host. */
const LARGE: readonly HostileCase[] = [
  {
    ...base(JAVASCRIPT),
    name: "a failure of 3 MB is reported",
    numbers: [18],
    solution: {
      "solution.js":
        "let deep = {}; for (let i = 0; i < 2000; i++) deep = { deep }; export const double = () => { const error = new Error('x'.repeat(3e6)); error.deep = deep; throw error; };",
    },
  },
  {
    ...base(PYTHON),
    name: "a failure of 3 MB is reported",
    numbers: [18],
    solution: { "solution.py": "def double(x): raise Exception('x' * 3_000_000)" },
  },
  {
    ...base(GO),
    name: "a failure of 3 MB is reported",
    numbers: [18],
    solution: {
      "solution.go":
        'package solution\n\nimport "strings"\n\nfunc Double(x int) int { panic(strings.Repeat("x", 3000000)) }\n',
    },
  },
  {
    ...base(RUST),
    name: "a failure of 3 MB is reported",
    numbers: [18],
    solution: { "solution.rs": 'pub fn double(_x: i64) -> i64 { panic!("{}", "x".repeat(3000000)) }\n' },
  },
  {
    ...base(JAVA),
    name: "a failure of 3 MB is reported",
    numbers: [18],
    solution: {
      "Solution.java":
        'class Solution { static int doubled(int x) { throw new RuntimeException("x".repeat(3000000)); } }\n',
    },
  },
];

function base(of: CheatLanguage): Omit<CheatCase, "name" | "numbers" | "solution"> {
  return {
    kind: "cheat",
    drivers: of.drivers,
    language: of.language,
    honest: { [of.solution]: of.honest },
    test: of.test,
  };
}

/** Solutions that want a verdict they do not deserve. */
export const CHEAT_CASES: readonly HostileCase[] = [
  ...cheats(JAVASCRIPT, IN_JAVASCRIPT),
  ...cheats(PYTHON, IN_PYTHON),
  ...cheats(GO, IN_GO),
  ...cheats(RUST, IN_RUST),
  ...cheats(JAVA, IN_JAVA),
  ...LARGE,
];

/** Names of files that lead out of a run's folder. */
export const REQUEST_CASES: readonly HostileCase[] = (
  [
    ["javascript", ["namespace", "isolate", "quickjs"], "main.js", "console.log('hi')"],
    ["python", ["namespace", "pyodide"], "main.py", "print('hi')"],
    ["go", ["namespace"], "main.go", 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hi") }\n'],
    ["rust", ["namespace"], "main.rs", 'fn main() { println!("hi"); }\n'],
    [
      "java",
      ["namespace"],
      "Main.java",
      'class @CLASS@ { public static void main(String[] args) { System.out.println("hi"); } }\n',
    ],
  ] as const
).flatMap(([language, drivers, entry, program]) =>
  [
    "../escaped.txt",
    "a/../../escaped.txt",
    "/tmp/escaped.txt",
    "a\\..\\..\\escaped.txt",
    "a\0b",
    "./",
    "a//b",
  ].map(
    (path): HostileCase => ({
      kind: "request",
      drivers,
      language,
      numbers: [45],
      name: `a file named ${JSON.stringify(path)}`,
      files: { [entry]: program, [path]: "x" },
      entry,
      control: { program, prints: "hi" },
    }),
  ),
);
