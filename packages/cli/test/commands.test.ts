import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Verdict } from "@agentos/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ended, Playground } from "./bin.js";

let at: Playground;
beforeEach(async () => {
  at = await Playground.open();
});
afterEach(() => at.close());

const SUM = "export const sum = (list) => list.reduce((total, item) => total + item, 0);\n";
const SUM_WRONG = "export const sum = (list) => list.reduce((total, item) => total + item);\n";
const SUM_TEST = `import { test } from "node:test";
import assert from "node:assert";
import { sum } from "../src/sum.js";
test("adds", () => assert.equal(sum([1, 2]), 3));
test("empty", () => assert.equal(sum([]), 0));
`;
const TASK = {
  id: "sum",
  prompt: "Export sum(list).",
  language: "javascript",
  tests: { visible: [{ path: "sum.test.js", content: SUM_TEST.replace("../src/sum.js", "./solution.js") }] },
};

describe("verify", () => {
  it("passes with 0, and the outcome can be explained", async () => {
    await at.put("src/sum.js", SUM);
    await at.put("test/sum.test.js", SUM_TEST);
    const { exitCode, value } = await at.json(["verify", "src/sum.js", "--tests", "test/sum.test.js"]);
    expect(exitCode, JSON.stringify(value)).toBe(0);
    const verdict = value["verdict"] as Verdict;
    expect(verdict.tests.map(({ status }) => status)).toEqual(["passed", "passed"]);
    const explained = await at.run(["explain", String(value["outcomeId"])]);
    expect(explained).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("src/sum.js") });
    const stats = await at.json(["stats"]);
    expect(stats.value).toMatchObject({ learner: { outcomes: 1 } });
  });

  it("fails with 1, names the test, and shows nothing of hidden ones", async () => {
    await at.put("src/sum.js", SUM_WRONG);
    await at.put("test/sum.test.js", SUM_TEST);
    const seen = await at.run(["verify", "src/sum.js", "--tests", "test/sum.test.js"]);
    expect(seen).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/✗ .*empty/) });
    const hidden = await at.run(["verify", "src/sum.js", "--hidden", "test/sum.test.js"]);
    expect(hidden.exitCode).toBe(1);
    expect(hidden.stdout).toContain("hidden 2");
    expect(hidden.stdout + hidden.stderr).not.toContain("empty");
  });

  it("joins a script with --append", async () => {
    await at.put("add.py", "def add(a, b):\n    return a + b\n");
    await at.put("check.py", "assert add(1, 2) == 3\n");
    expect((await at.run(["verify", "add.py", "--tests", "check.py", "--append"])).exitCode).toBe(0);
    await at.put("check.py", "assert add(1, 2) == 4\n");
    expect((await at.run(["verify", "add.py", "--tests", "check.py", "--append"])).exitCode).toBe(1);
  });

  it("says that the driver is not there with 3", async () => {
    await at.put("a.py", "x = 1\n");
    await at.put("t.py", "assert x == 1\n");
    const { exitCode, value } = await at.json([
      "verify",
      "a.py",
      "--tests",
      "t.py",
      "--append",
      "--driver",
      "nothere",
    ]);
    expect(value).toMatchObject({ error: { code: expect.stringMatching(/^SANDBOX_/) } });
    expect([2, 3]).toContain(exitCode);
  });
});

describe("solve", () => {
  beforeEach(async () => {
    await at.put("task.json", JSON.stringify(TASK));
    await at.put("answers/bad.js", SUM_WRONG);
    await at.put("answers/good.js", SUM);
  });

  it("finds the good candidate, tells how it goes, and writes the winner", async () => {
    const { exitCode, stdout, stderr } = await at.run([
      "solve",
      "--task",
      "task.json",
      "--candidates",
      "answers",
      "--out",
      "won",
    ]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/sum: passed good/);
    expect(stderr).toMatch(/good: forecast \d+ %, passed/);
    expect(stderr + stdout).not.toContain("\u001b");
    expect(await readFile(join(at.root, "won", "sum", "solution.js"), "utf8")).toBe(SUM);
  });

  it.each([
    ["long", "é".repeat(200)],
    ["half a character", "a\ud800"],
    ["leading out", "../../x"],
  ])("writes the winner of a task whose id is %s", async (_, id) => {
    await at.put("odd.json", JSON.stringify({ ...TASK, id }));
    const solve = ["solve", "--task", "odd.json", "--candidates", "answers", "--out", "won"];
    const { exitCode, value } = await at.json(solve);
    expect(exitCode).toBe(0);
    const [path = ""] = value["written"] as string[];
    expect(path.startsWith(join(at.root, "won"))).toBe(true);
    expect(await readFile(path, "utf8")).toBe(SUM);
  });

  it("without a good one ends with 1 and one JSON document", async () => {
    const { exitCode, value } = await at.json([
      "solve",
      "--task",
      "task.json",
      "--candidates",
      "answers/bad.js",
    ]);
    expect(exitCode).toBe(1);
    expect(value).toMatchObject({ passed: 0, total: 1, solutions: [{ status: "failed" }] });
  });

  it("works off JSON Lines, and names a broken line before anything is done", async () => {
    await at.put("tasks.jsonl", `${JSON.stringify(TASK)}\n${JSON.stringify({ ...TASK, id: "two" })}\n`);
    await at.put(
      "c.jsonl",
      `${JSON.stringify({ taskId: "sum", code: SUM })}\n${JSON.stringify({ taskId: "two", code: SUM_WRONG })}\n`,
    );
    const both = await at.json(["solve", "--task", "tasks.jsonl", "--candidates", "c.jsonl"]);
    expect(both).toMatchObject({ exitCode: 1, value: { passed: 1, total: 2 } });
    await at.put("tasks.jsonl", `${JSON.stringify(TASK)}\n{"id": "two", "prompt"\n`);
    const broken = await at.json(["solve", "--task", "tasks.jsonl", "--candidates", "c.jsonl"]);
    expect(broken).toMatchObject({ exitCode: 2, value: { error: { code: "CLI_DATA_INVALID" } } });
    expect(JSON.stringify(broken.value)).toContain("tasks.jsonl:2");
    expect((await at.json(["stats"])).value).toMatchObject({ solves: 2 });
  });

  it("asks a model, with the key from the environment, which nothing shows", async () => {
    const asked: { authorization?: string; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) body += piece;
      asked.push({ authorization: request.headers.authorization, body });
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = { choices: [{ delta: { content: `\`\`\`js\n${SUM}\`\`\`` }, finish_reason: "stop" }] };
      response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
      const args = [
        "solve",
        "--task",
        "task.json",
        "--model",
        "tiny",
        "--base-url",
        url,
        "--api-key-env",
        "MY_KEY",
      ];
      const unset = await at.run(args);
      expect(unset).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("MY_KEY") });
      const done = await at.run(args, { environment: { MY_KEY: "sk-very-secret-1" } });
      expect(done.exitCode, done.stderr).toBe(0);
      expect(asked).toHaveLength(1);
      expect(asked[0]?.authorization).toBe("Bearer sk-very-secret-1");
      expect(asked[0]?.body).toContain('"model":"tiny"');
      expect(done.stdout + done.stderr).not.toContain("very-secret");
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("interrupted ends with 130, closes cleanly and can be resumed", async () => {
    const endless = { ...TASK, id: "endless" };
    await at.put("endless.json", JSON.stringify(endless));
    await at.put("agentos.config.json", '{"limits": {"wallMs": 2500}}');
    await at.put("loop.js", "while (true) {}\nexport const sum = 1;\n");
    const child = at.start(["solve", "--task", "endless.json", "--candidates", "loop.js"]);
    const end = ended(child);
    let shown = "";
    child.stderr?.on("data", (piece: string) => {
      // After the candidates were proposed their run is what is under way.
      if (!shown.includes("round 1") && `${shown}${piece}`.includes("round 1"))
        setTimeout(() => child.kill("SIGINT"), 700);
      shown += piece;
    });
    const { exitCode, stderr } = await end;
    expect(exitCode, stderr).toBe(130);
    const solveId = /solve (\S+)/.exec(stderr)?.[1] ?? "";
    await at.put("loop.js", SUM);
    const resumed = await at.run([
      "solve",
      "--task",
      "endless.json",
      "--candidates",
      "loop.js",
      "--resume",
      solveId,
      "--wall-ms",
      "60000",
    ]);
    expect(resumed.exitCode, resumed.stderr).toBeLessThan(2);
    expect(resumed.stdout).toContain(solveId);
  });
});

describe("memory and search", () => {
  it("what is remembered is recalled, from the standard input too", async () => {
    expect(
      (await at.run(["remember", "Dates are stored in UTC", "--kind", "fact", "--tags", "time,db"])).exitCode,
    ).toBe(0);
    expect((await at.run(["remember", "-"], { stdin: "Tabs are wrong here\n" })).exitCode).toBe(0);
    const { value } = await at.json(["recall", "how are dates stored"]);
    const [first] = value["memories"] as {
      memory: { content: string; tags: string[]; scope: { level: string } };
    }[];
    expect(first?.memory).toMatchObject({
      content: "Dates are stored in UTC",
      tags: ["time", "db"],
      scope: { level: "project" },
    });
    expect((await at.run(["recall", "tabs"])).stdout).toContain("Tabs are wrong here");
  });

  it("symbols and lines are found", async () => {
    await at.put("src/sum.js", SUM);
    const { exitCode, value } = await at.json(["search", "sum"]);
    expect(exitCode).toBe(0);
    expect(value["hits"]).toMatchObject([{ symbol: { name: "sum" }, path: "src/sum.js", line: 1 }]);
    expect((await at.run(["search", "sum"])).stdout).toContain("src/sum.js:1  function sum");
    expect((await at.run(["search", "total +", "--text", "--glob", "*.js"])).stdout).toContain("src/sum.js:");
    expect((await at.run(["search", "total \\+", "--regex"])).stdout).toContain("src/sum.js:1");
    expect((await at.run(["search", "nothing-like-it"])).stdout).toContain("nothing found");
    expect((await at.run(["search", "nothing-like-it", "--path", "src"])).stdout).toContain("nothing found");
  });

  it("a path where nothing is is no place without results", async () => {
    await at.put("src/sum.js", SUM);
    for (const args of [
      ["search", "sum", "--path", "source"],
      ["search", "sum", "--text", "--path", "source"],
      ["symbol", "sum", "--path", "source"],
      ["map", "--open", "src/none.js"],
    ]) {
      const { exitCode, stderr } = await at.run(args);
      expect(exitCode, args.join(" ")).toBe(2);
      expect(stderr, args.join(" ")).toContain("CLI_FILE_UNREADABLE");
    }
    expect((await at.run(["search", "sum", "--path", "../x"])).stderr).toContain("PROJECT_PATH_OUTSIDE");
  });

  it("a name's definition and uses are found by its name, its line and its place", async () => {
    await at.put("src/sum.js", "export function sum(a, b) { return a + b; }\n");
    await at.put("src/use.js", 'import { sum } from "./sum.js";\nsum(1, 2);\n');
    const expected = "src/sum.js:1:17  function sum\n  src/use.js:1:10  import\n  src/use.js:2:1  call\n";
    expect((await at.run(["refs", "sum"])).stdout).toBe(expected);
    expect((await at.run(["refs", "src/sum.js:1"])).stdout).toBe(expected);
    const { value } = await at.json(["refs", "src/use.js:2:1", "--limit", "1"]);
    expect(value["found"]).toMatchObject([
      {
        path: "src/use.js",
        line: 2,
        column: 1,
        references: [{ path: "src/use.js", line: 1, role: "import" }],
      },
    ]);
    expect((await at.run(["refs", "nobody"])).stdout).toContain("no symbol is called nobody");
    expect((await at.run(["refs", "src/sum.js:99"])).stdout).toContain("stands at src/sum.js:99");
  });

  it("says that there are more uses than are shown, and only then", async () => {
    await at.put("src/sum.js", "export function sum(a, b) { return a + b; }\n");
    await at.put("src/use.js", 'import { sum } from "./sum.js";\nsum(1, 2);\nsum(3, 4);\n');
    const { stdout } = await at.run(["refs", "sum", "--limit", "2"]);
    expect(stdout).toContain("  src/use.js:2:1  call\n  … more than 2: raise --limit\n");
    expect((await at.run(["refs", "sum", "--limit", "3"])).stdout).not.toContain("more than");
    expect((await at.json(["refs", "sum", "--limit", "2"])).value["found"]).toMatchObject([{ isCut: true }]);
    expect((await at.json(["refs", "sum", "--limit", "3"])).value["found"]).toMatchObject([{ isCut: false }]);
  });

  it("columns count from 1 in every document, so that each place can be asked about", async () => {
    await at.put("src/sum.js", "export function sum(a, b) { return a + b; }\n");
    await at.put("src/use.js", 'import { sum } from "./sum.js";\nexport function use() {\n  sum(1, 2);\n}\n');
    const { value } = await at.json(["refs", "sum"]);
    const use = { path: "src/use.js", line: 3, column: 3 };
    expect(value["found"]).toMatchObject([
      {
        column: 17,
        definitions: [{ column: 17 }],
        references: [{ path: "src/use.js", line: 1, column: 10 }, use],
      },
    ]);
    expect((await at.json(["impact", "sum"])).value["found"]).toMatchObject([
      { of: "src/sum.js:1:17", meant: { column: 17 }, dependents: [{ uses: [use] }] },
    ]);
    const sum = await at.json(["symbol", "sum"]);
    expect(sum.value["symbols"]).toMatchObject([{ callers: [{ uses: [use] }] }]);
    const caller = await at.json(["symbol", "use"]);
    expect(caller.value["symbols"]).toMatchObject([{ callees: [{ uses: [use] }] }]);
    expect((await at.run(["refs", "src/use.js:3:3"])).stdout).toContain("src/sum.js:1:17  function sum");
  });

  it("a use of which no more than the name is known is a guess, and only shown when asked for", async () => {
    await at.put("src/box.js", "export class Box {\n  openWide() {}\n}\n");
    await at.put("src/use.js", "export function use(box) { box.openWide(); }\n");
    expect((await at.run(["refs", "openWide"])).stdout).not.toContain("use.js");
    expect((await at.run(["refs", "openWide", "--guesses"])).stdout).toContain(
      "src/use.js:1:32  call (guess)",
    );
  });

  it("a symbol is shown with its text, its callers and what it calls", async () => {
    await at.put(
      "src/sum.js",
      "export function sum(a, b) {\n  return add(a, b);\n}\nfunction add(a, b) { return a + b; }\n",
    );
    await at.put("src/use.js", 'import { sum } from "./sum.js";\nexport function use() {\n  sum(1, 2);\n}\n');
    expect((await at.run(["symbol", "sum", "--limit", "1"])).stdout).toBe(
      `src/sum.js:1  function sum
    export function sum(a, b) {
      return add(a, b);
    }
  called by src/use.js:2  use
  calls src/sum.js:4  add
`,
    );
    expect((await at.run(["symbol", "nobody"])).stdout).toContain("no symbol is called nobody");
  });

  it("symbols that are only alike are shown where none is called so", async () => {
    await at.put("src/sum.js", "export class Sums {\n  add() {}\n  addAll() {}\n}\n");
    const names = async (given: string): Promise<unknown> => {
      const { value } = await at.json(["symbol", given]);
      return (value["symbols"] as { name: string }[]).map(({ name }) => name);
    };
    expect(await names("add")).toEqual(["add"]);
    expect(await names("Sums.add")).toEqual(["add"]);
    expect(await names("addA")).toEqual(["addAll"]);
  });

  it("the map shows the files that a task is about, within its tokens", async () => {
    await at.put("src/sum.js", "export function sum(a, b) {\n  return a + b;\n}\n");
    await at.put("src/dates.js", "export function parseDate(text) {\n  return new Date(text);\n}\n");
    const { stdout } = await at.run(["map", "parse", "a", "date"]);
    expect(stdout).toMatch(/^src\/dates\.js[\s\S]*function parseDate[\s\S]*$/);
    const { value } = await at.json(["map", "--tokens", "20", "--changed", "src/sum.js"]);
    expect(value["tokens"]).toBeLessThanOrEqual(20);
    expect(value["files"]).toMatchObject([{ path: "src/sum.js" }]);
    expect((await at.run(["map", "--tokens", "1"])).stdout).toContain(
      "nothing fits in 1 tokens: raise --tokens",
    );
  });

  it("a project without code has no map, however many tokens", async () => {
    await at.put("notes.txt", "nothing to parse\n");
    expect((await at.run(["map"])).stdout).toContain(
      "no file of the project is in a language that is parsed",
    );
  });

  it("what a change may break is found by a name, a place and a file, with the tests", async () => {
    await at.put("src/sum.js", "export function sum(a, b) { return a + b; }\n");
    await at.put("src/use.js", 'import { sum } from "./sum.js";\nexport function use() {\n  sum(1, 2);\n}\n');
    await at.put("test/use.test.js", 'import { use } from "../src/use.js";\nuse();\n');
    const below = "  src/use.js:3  function use\n    test/use.test.js:2\n  test test/use.test.js\n";
    expect((await at.run(["impact", "sum"])).stdout).toBe(`src/sum.js:1:17  function sum\n${below}`);
    expect((await at.run(["impact", "src/use.js:3:3"])).stdout).toBe(
      `src/use.js:3:3  function sum\n${below}`,
    );
    expect((await at.run(["impact", "src/sum.js"])).stdout).toBe(`src/sum.js\n${below}`);
    expect((await at.run(["impact", "test/use.test.js"])).stdout).toBe(
      "test/use.test.js\n  nothing else is known to depend on it\n  test test/use.test.js\n",
    );
    expect((await at.run(["impact", "nobody"])).stdout).toContain("no symbol is called nobody");
    expect((await at.run(["impact", "src/sum.js:1:1"])).stdout).toContain("stands at src/sum.js:1:1");
    expect((await at.json(["impact", "src/sum.js:1:1"])).value["found"]).toEqual([]);
    expect((await at.json(["impact", "src/none.js"])).value["error"]).toMatchObject({
      code: "PROJECT_FILE_UNKNOWN",
    });
  });
});

describe("init, doctor, config", () => {
  it("init makes the folder, indexes, and does not overwrite a configuration", async () => {
    await at.put("src/sum.js", SUM);
    const { exitCode, value } = await at.json(["init", "--config"]);
    expect(exitCode, JSON.stringify(value)).toBe(0);
    expect(value).toMatchObject({ index: { files: expect.any(Number) } });
    expect(existsSync(join(at.root, ".agentos", "store"))).toBe(true);
    expect((await at.run(["config"])).stdout).toMatch(/limits\.wallMs +10000 +project file/);
    const again = await at.json(["init", "--config"]);
    expect(again).toMatchObject({ exitCode: 2, value: { error: { code: "CLI_FILE_EXISTS" } } });
  });

  it("init --config writes nothing of the user's own configuration into the project", async () => {
    const environment = { XDG_CONFIG_HOME: join(at.base, "config") };
    const model = { name: "m", baseUrl: "http://127.0.0.1:1/v1", apiKeyEnv: "KEY_OF_MINE" };
    await at.put("../config/agentos/config.json", JSON.stringify({ needs: ["filesystem"], model }));
    const made = await at.run(["init", "--config", "--no-index"], { environment });
    expect(made.exitCode, made.stderr).toBe(0);
    expect(await readFile(join(at.root, "agentos.config.json"), "utf8")).not.toMatch(
      /model|needs|KEY_OF_MINE/,
    );
    // What it wrote must not be refused by the next command.
    const next = await at.run(["config"], { environment });
    expect(next.exitCode, next.stderr).toBe(0);
  });

  it("doctor names drivers and languages", async () => {
    const { exitCode, value } = await at.json(["doctor"]);
    expect(exitCode).toBe(0);
    const languages = value["languages"] as { language: string; drivers: string[] }[];
    expect(languages.find(({ language }) => language === "javascript")?.drivers.length).toBeGreaterThan(0);
    const text = await at.run(["doctor"]);
    expect(text.stdout).toContain("Sandbox drivers");
    expect(text.stdout).not.toContain("\u001b");
  });

  it("config says where each value comes from", async () => {
    const { value } = await at.json(["config", "--dir", "elsewhere"]);
    expect(value["values"]).toEqual(
      expect.arrayContaining([
        { key: "dir", value: join(at.root, "elsewhere"), source: "flag", where: "--dir" },
      ]),
    );
    const { stdout } = await at.run(["config"], { environment: { AGENTOS_DIR: "there" } });
    expect(stdout).toMatch(/dir .*there +environment \(AGENTOS_DIR\)/);
  });

  it("works beside another process that has the same folder open, and goes on when that one ends", async () => {
    await at.put("task.json", JSON.stringify({ ...TASK, id: "slow" }));
    await at.put("loop.js", "while (true) {}\n");
    const child = at.start(["solve", "--task", "task.json", "--candidates", "loop.js"]);
    const end = ended(child);
    await new Promise<void>((resolve) => child.stderr?.once("data", () => resolve()));
    expect(await at.json(["remember", "The queue is drained first"])).toMatchObject({ exitCode: 0 });
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect((await end).exitCode).toBe(130);
    const { value } = await at.json(["recall", "queue drained"]);
    expect(value).toMatchObject({ memories: [{ memory: { content: "The queue is drained first" } }] });
  });
});

describe("wrong usage", () => {
  const wrong: [string[], string, number][] = [
    [[], "CLI_USAGE", 2],
    [["frobnicate"], "CLI_USAGE", 2],
    [["init", "--frob"], "CLI_USAGE", 2],
    [["verify"], "CLI_USAGE", 2],
    [["verify", "missing.js", "--tests", "t.js"], "CLI_FILE_UNREADABLE", 2],
    [["verify", "present.js", "--tests", "missing.js"], "CLI_FILE_UNREADABLE", 2],
    [["verify", "notes.txt", "--tests", "present.js"], "CLI_LANGUAGE_UNKNOWN", 2],
    [["verify", "present.js", "--language", "cobol"], "CLI_LANGUAGE_UNKNOWN", 2],
    [["verify", "present.js", "--needs", "everything"], "CLI_USAGE", 2],
    [["verify", "/etc/hostname", "--language", "python"], "CLI_USAGE", 2],
    [["solve"], "CLI_USAGE", 2],
    [["solve", "--task", "task.json"], "CLI_USAGE", 2],
    [["solve", "--task", "task.json", "--model", "m"], "CLI_USAGE", 2],
    [["solve", "--task", "task.json", "--model", "m", "--candidates", "x"], "CLI_USAGE", 2],
    [["solve", "--task", "task.json", "--model", "m", "--base-url", "not a url"], "OPTIONS_INVALID", 2],
    [["solve", "--task", "task.json", "--candidates", "missing"], "CLI_FILE_UNREADABLE", 2],
    [["solve", "--task", "task.json", "--candidates", "present.js", "--tries", "0"], "CLI_USAGE", 2],
    [["solve", "--task", "task.json", "--candidates", "present.js", "--accept", "all"], "CLI_USAGE", 2],
    [["solve", "--task", "task.json", "--candidates", "present.js", "--resume", "nope"], "SOLVE_UNKNOWN", 2],
    [["solve", "--task", "nojudge.json", "--candidates", "present.js"], "CLI_DATA_INVALID", 2],
    [["remember"], "CLI_USAGE", 2],
    [["remember", " "], "MEMORY_CONTENT_EMPTY", 2],
    [["search", "x", "--path", "/etc"], "PROJECT_PATH_OUTSIDE", 2],
    [["remember", "x", "--kind", "rumour"], "CLI_USAGE", 2],
    [["remember", "x", "--importance", "2"], "CLI_USAGE", 2],
    [["recall"], "CLI_USAGE", 2],
    [["recall", "x", "--limit", "many"], "CLI_USAGE", 2],
    [["search"], "CLI_USAGE", 2],
    [["refs"], "CLI_USAGE", 2],
    [["symbol"], "CLI_USAGE", 2],
    [["symbol", "sum", "--kind", "thing"], "OPTIONS_INVALID", 2],
    [["impact", "../outside.js"], "PROJECT_PATH_OUTSIDE", 2],
    [["refs", "src/sum.js:0"], "INPUT_INVALID", 2],
    [["refs", "src/sum.js"], "PROJECT_FILE_UNKNOWN", 2],
    [["mcp", "install"], "CLI_USAGE", 2],
    [["mcp", "install", "--client", "emacs"], "CLI_USAGE", 2],
    [["mcp", "dance"], "CLI_USAGE", 2],
    [["refs", "missing.js:1:1"], "PROJECT_FILE_UNKNOWN", 2],
    [["refs", "../outside.js:1:1"], "PROJECT_PATH_OUTSIDE", 2],
    [["search", "(", "--regex"], "PROJECT_", 2],
    [["doctor", "extra"], "CLI_USAGE", 2],
    [["stats", "--dir", "present.js"], "SDK_DIR_INVALID", 2],
    [["stats", "--project", "missing"], "SDK_PROJECT_INVALID", 2],
    [["explain"], "CLI_USAGE", 2],
    [["explain", "unknown"], "OUTCOME_UNKNOWN", 2],
    [["config", "--bogus"], "CLI_USAGE", 2],
  ];

  beforeEach(async () => {
    await at.put("present.js", SUM);
    await at.put("notes.txt", "x");
    await at.put("task.json", JSON.stringify(TASK));
    await at.put("nojudge.json", JSON.stringify({ id: "n", prompt: "p", language: "javascript" }));
  });

  it.each(wrong)("%j is %s with exit code %i, as JSON and as text", async (args, code, exit) => {
    const { exitCode, value } = await at.json(args);
    expect(value).toMatchObject({
      error: { code: expect.stringContaining(code), message: expect.any(String) },
    });
    expect(exitCode).toBe(exit);
    const text = await at.run(args);
    expect(text.exitCode).toBe(exit);
    expect(text.stdout).toBe("");
    expect(text.stderr).toContain(code);
    expect(text.stderr).not.toContain("    at ");
  });

  it("a bad configuration is named by file", async () => {
    await at.put("agentos.config.json", '{"limts": {}}');
    const { exitCode, value } = await at.json(["config"]);
    expect(exitCode).toBe(2);
    expect(value).toMatchObject({
      error: { code: "CLI_CONFIG_INVALID", message: expect.stringContaining("limts") },
    });
  });
});

describe("help", () => {
  it.each([
    "init",
    "verify",
    "solve",
    "remember",
    "recall",
    "search",
    "symbol",
    "refs",
    "impact",
    "map",
    "doctor",
    "stats",
    "explain",
    "config",
  ])("%s has help with an example, and opens nothing", async (name) => {
    const { exitCode, stdout, stderr } = await at.run([name, "--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`Usage: agentos ${name}`));
    expect(stdout).toMatch(new RegExp(`Examples?:\\n  agentos ${name}`));
    expect(stdout).toContain("--json");
    expect(existsSync(join(at.root, ".agentos", "store"))).toBe(false);
  });

  it("lists the commands, and the version is the package's", async () => {
    expect((await at.run(["--help"])).stdout).toMatch(/verify[\s\S]*Exit codes/);
    const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect((await at.run(["--version"])).stdout.trim()).toBe(version);
  });
});
