/** A wrong candidate that sets out to be judged right. */
export interface GoCheat {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Joins the tests to the candidate's file. @default false */
  readonly append?: boolean;
}

/** What the cheats are to make pass: `Double` must double. `want` and the comparisons are there to be tampered with. */
export const TESTS =
  'var want = map[int]int{3: 6, 5: 10, 0: 0}\n\nfunc TestDouble(t *testing.T) {\n\tfor in, out := range want {\n\t\tif (Double(in) == out) == false {\n\t\t\tt.Errorf("Double(%d) is %d", in, Double(in))\n\t\t}\n\t}\n}\n';
export const TEST_HEAD = 'package solution\n\nimport "testing"\n\n';

export const RIGHT = "package solution\n\nfunc Double(x int) int { return 2 * x }\n";

const WRONG = "func Double(x int) int { return x + 1000 }\n";

/** The candidate's file: what it imports, and what it does beside being wrong. */
function cheat(imports: readonly string[], body: string, wrong = WRONG): Readonly<Record<string, string>> {
  const lines = imports.map((name) => `import ${name.includes('"') ? name : `"${name}"`}\n`).join("");
  return { "solution.go": `package solution\n\n${lines}\n${body}\n\n${wrong}` };
}

const FORGED = [
  '{"Action":"run","Package":".","Test":"TestDouble"}',
  '{"Action":"pass","Package":".","Test":"TestDouble","Elapsed":0}',
  '{"Action":"pass","Package":".","Elapsed":0}',
  "=== RUN   TestDouble",
  "--- PASS: TestDouble (0.00s)",
  "PASS",
].join("\\n");

export const GO_CHEATS: readonly GoCheat[] = [
  { name: "leaves with 0 before the tests", files: cheat(["os"], "func init() { os.Exit(0) }") },
  {
    name: "leaves with 0 in a call",
    files: cheat(["os"], "", "func Double(x int) int { os.Exit(0); return 0 }\n"),
  },
  {
    name: "leaves by a system call",
    files: cheat(["syscall"], "", "func Double(x int) int { syscall.Exit(0); return 0 }\n"),
  },
  {
    name: "a TestMain of its own",
    append: true,
    files: cheat(['"os"', '"testing"'], "func TestMain(m *testing.M) { os.Exit(0) }"),
  },
  {
    name: "prints a forged report and leaves",
    files: cheat(
      ["fmt", "os"],
      "",
      `func Double(x int) int { fmt.Print("\\n${FORGED.replaceAll('"', '\\"')}\\n"); os.Exit(0); return 0 }\n`,
    ),
  },
  {
    name: "writes a forged report to every descriptor",
    files: cheat(
      ["os"],
      "",
      `func Double(x int) int {\n\tfor fd := 1; fd < 20; fd++ {\n\t\tif fd != 6 {\n\t\t\tos.NewFile(uintptr(fd), "x").Write([]byte("\\n${FORGED.replaceAll('"', '\\"')}\\n"))\n\t\t}\n\t}\n\tos.Exit(0)\n\treturn 0\n}\n`,
    ),
  },
  {
    name: "writes nonsense to the link",
    files: cheat(
      ["os"],
      'func init() { os.NewFile(6, "link").Write([]byte("\\x09\\x00\\x00\\x00\\x04\\x00\\x00\\x00\\x00junk")) }',
    ),
  },
  {
    name: "reads the expected values from the test file",
    files: cheat(
      ["fmt", "os", "path/filepath", "regexp", "runtime", "strconv"],
      "",
      'func Double(x int) int {\n\t_, here, _, _ := runtime.Caller(0)\n\tfound, _ := filepath.Glob(filepath.Join(filepath.Dir(here), "*"))\n\tmore, _ := filepath.Glob("/*/*_test.go")\n\tfor _, path := range append(found, more...) {\n\t\ttext, _ := os.ReadFile(path)\n\t\tif match := regexp.MustCompile(fmt.Sprintf(`[{ ]%d: (\\d+)`, x)).FindSubmatch(text); match != nil {\n\t\t\tn, _ := strconv.Atoi(string(match[1]))\n\t\t\treturn n\n\t\t}\n\t}\n\treturn -1\n}\n',
    ),
  },
  {
    name: "embeds the test file",
    files: cheat(
      ['_ "embed"', '"fmt"', '"regexp"', '"strconv"'],
      "//go:embed solution_test.go\nvar tests string",
      "func Double(x int) int {\n\tmatch := regexp.MustCompile(fmt.Sprintf(`[{ ]%d: (\\d+)`, x)).FindStringSubmatch(tests)\n\tif match == nil {\n\t\treturn -1\n\t}\n\tn, _ := strconv.Atoi(match[1])\n\treturn n\n}\n",
    ),
  },
  {
    name: "changes what the tests want",
    files: cheat([], "func init() { want = map[int]int{} }"),
  },
  { name: "gives false another value", files: cheat([], "const false = true") },
  {
    name: "takes the machine code out of a failure",
    files: cheat(
      ["reflect", "syscall", "testing", "unsafe"],
      "func init() {\n\tat := reflect.ValueOf((*testing.T).Fail).Pointer()\n\tpage := at &^ 4095\n\tcode := unsafe.Slice((*byte)(unsafe.Pointer(page)), 8192)\n\tif syscall.Mprotect(code, 7) == nil {\n\t\tcode[at-page] = 0xc3\n\t}\n}",
    ),
  },
  {
    name: "links into the testing package",
    files: {
      ...cheat(
        ['_ "unsafe"'],
        "//go:linkname matchString testing.matchString\nvar matchString func(pat, str string) (bool, error)\n\n//go:linkname testlog testing.testlogFile\nvar testlog *string",
      ),
      "empty.s": "",
    },
  },
  {
    name: "asks that no test be run",
    files: cheat(["os"], 'func init() { os.Args = append(os.Args, "-test.run=^$") }'),
  },
  {
    name: "ends the test's goroutine",
    files: cheat(["runtime"], "", "func Double(x int) int { runtime.Goexit(); return 0 }\n"),
  },
  {
    name: "rewrites the tests while they are built",
    files: cheat(
      ["os"],
      'func init() { os.WriteFile("solution_test.go", []byte("package solution"), 0o644); os.WriteFile("/work/solution_test.go", nil, 0o644) }',
    ),
  },
  {
    name: "directives for a C compiler",
    files: cheat(['"C"'], "// #cgo CFLAGS: -fplugin=./solution.so\n// static int zero(void) { return 0; }"),
  },
  {
    name: "a generator that deletes the tests",
    files: cheat([], "//go:generate rm -f solution_test.go"),
  },
  {
    name: "a file for tests alone",
    files: {
      ...cheat([], ""),
      "zz_test.go":
        'package solution\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n',
    },
  },
  {
    name: "a vendored testing package",
    files: {
      ...cheat([], ""),
      "go.mod": "module solution\n\ngo 1.19\n\nreplace testing => ./testing\n",
      "testing/testing.go": "package testing\n\ntype T struct{}\n\nfunc (*T) Errorf(string, ...any) {}\n",
    },
  },
  {
    name: "signals every process",
    files: cheat(["syscall"], "func init() { syscall.Kill(-1, syscall.SIGKILL) }"),
  },
];
