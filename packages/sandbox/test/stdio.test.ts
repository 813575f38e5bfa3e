import { SOURCE_EXTENSION, type Task } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox();

/** Programs that print each line of their input twice as long, and end with the number of their arguments. */
const PROGRAMS = {
  python: "import sys\nfor line in sys.stdin: print(line.strip() * 2)\nsys.exit(len(sys.argv) - 1)\n",
  javascript:
    'const lines = require("node:fs").readFileSync(0, "utf8").trim().split("\\n");\nfor (const line of lines) console.log(line + line);\nprocess.exitCode = process.argv.length - 2;\n',
  typescript:
    'import { readFileSync } from "node:fs";\nconst lines: string[] = readFileSync(0, "utf8").trim().split("\\n");\nfor (const line of lines) console.log(line + line);\nprocess.exitCode = process.argv.length - 2;\n',
  go: 'package main\n\nimport (\n\t"bufio"\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\tlines := bufio.NewScanner(os.Stdin)\n\tfor lines.Scan() {\n\t\tfmt.Println(lines.Text() + lines.Text())\n\t}\n\tos.Exit(len(os.Args) - 1)\n}\n',
  rust: 'fn main() {\n    for line in std::io::stdin().lines() {\n        let line = line.unwrap();\n        println!("{line}{line}");\n    }\n    std::process::exit(std::env::args().count() as i32 - 1);\n}\n',
  java: "import java.util.Scanner;\n\nclass solution {\n  public static void main(String[] args) {\n    Scanner lines = new Scanner(System.in);\n    while (lines.hasNextLine()) {\n      String line = lines.nextLine();\n      System.out.println(line + line);\n    }\n    System.exit(args.length);\n  }\n}\n",
  bash: 'while read -r line; do echo "$line$line"; done\nexit $#\n',
} as const;

describe.skipIf(!opened)("cases of standard input and output", async () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  const found = (await sandbox.drivers())[0]?.availability;
  const languages = found?.available ? found.languages : [];

  const task = (language: keyof typeof PROGRAMS, expected: string): Task => ({
    id: language,
    prompt: "Double each line.",
    language,
    tests: {
      visible: [
        { path: "one.json", mode: "stdio", content: JSON.stringify({ stdin: "a\nb\n", stdout: expected }) },
        {
          path: "two.json",
          mode: "stdio",
          content: JSON.stringify({ stdin: "x\n", args: ["1", "2"], stdout: "xx", exitCode: 2 }),
        },
      ],
      hidden: [
        {
          path: "three.json",
          mode: "stdio",
          content: JSON.stringify({ stdin: "MARKER\n", stdout: "MARKERMARKER" }),
        },
      ],
    },
  });

  for (const [language, program] of Object.entries(PROGRAMS) as [keyof typeof PROGRAMS, string][]) {
    test.skipIf(!languages.includes(language))(
      `in ${language}`,
      async () => {
        const files = { [`solution${SOURCE_EXTENSION[language]}`]: program };
        const limits = { wallMs: 60_000 };
        const right = await sandbox.verify(task(language, "aa  \nbb\n\n"), { id: "c", files }, { limits });
        expect(right, JSON.stringify(right.tests)).toMatchObject({ passed: true, integrity: "separate" });
        expect(right.tests.map(({ name, status }) => [name, status])).toEqual([
          ["one.json", "passed"],
          ["two.json", "passed"],
          ["hidden 1", "passed"],
        ]);
        expect(JSON.stringify(right)).not.toContain("MARKER");
        const wrong = await sandbox.verify(
          task(language, "aa\nbc\n"),
          { id: "c", files },
          { limits, only: "visible" },
        );
        expect(wrong.passed).toBe(false);
        expect(wrong.tests[0]).toMatchObject({
          status: "failed",
          message: expect.stringContaining('expected: "aa\\nbc"'),
        });
      },
      240_000,
    );
  }

  test("output that is all white space costs no time", async () => {
    const verdict = await sandbox.verify(
      {
        id: "blank",
        prompt: "Print.",
        language: "python",
        tests: {
          visible: [{ path: "a.json", mode: "stdio", content: JSON.stringify({ stdout: "x" }) }],
        },
      },
      {
        id: "c",
        files: { "solution.py": "print((' ' * 400_000 + 'y\\n') + '\\n' * 400_000 + 'z', end='')\n" },
      },
    );
    expect(verdict.passed).toBe(false);
    expect(verdict.durationMs).toBeLessThan(5000);
  });

  test("a case that is none is refused", async () => {
    const bad = {
      ...task("python", ""),
      tests: { visible: [{ path: "a.json", mode: "stdio", content: "{}" }] },
    } as Task;
    await expect(sandbox.verify(bad, { id: "c", files: { "solution.py": "" } })).rejects.toThrow(/stdio/);
  });
});
