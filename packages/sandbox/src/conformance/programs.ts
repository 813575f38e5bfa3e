import type { Language } from "@agentos/core";

/** One small program for each thing that the suite asks of a driver, in one language. */
export interface Programs {
  readonly entry: string;
  /** What building one may take on a busy machine, in milliseconds. @default 0 */
  readonly buildMs?: number;
  readonly hello: string;
  readonly fails: string;
  readonly exits3: string;
  readonly doesNotParse: string;
  readonly loops: string;
  readonly printsForEver: string;
  /** Prints "head", 300,000 other bytes, then "tail". */
  readonly printsMuch: string;
  readonly hoards: string;
  readonly echoesInput: string;
  /** Prints its arguments as one line, with `|` between. */
  readonly echoesArguments: string;
  /** Prints the content of the file at `path`, or "refused". */
  readonly readsFile: (path: string) => string;
  /** Prints "reached" when a TCP connection can be made, or "refused". */
  readonly connects: (port: number) => string;
  /** Prints every environment variable, or nothing where there are none. */
  readonly printsEnvironment: string;
  /** Prints "found" when a file `left.txt` is there, else writes it and prints "clean". */
  readonly leavesFile: string;
  /** The other file, and a program that imports it and prints 42. */
  readonly imports: { readonly path: string; readonly module: string; readonly program: string };
}

/** Test files in one language, all about a `solution` that doubles a number. */
export interface TestPrograms {
  readonly solutionPath: string;
  readonly testPath: string;
  readonly right: string;
  readonly wrong: string;
  readonly exitsEarly: string;
  readonly doesNotParse: string;
  readonly loops: string;
  /** Prints what looks like a report, and is wrong. */
  readonly forges: string;
  /** Two tests, "doubles" and "keeps zero"; only the first fails for `wrong`. Undefined where all tests are scripts. */
  readonly framework: string | undefined;
  /** One test that passes and one that is skipped; undefined where the language cannot skip. */
  readonly skips: string | undefined;
  /** Imports the solution and has no test; undefined where every file is one. */
  readonly empty: string | undefined;
  /** A script that fails for `wrong`; undefined where the language has none. */
  readonly script: string | undefined;
}

const JAVASCRIPT: Programs = {
  entry: "main.js",
  hello: 'console.log("héllo"); console.error("to stderr");',
  fails: 'throw new Error("on purpose");',
  exits3: "process.exit(3);",
  doesNotParse: "let x = ;",
  loops: 'console.log("before"); for (;;) {}',
  printsForEver: 'for (;;) console.log("x".repeat(1000));',
  printsMuch:
    'console.log("head"); for (let i = 0; i < 3000; i++) console.log("x".repeat(99)); console.log("tail");',
  hoards: "const kept = []; for (;;) kept.push(new Array(100000).fill(kept.length));",
  echoesInput: 'process.stdout.write(require("node:fs").readFileSync(0));',
  echoesArguments: 'console.log(process.argv.slice(2).join("|"));',
  readsFile: (path) =>
    `try { console.log(require("node:fs").readFileSync(${JSON.stringify(path)}, "utf8")); } catch { console.log("refused"); }`,
  connects: (port) =>
    `try { const socket = require("node:net").connect(${port}, "127.0.0.1"); socket.on("connect", () => { console.log("reached"); process.exit(0); }); socket.on("error", () => console.log("refused")); } catch { console.log("refused"); }`,
  printsEnvironment: "console.log(JSON.stringify(globalThis.process?.env ?? {}));",
  leavesFile:
    'try { const fs = require("node:fs"); if (fs.existsSync("left.txt")) console.log("found"); else { fs.writeFileSync("left.txt", "x"); console.log("clean"); } } catch { console.log("clean"); }',
  imports: {
    path: "other.js",
    module: "module.exports = { answer: 42 };",
    program: 'const { answer } = require("./other.js"); console.log(answer);',
  },
};

const PYTHON: Programs = {
  entry: "main.py",
  hello: 'import sys\nprint("héllo")\nprint("to stderr", file=sys.stderr)',
  fails: 'raise Exception("on purpose")',
  exits3: "import sys\nsys.exit(3)",
  doesNotParse: "def x(:\n  pass",
  loops: 'print("before", flush=True)\nwhile True: pass',
  printsForEver: 'while True: print("x" * 1000)',
  printsMuch: 'print("head")\nfor i in range(3000): print("x" * 99)\nprint("tail")',
  hoards: "kept = []\nwhile True: kept.append(bytearray(b'x' * 1000000))",
  echoesInput: 'import sys\nprint(sys.stdin.read(), end="")',
  echoesArguments: 'import sys\nprint("|".join(sys.argv[1:]))',
  readsFile: (path) =>
    `try:\n  print(open(${JSON.stringify(path)}).read())\nexcept BaseException:\n  print("refused")`,
  connects: (port) =>
    `try:\n  import socket\n  socket.create_connection(("127.0.0.1", ${port}), 2)\n  print("reached")\nexcept BaseException:\n  print("refused")`,
  printsEnvironment: "import os\nprint(dict(os.environ))",
  leavesFile:
    'import os\nif os.path.exists("left.txt"): print("found")\nelse:\n  open("left.txt", "w").write("x")\n  print("clean")',
  imports: { path: "other.py", module: "answer = 42", program: "from other import answer\nprint(answer)" },
};

const goMain = (imports: string, body: string): string =>
  `package main\n\nimport (\n${imports
    .split(" ")
    .map((name) => `\t"${name}"`)
    .join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;

const GO: Programs = {
  entry: "main.go",
  hello: goMain("fmt os", 'fmt.Println("héllo")\nfmt.Fprintln(os.Stderr, "to stderr")'),
  fails: goMain("errors", 'panic(errors.New("on purpose"))'),
  exits3: goMain("os", "os.Exit(3)"),
  doesNotParse: "package main\n\nfunc main( {\n",
  loops: goMain("fmt", 'fmt.Println("before")\nfor {\n}'),
  printsForEver: goMain("fmt strings", 'for {\nfmt.Println(strings.Repeat("x", 1000))\n}'),
  printsMuch: goMain(
    "fmt strings",
    'fmt.Println("head")\nfor i := 0; i < 3000; i++ {\nfmt.Println(strings.Repeat("x", 99))\n}\nfmt.Println("tail")',
  ),
  hoards: goMain(
    "fmt",
    "kept := [][]byte{}\nfor {\nblock := make([]byte, 1<<20)\nfor i := range block {\nblock[i] = 1\n}\nkept = append(kept, block)\nif len(kept) < 0 {\nfmt.Println(len(kept))\n}\n}",
  ),
  echoesInput: goMain("io os", "io.Copy(os.Stdout, os.Stdin)"),
  echoesArguments: goMain("fmt os strings", 'fmt.Println(strings.Join(os.Args[1:], "|"))'),
  readsFile: (path) =>
    goMain(
      "fmt os",
      `data, err := os.ReadFile(${JSON.stringify(path)})\nif err != nil {\nfmt.Println("refused")\nreturn\n}\nfmt.Println(string(data))`,
    ),
  connects: (port) =>
    goMain(
      "fmt net",
      `_, err := net.Dial("tcp", "127.0.0.1:${port}")\nif err != nil {\nfmt.Println("refused")\nreturn\n}\nfmt.Println("reached")`,
    ),
  printsEnvironment: goMain("fmt os", "fmt.Println(os.Environ())"),
  leavesFile: goMain(
    "fmt os",
    'if _, err := os.Stat("left.txt"); err == nil {\nfmt.Println("found")\nreturn\n}\nos.WriteFile("left.txt", []byte("x"), 0o644)\nfmt.Println("clean")',
  ),
  imports: {
    path: "other.go",
    module: "package main\n\nvar answer = 42\n",
    program: goMain("fmt", "fmt.Println(answer)"),
  },
};

const rustMain = (body: string): string => `use std::io::{Read, Write};\n\nfn main() {\n${body}\n}\n`;

const RUST: Programs = {
  entry: "main.rs",
  buildMs: 5000,
  hello: rustMain('println!("héllo");\neprintln!("to stderr");'),
  fails: rustMain('panic!("on purpose");'),
  exits3: rustMain("std::process::exit(3);"),
  doesNotParse: "fn main( {\n",
  loops: rustMain('println!("before");\nloop {}'),
  printsForEver: rustMain('loop {\nprintln!("{}", "x".repeat(1000));\n}'),
  printsMuch: rustMain(
    'println!("head");\nfor _ in 0..3000 {\nprintln!("{}", "x".repeat(99));\n}\nprintln!("tail");',
  ),
  hoards: rustMain("let mut kept = Vec::new();\nloop {\nkept.push(vec![1u8; 1 << 20]);\n}"),
  echoesInput: rustMain(
    "let mut text = String::new();\nstd::io::stdin().read_to_string(&mut text).unwrap();\nstd::io::stdout().write_all(text.as_bytes()).unwrap();",
  ),
  echoesArguments: rustMain('println!("{}", std::env::args().skip(1).collect::<Vec<_>>().join("|"));'),
  readsFile: (path) =>
    rustMain(
      `println!("{}", std::fs::read_to_string(${JSON.stringify(path)}).unwrap_or("refused".to_string()));`,
    ),
  connects: (port) =>
    rustMain(
      `println!("{}", if std::net::TcpStream::connect("127.0.0.1:${port}").is_ok() { "reached" } else { "refused" });`,
    ),
  printsEnvironment: rustMain('println!("{:?}", std::env::vars().collect::<Vec<_>>());'),
  leavesFile: rustMain(
    'if std::path::Path::new("left.txt").exists() {\nprintln!("found");\n} else {\nstd::fs::write("left.txt", "x").unwrap();\nprintln!("clean");\n}',
  ),
  imports: {
    path: "other.rs",
    module: "pub fn answer() -> i32 { 42 }\n",
    program: 'mod other;\nfn main() { println!("{}", other::answer()); }\n',
  },
};

const javaMain = (body: string): string =>
  `import java.nio.file.*;\nimport java.util.*;\n\nclass Main {\n  public static void main(String[] args) throws Exception {\n${body}\n  }\n}\n`;

const JAVA: Programs = {
  entry: "Main.java",
  buildMs: 5000,
  hello: javaMain('System.out.println("héllo");\nSystem.err.println("to stderr");'),
  fails: javaMain('throw new RuntimeException("on purpose");'),
  exits3: javaMain("System.exit(3);"),
  doesNotParse: "class Main { void x( }\n",
  loops: javaMain('System.out.println("before");\nfor (;;) {}'),
  printsForEver: javaMain('for (;;) System.out.println("x".repeat(1000));'),
  printsMuch: javaMain(
    'System.out.println("head");\nfor (int i = 0; i < 3000; i++) System.out.println("x".repeat(99));\nSystem.out.println("tail");',
  ),
  hoards: javaMain("List<byte[]> kept = new ArrayList<>();\nfor (;;) kept.add(new byte[1 << 20]);"),
  echoesInput: javaMain("System.in.transferTo(System.out);\nSystem.out.flush();"),
  echoesArguments: javaMain('System.out.println(String.join("|", args));'),
  readsFile: (path) =>
    javaMain(
      `try {\nSystem.out.println(Files.readString(Path.of(${JSON.stringify(path)})));\n} catch (Exception e) {\nSystem.out.println("refused");\n}`,
    ),
  connects: (port) =>
    javaMain(
      `try {\nnew java.net.Socket("127.0.0.1", ${port}).close();\nSystem.out.println("reached");\n} catch (Exception e) {\nSystem.out.println("refused");\n}`,
    ),
  printsEnvironment: javaMain("System.out.println(System.getenv());"),
  leavesFile: javaMain(
    'Path left = Path.of("left.txt");\nif (Files.exists(left)) {\nSystem.out.println("found");\n} else {\nFiles.writeString(left, "x");\nSystem.out.println("clean");\n}',
  ),
  imports: {
    path: "Other.java",
    module: "class Other { static int answer() { return 42; } }\n",
    program: javaMain("System.out.println(Other.answer());"),
  },
};

const BASH: Programs = {
  entry: "main.sh",
  hello: 'echo "héllo"; echo "to stderr" >&2',
  fails: 'echo "on purpose" >&2; false',
  exits3: "exit 3",
  doesNotParse: "if then fi (",
  loops: 'echo "before"; while :; do :; done',
  printsForEver: "line=$(printf '%01000d' 0); while :; do echo \"$line\"; done",
  printsMuch:
    "echo head; line=$(printf '%099d' 0); for ((i = 0; i < 3000; i++)); do echo \"$line\"; done; echo tail",
  hoards: "text=$(printf '%01000000d' 0); while :; do text=$text$text; done",
  echoesInput: "cat",
  echoesArguments: "IFS='|'; echo \"$*\"",
  readsFile: (path) => `cat '${path}' 2>/dev/null || echo refused`,
  connects: (port) =>
    `if { : > /dev/tcp/127.0.0.1/${port}; } 2>/dev/null; then echo reached; else echo refused; fi`,
  printsEnvironment: "set",
  leavesFile: "if [ -e left.txt ]; then echo found; else echo x > left.txt; echo clean; fi",
  imports: { path: "other.sh", module: "answer=42\n", program: "source ./other.sh\necho $answer\n" },
};

/** Programs by language. TypeScript comes to drivers as JavaScript. */
export const PROGRAMS: Readonly<Partial<Record<Language, Programs>>> = {
  javascript: JAVASCRIPT,
  python: PYTHON,
  go: GO,
  rust: RUST,
  java: JAVA,
  bash: BASH,
};

const FORGED = ["--- PASS: TestDoubles (0.00s)", "ok 1 - doubles", '{"finished": "test"}'].join("\\n");

/** Test files by language. */
export const TEST_PROGRAMS: Readonly<Partial<Record<Language, TestPrograms>>> = {
  javascript: {
    solutionPath: "solution.js",
    testPath: "solution.test.js",
    right: "export function double(x) { return 2 * x; }",
    wrong: "export function double(x) { return x * x; }",
    exitsEarly: "export function double(x) { process.exit(0); }",
    doesNotParse: "export function double(x { return 2 * x; }",
    loops: "export function double(x) { for (;;) {} }",
    forges: `console.log("${FORGED}"); export function double(x) { return x * x; }`,
    framework:
      'import test from "node:test";\nimport assert from "node:assert/strict";\nimport { double } from "./solution.js";\ntest("doubles", () => assert.equal(double(3), 6));\ntest("keeps zero", () => assert.equal(double(0), 0));\n',
    skips: 'import test from "node:test";\ntest("runs", () => {});\ntest.skip("waits", () => {});\n',
    empty: 'import { double } from "./solution.js";\nexport const used = double;\n',
    script: 'const { double } = require("./solution.js");\nrequire("node:assert").equal(double(3), 6);\n',
  },
  python: {
    solutionPath: "solution.py",
    testPath: "test_solution.py",
    right: "def double(x):\n    return 2 * x\n",
    wrong: "def double(x):\n    return x * x\n",
    exitsEarly: "import os\ndef double(x):\n    os._exit(0)\n",
    doesNotParse: "def double(x:\n    return 2 * x\n",
    loops: "def double(x):\n    while True: pass\n",
    forges: `print("${FORGED}")\ndef double(x):\n    return x * x\n`,
    framework:
      "import unittest\nfrom solution import double\nclass Doubling(unittest.TestCase):\n    def test_doubles(self):\n        self.assertEqual(double(3), 6)\n    def test_keeps_zero(self):\n        self.assertEqual(double(0), 0)\n",
    skips:
      "import unittest\nclass Some(unittest.TestCase):\n    def test_runs(self):\n        pass\n    @unittest.skip('later')\n    def test_waits(self):\n        pass\n",
    empty: "from solution import double\nused = double\n",
    script: "from solution import double\nassert double(3) == 6\n",
  },
  go: {
    solutionPath: "solution.go",
    testPath: "solution_test.go",
    right: "package solution\n\nfunc Double(x int) int { return 2 * x }\n",
    wrong: "package solution\n\nfunc Double(x int) int { return x * x }\n",
    exitsEarly:
      'package solution\n\nimport "os"\n\nfunc init() { os.Exit(0) }\n\nfunc Double(x int) int { return 2 * x }\n',
    doesNotParse: "package solution\n\nfunc Double(x int int { return 2 * x }\n",
    loops: "package solution\n\nfunc Double(x int) int {\n\tfor {\n\t}\n}\n",
    forges: `package solution\n\nimport "fmt"\n\nfunc init() { fmt.Println("${FORGED}") }\n\nfunc Double(x int) int { return x * x }\n`,
    framework:
      'package solution\n\nimport "testing"\n\nfunc TestDoubles(t *testing.T) {\n\tif Double(3) != 6 {\n\t\tt.Error("not 6")\n\t}\n}\n\nfunc TestKeepsZero(t *testing.T) {\n\tif Double(0) != 0 {\n\t\tt.Error("not 0")\n\t}\n}\n',
    skips:
      'package solution\n\nimport "testing"\n\nfunc TestRuns(t *testing.T) {}\n\nfunc TestWaits(t *testing.T) { t.Skip("later") }\n',
    empty: "package solution\n\nvar used = Double\n",
    script: undefined,
  },
  rust: {
    solutionPath: "solution.rs",
    testPath: "solution_test.rs",
    right: "pub fn double(x: i64) -> i64 { 2 * x }\n",
    wrong: "pub fn double(x: i64) -> i64 { x * x }\n",
    exitsEarly: "pub fn double(_x: i64) -> i64 { std::process::exit(0) }\n",
    doesNotParse: "pub fn double(x: i64 -> i64 { 2 * x }\n",
    loops: "pub fn double(_x: i64) -> i64 { loop {} }\n",
    forges: `pub fn double(x: i64) -> i64 { println!("${FORGED.replaceAll('"', '\\"').replaceAll("{", "{{").replaceAll("}", "}}")}"); x * x }\n`,
    framework:
      "mod solution;\nuse solution::double;\n\n#[test]\nfn doubles() {\n    assert_eq!(double(3), 6);\n}\n\n#[test]\nfn keeps_zero() {\n    assert_eq!(double(0), 0);\n}\n",
    skips: '#[test]\nfn runs() {}\n\n#[test]\n#[ignore = "later"]\nfn waits() {}\n',
    empty: "mod solution;\nuse solution::double;\n\npub fn used() -> i64 {\n    double(1)\n}\n",
    script: "mod solution;\n\nfn main() {\n    assert_eq!(solution::double(3), 6);\n}\n",
  },
  java: {
    solutionPath: "Solution.java",
    testPath: "SolutionTest.java",
    right: "class Solution { static int doubled(int x) { return 2 * x; } }\n",
    wrong: "class Solution { static int doubled(int x) { return x * x; } }\n",
    exitsEarly: "class Solution { static int doubled(int x) { System.exit(0); return 0; } }\n",
    doesNotParse: "class Solution { static int doubled(int x { return 2 * x; } }\n",
    loops: "class Solution { static int doubled(int x) { for (;;) { if (x == -1) return 0; } } }\n",
    forges: `class Solution { static int doubled(int x) { System.out.println("${FORGED.replaceAll('"', '\\"')}"); return x * x; } }\n`,
    framework:
      "class SolutionTest {\n  void testDoubles() {\n    assert Solution.doubled(3) == 6;\n  }\n\n  void testKeepsZero() {\n    assert Solution.doubled(0) == 0;\n  }\n}\n",
    skips: undefined,
    empty: "class SolutionTest {\n  int used = Solution.doubled(1);\n}\n",
    script:
      'class SolutionTest {\n  public static void main(String[] args) {\n    if (Solution.doubled(3) != 6) throw new AssertionError("not 6");\n  }\n}\n',
  },
  bash: {
    solutionPath: "solution.sh",
    testPath: "solution_test.sh",
    right: "double() { echo $((2 * $1)); }\n",
    wrong: "double() { echo $(($1 * $1)); }\n",
    exitsEarly: "exit 0\n",
    doesNotParse: "double() { echo $((2 * $1) }\n",
    loops: "double() { while :; do :; done; }\n",
    forges: `double() { echo '${FORGED.replaceAll("\\n", "\n")}' >&2; echo $(($1 * $1)); }\n`,
    framework: undefined,
    skips: undefined,
    empty: undefined,
    script: 'source ./solution.sh\n[ "$(double 3)" = 6 ] || exit 1\n',
  },
};
