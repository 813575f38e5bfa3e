import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Candidate, type Task, throwIfAborted } from "@agentos/core";
import type { Sandbox } from "@agentos/sandbox";

/** The languages that are timed. */
export type TimedLanguage = "javascript" | "python" | "go";

/** How hard a verdict is to forge: `shared` is one process as a bare spawn is, `separate` is two. */
export type Integrity = "shared" | "separate";

/** One small test file and a solution that passes it: what every timing judges. */
export interface Sample {
  readonly task: Task;
  readonly candidate: Candidate;
  /** A program that is built and run, where that is timed, too. */
  readonly program?: { readonly path: string; readonly content: string };
  /** The same test by the language's own tools, without a sandbox, in a folder that holds `files`. */
  readonly bare: {
    readonly files: Readonly<Record<string, string>>;
    readonly command: readonly [string, ...string[]];
    readonly environment: Readonly<Record<string, string>>;
    /** A file that is another one at each run, so that no build finds its result in a cache. */
    readonly fresh?: { readonly path: string; readonly content: (run: number) => string };
  };
}

/** The first that exists: the sandbox shows the system's own programs. */
function program(...paths: readonly [string, ...string[]]): string {
  return paths.find(existsSync) ?? paths[0];
}

function sample(
  language: TimedLanguage,
  test: { readonly path: string; readonly content: string },
  solution: { readonly path: string; readonly content: string },
  bare: Omit<Sample["bare"], "files"> & { readonly files?: Readonly<Record<string, string>> },
): Sample {
  return {
    task: {
      id: `bench-${language}`,
      prompt: "Double a number.",
      language,
      tests: { visible: [test] },
    },
    candidate: { id: "bench", files: { [solution.path]: solution.content } },
    bare: {
      ...bare,
      files: { ...bare.files, [test.path]: test.content, [solution.path]: solution.content },
    },
  };
}

/** What is timed, by language. `goCache`: a build cache, warm as the sandbox's own. */
export function samples(goCache: string): Readonly<Record<TimedLanguage, Sample>> {
  return {
    javascript: sample(
      "javascript",
      {
        path: "double.test.mjs",
        content:
          'import test from "node:test";\nimport assert from "node:assert/strict";\nimport { double } from "./solution.js";\ntest("doubles", () => assert.equal(double(3), 6));\n',
      },
      { path: "solution.js", content: "export const double = (x) => 2 * x;\n" },
      {
        command: [process.execPath, "--disable-warning=ExperimentalWarning", "double.test.mjs"],
        environment: {},
      },
    ),
    python: sample(
      "python",
      {
        path: "test_double.py",
        content:
          "import unittest\nfrom solution import double\n\nclass Doubling(unittest.TestCase):\n    def test_doubles(self):\n        self.assertEqual(double(3), 6)\n",
      },
      { path: "solution.py", content: "def double(x):\n    return 2 * x\n" },
      {
        // What the judge imports, too: json, traceback and the like come with unittest.
        command: [
          program("/usr/bin/python3", "/usr/local/bin/python3", "python3"),
          "-B",
          "-c",
          "import ast, io, json, sys, time, traceback, types, unittest\nunittest.main('test_double')",
        ],
        environment: {},
      },
    ),
    go: {
      program: {
        path: "main.go",
        content: 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(6) }\n',
      },
      ...sample(
        "go",
        {
          path: "solution_test.go",
          content:
            'package solution\n\nimport "testing"\n\nfunc TestDouble(t *testing.T) {\n\tif Double(3) != 6 {\n\t\tt.Error("not 6")\n\t}\n}\n',
        },
        { path: "solution.go", content: "package solution\n\nfunc Double(x int) int { return 2 * x }\n" },
        {
          command: [
            "/bin/sh",
            "-c",
            'go=$1; $go test -c -vet=off -o ./bare.$$ -ldflags "-s -w" . && $go tool test2json ./bare.$$ -test.v; status=$?; rm -f ./bare.$$; exit $status',
            "sh",
            program("/usr/bin/go", "/usr/local/go/bin/go", "/usr/local/bin/go", "go"),
          ],
          environment: {
            CGO_ENABLED: "0",
            GOENV: "off",
            GOFLAGS: "-mod=mod -buildvcs=false",
            GOPROXY: "off",
            GOSUMDB: "off",
            GOTELEMETRY: "off",
            GOTOOLCHAIN: "local",
            GOGC: "off",
            GOCACHE: goCache,
            GOPATH: join(goCache, "path"),
          },
          files: { "go.mod": "module solution\n\ngo 1.18\n" },
          fresh: { path: "run.go", content: (run) => `package solution\n\nconst Run = ${run}\n` },
        },
      ),
    },
  };
}

/** Judges the sample once, from the call to the verdict, in milliseconds. Throws when it does not pass. */
export async function judged(
  sandbox: Sandbox,
  { task, candidate }: Sample,
  integrity: Integrity,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  const verdict = await sandbox.verify(task, candidate, { integrity, signal });
  const duration = performance.now() - started;
  if (!verdict.passed) throw new Error(`The sample in ${task.language} did not pass: ${verdict.reason}`);
  return duration;
}

/** Builds and runs the sample's program once, in milliseconds. Throws when it does not end well. */
export async function ran(sandbox: Sandbox, { task, program }: Sample, signal: AbortSignal): Promise<number> {
  if (!program) throw new Error(`The sample in ${task.language} has no program.`);
  const started = performance.now();
  const { path, content } = program;
  const result = await sandbox.run(
    { language: task.language, files: { [path]: content }, entry: path },
    { signal },
  );
  const duration = performance.now() - started;
  if (result.status !== "exited" || result.exitCode !== 0)
    throw new Error(`The program in ${task.language} ended with ${result.status}: ${result.stderr}`);
  return duration;
}

/** Bare spawns of a sample, each in the same folder. */
export class Bare {
  readonly #sample: Sample;
  readonly #folder: string;
  #runs = 0;

  private constructor(sample: Sample, folder: string) {
    this.#sample = sample;
    this.#folder = folder;
  }

  static async prepare(sample: Sample, parent: string): Promise<Bare> {
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, "bare-"));
    for (const [path, content] of Object.entries(sample.bare.files))
      await writeFile(join(folder, path), content);
    return new Bare(sample, folder);
  }

  /** Runs it once, in milliseconds from the spawn to its end. Throws when it fails. */
  async run(signal: AbortSignal): Promise<number> {
    throwIfAborted(signal);
    const { fresh } = this.#sample.bare;
    // Runs at the same time share it: either text makes the build anew, but half of one would end it.
    if (fresh) {
      const run = this.#runs++;
      const written = join(this.#folder, `.fresh-${run}`);
      await writeFile(written, fresh.content(run));
      await rename(written, join(this.#folder, fresh.path));
    }
    const [command, ...args] = this.#sample.bare.command;
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const child = spawn(command, args, {
        cwd: this.#folder,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: this.#folder, ...this.#sample.bare.environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0) resolve(performance.now() - started);
        else reject(new Error(`${command} ended with ${code}: ${output.slice(0, 1000)}`));
      });
    });
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
