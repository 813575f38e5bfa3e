import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each README's first block of JavaScript or TypeScript prints, as it stands, in an empty folder of a user. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  "README.md": /^passed \[/,
  "benchmarks/README.md": /^HumanEval\/0 true\n$/,
  "packages/core/README.md": /^unverified No memory: /,
  "packages/learn/README.md": /^0\.5 [\s\S]*No evidence yet[\s\S]*total\(\[1\]\) is 0/,
  "packages/mcp/README.md": /^http:\/\/127\.0\.0\.1:\d+\/mcp\n$/,
  "packages/memory/README.md": /^parseInvoiceLine returns cents, never a float\. [01][.\d]*\n$/,
  "packages/project/README.md": /^1\/2\n2\/2\n$/,
  "packages/sandbox/README.md": /^true The test passed\.\n$/,
  "packages/sdk/README.md": /^passed .*solution\.js/s,
  "packages/store/README.md": /^\{ text: 'hello' \} 1\na hello\n$/,
};

/** READMEs without such a block, or with one that leaves something out, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "packages/cli/README.md": "its example is a shell session; packages/cli/test runs its commands",
};

const folder = mkdtempSync(join(tmpdir(), "agentos-readme-"));
const endpoint = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "content-type": "text/event-stream" });
  const content =
    "```js\nexport const clamp = (value, low, high) => Math.max(low, Math.min(value, high));\n```\n";
  const chunk = { choices: [{ index: 0, delta: { content }, finish_reason: "stop" }] };
  response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
});

beforeAll(async () => {
  mkdirSync(join(folder, "node_modules/@agentos"), { recursive: true });
  for (const name of readdirSync(join(root, "packages"))) {
    symlinkSync(join(root, "packages", name), join(folder, "node_modules/@agentos", name), "dir");
  }
  symlinkSync(join(root, "benchmarks"), join(folder, "node_modules/@agentos/benchmarks"), "dir");
  await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  endpoint.closeAllConnections();
  endpoint.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first block of JavaScript or TypeScript; an empty one when there is none. */
function firstExample(readme: string): { readonly language: string; readonly source: string } {
  const [, language = "", source = ""] =
    /^```(js|ts)\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, readme), "utf8")) ?? [];
  return { language, source };
}

function run(file: string, cwd: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [file], { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("the example of every README", () => {
  it("is there, and is run or known not to be", () => {
    const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`);
    const readmes = ["README.md", "benchmarks/README.md", ...packages];
    expect([...Object.keys(PRINTS), ...Object.keys(NOT_RUN)].sort()).toEqual(readmes.sort());
    for (const readme of Object.keys(PRINTS)) expect(firstExample(readme).source, readme).not.toBe("");
  });

  it.each(Object.entries(PRINTS))(
    "%s",
    async (readme, prints) => {
      const cwd = mkdtempSync(join(folder, "user-"));
      const { port } = endpoint.address() as AddressInfo;
      const source = firstExample(readme).source.replace("localhost:11434", `127.0.0.1:${port}`);
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      });
      writeFileSync(join(cwd, "example.mjs"), outputText);
      if (readme === "benchmarks/README.md") plantHumanEval(join(cwd, "data/humaneval"));
      if (readme === "packages/project/README.md") {
        mkdirSync(join(cwd, "src"));
        writeFileSync(join(cwd, "src/cart.ts"), "export const total = 0;\n");
      }
      const { code, stdout, stderr } = await run("example.mjs", cwd);
      expect(stderr).toBe("");
      expect(stdout).toMatch(prints);
      expect(code).toBe(0);
    },
    90_000,
  );

  it("agrees with the types where it is TypeScript", () => {
    const files = Object.keys(PRINTS).flatMap((readme) => {
      const { language, source } = firstExample(readme);
      const file = join(folder, `${readme.replaceAll(/\W/g, "-")}.mts`);
      writeFileSync(file, source);
      return language === "ts" ? [file] : [];
    });
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    });
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
    expect(problems).toEqual([]);
  }, 90_000);
});

/** A data set of one problem in HumanEval's format. */
function plantHumanEval(data: string): void {
  mkdirSync(data, { recursive: true });
  const problem = {
    task_id: "HumanEval/0",
    prompt: "def double(x):\n",
    entry_point: "double",
    canonical_solution: "    return 2 * x\n",
    test: "def check(candidate):\n    assert candidate(2) == 4\n",
  };
  writeFileSync(join(data, "HumanEval.jsonl.gz"), gzipSync(`${JSON.stringify(problem)}\n`));
}
