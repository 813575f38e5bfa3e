import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate, Task } from "@agentos/core";
import { type Embedder, ExactIndex } from "@agentos/memory";
import type { DriverFactory } from "@agentos/sandbox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentOS, type AgentOSOptions, openAICompatible } from "../src/index.js";
import { openEndpoint, recorded, sendStream } from "./model/endpoint.js";

let base: string;
let project: string;
let dir: string;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "agentos-sdk-")));
  project = join(base, "project");
  dir = join(project, ".agentos");
  await mkdir(join(project, "src"), { recursive: true });
  await writeFile(
    join(project, "src", "money.js"),
    "export function formatMoney(cents) {\n  return (cents / 100).toFixed(2);\n}\n",
  );
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await rm(base, { recursive: true, force: true });
});

async function open(options: Partial<AgentOSOptions> = {}): Promise<AgentOS> {
  const agentos = await AgentOS.open({ dir, ...options });
  opened.push(agentos);
  return agentos;
}

/** Every file below a folder but for one, with its content. */
async function treeOf(folder: string, but: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === but) continue;
    if (entry.isDirectory()) Object.assign(tree, { [path]: "folder" }, await treeOf(path, but));
    else tree[path] = `${(await stat(path)).mtimeMs} ${await readFile(path, "utf8")}`;
  }
  return tree;
}

const MARKER = "hidden-marker-7391";
const task: Task = {
  id: "clamp",
  prompt: "Export clamp(value, low, high): value, but at least low and at most high.",
  language: "javascript",
  tests: {
    visible: [
      {
        path: "clamp.test.js",
        content:
          'import { test } from "node:test";\nimport assert from "node:assert";\nimport { clamp } from "./solution.js";\ntest("inside", () => assert.equal(clamp(5, 0, 9), 5));\ntest("below", () => assert.equal(clamp(-1, 0, 9), 0));\n',
      },
    ],
    hidden: [
      {
        path: `${MARKER}.test.js`,
        content: `import { test } from "node:test";\nimport assert from "node:assert";\nimport { clamp } from "./solution.js";\ntest("${MARKER}", () => assert.equal(clamp(10, 0, 9), 9, "${MARKER}"));\n`,
      },
    ],
  },
};
const code = (id: string, body: string): Candidate => ({
  id,
  files: { "solution.js": `export const clamp = (value, low, high) => ${body};\n` },
});
const WRONG = code("wrong", "value");
const HALF = code("half", "Math.max(low, value)");
const RIGHT = code("right", "Math.min(high, Math.max(low, value))");

describe("opening", () => {
  it("changes nothing outside its folder, whatever is done, and hides it from git", async () => {
    const before = await treeOf(base, dir);
    const agentos = await open({ project });
    await agentos.memory.remember({ content: "Money is in cents.", scope: agentos.scope });
    await agentos.solve(task, async (_brief, _feedback, { round }) => (round === 1 ? [WRONG, RIGHT] : []));
    await agentos.close();
    expect(await treeOf(base, dir)).toEqual(before);
    expect(await readFile(join(dir, ".gitignore"), "utf8")).toBe("*\n");
    expect((await readdir(dir)).sort()).toEqual([".gitignore", "cache", "store"]);
  });

  it("tries no driver and reads no project", async () => {
    let probes = 0;
    const driver: DriverFactory = {
      name: "counted",
      async probe() {
        probes += 1;
        return { available: false, reason: "It is a test.", remedy: "None." };
      },
      open: () => Promise.reject(new Error("must not be opened")),
    };
    const agentos = await open({ project, drivers: [driver] });
    expect(probes).toBe(0);
    expect(await agentos.project?.stats()).toMatchObject({ files: 0 });
    const { drivers, remedies } = await agentos.doctor();
    expect(probes).toBe(1);
    expect(drivers.map(({ name }) => name)).toEqual(["counted"]);
    expect(remedies).toEqual(["counted: It is a test; None."]);
  });

  it("for itself alone keeps others out; after closing it opens again with everything kept", async () => {
    const first = await open({ shared: false });
    const { id } = await first.memory.remember({ content: "kept", scope: { level: "user" } });
    await expect(AgentOS.open({ dir })).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await expect(AgentOS.open({ dir, shared: false })).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await first.close();
    const second = await open();
    expect((await second.memory.get(id))?.content).toBe("kept");
  });

  it.each([
    [{ dir: "" }, "OPTIONS_INVALID", "dir"],
    [{ porject: "x" }, "OPTIONS_INVALID", "porject"],
    [{ needs: [] }, "OPTIONS_INVALID", "needs"],
    [{ memory: { store: {} } }, "OPTIONS_INVALID", "without its store"],
    [{ memory: { vectorindex: () => undefined } }, "OPTIONS_INVALID", "vectorindex"],
    [{ embedder: {} }, "OPTIONS_INVALID", "embedder"],
    [{ needs: ["filesytem"] }, "OPTIONS_INVALID", "needs"],
    [{ project: "/nowhere/at/all" }, "SDK_PROJECT_INVALID", "/nowhere"],
  ])("with %j fails with %s, and leaves the store free", async (wrong, errorCode, named) => {
    await expect(AgentOS.open({ dir, ...(wrong as object) })).rejects.toMatchObject({
      code: errorCode,
      message: expect.stringContaining(named),
    });
    await (await open()).close();
  });

  it("hands every option of the memory on", async () => {
    const told: string[] = [];
    const made: number[] = [];
    const embedder: Embedder = {
      name: "letters",
      dimensions: 26,
      embed: async (texts) =>
        texts.map((text) => {
          const vector = new Float32Array(26);
          for (const letter of text.toLowerCase()) {
            const at = letter.charCodeAt(0) - 97;
            if (at >= 0 && at < 26) vector[at] = (vector[at] ?? 0) + 1;
          }
          return vector;
        }),
    };
    const scope = { level: "user" } as const;
    const first = await open();
    await first.memory.remember({ content: "listen", scope });
    await first.close();
    const { memory } = await open({
      memory: {
        embedder,
        lexicalWeight: 0.2,
        vectorIndex: (dimensions) => {
          made.push(dimensions);
          return new ExactIndex(dimensions);
        },
        onReembedding: ({ embedder: name }) => void told.push(name),
        contentBytes: 20,
      },
    });
    await memory.reembedded();
    expect((await memory.recall("silent")).map((one) => one.memory.content)).toEqual(["listen"]);
    expect(made).toEqual([26]);
    expect(told).toContain("letters");
    await expect(memory.remember({ content: "x".repeat(21), scope })).rejects.toMatchObject({
      code: "MEMORY_CONTENT_TOO_LONG",
    });
  });

  it("where a file is in the way fails with SDK_DIR_INVALID and leaves the file", async () => {
    await writeFile(join(base, "file"), "mine");
    for (const path of [join(base, "file"), join(base, "file", "below")]) {
      await expect(AgentOS.open({ dir: path })).rejects.toMatchObject({ code: "SDK_DIR_INVALID" });
    }
    expect(await readFile(join(base, "file"), "utf8")).toBe("mine");
  });

  it("where the store cannot be opened says what the store says, and mends when that is mended", async () => {
    await mkdir(dir);
    await writeFile(join(dir, "store"), "in the way");
    await expect(AgentOS.open({ dir })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
    await rm(join(dir, "store"));
    await open();
  });
});

describe("closing", () => {
  it("is idempotent, and everything after it is CLOSED", async () => {
    const agentos = await open();
    await Promise.all([agentos.close(), agentos.close()]);
    await agentos[Symbol.asyncDispose]();
    for (const call of [
      () => agentos.brief(task),
      () => agentos.forecast(task, RIGHT),
      () => agentos.verify(task, RIGHT),
      () => agentos.solve(task, async () => []),
      () => agentos.replay("x"),
      () => agentos.explain("x"),
      () => agentos.doctor(),
      () => agentos.stats(),
      () => agentos.memory.recall("x"),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "CLOSED" });
    }
  });

  it("waits for a solve that is under way", async () => {
    const agentos = await open();
    const solving = agentos.solve(task, async (_brief, _feedback, { round }) => (round === 1 ? [RIGHT] : []));
    await agentos.close();
    expect((await solving).status).toBe("passed");
  });
});

describe("the loop", () => {
  it("finds the right candidate, learns from all, and can tell it again", async () => {
    const agentos = await open();
    const solution = await agentos.solve(task, async (_brief, _feedback, { round }) =>
      round === 1 ? [WRONG, HALF, RIGHT] : [],
    );
    expect(solution).toMatchObject({
      status: "passed",
      missing: ["No project: briefs show no code, affected tests are not known."],
    });
    expect(solution.winner?.candidate.id).toBe("right");
    expect((await agentos.replay(solution.solveId)).winner?.id).toBe(solution.winner?.id);
    expect((await agentos.explain(solution.winner?.id ?? "")).text).toContain("right");
    const stats = await agentos.stats();
    expect(stats).toMatchObject({ solves: 1, learner: { outcomes: solution.outcomes.length } });
    expect(stats.store.bytes).toBeGreaterThan(0);
    // What failed is known to fail, what passed to pass, before either is run again.
    const [wrong, right] = [await agentos.forecast(task, WRONG), await agentos.forecast(task, RIGHT)];
    expect(wrong.probability).toBeLessThan(right.probability);
    expect(right.evidence).toBeGreaterThan(0);
  });

  it("never lets a hidden test out: not in briefs, feedback, events, logs, outcomes or the journal", async () => {
    const heard: unknown[] = [];
    const log = (...line: unknown[]) => void heard.push(line);
    const agentos = await open({ logger: { debug: log, info: log, warn: log, error: log } });
    agentos.events.onAny((name, data) => heard.push([name, data]));
    const { solveId } = await agentos.solve(task, async (brief, feedback, { round }) => {
      heard.push(brief, feedback);
      return round === 1 ? [HALF] : round === 2 ? [WRONG] : [];
    });
    heard.push(await agentos.journal.read(solveId));
    for await (const outcome of agentos.learner.outcomes())
      heard.push(outcome, (await agentos.explain(outcome.id)).text);
    heard.push(await agentos.brief(task), await agentos.learner.lessons(task));
    const everything = JSON.stringify(heard);
    expect(everything).toContain("half");
    expect(everything).not.toContain(MARKER);
    await agentos.close();
    for (const content of Object.values(await treeOf(dir, ""))) expect(content).not.toContain(MARKER);
  });

  it("asks a real model, shows it what failed, and accounts for it", async () => {
    const server = await openEndpoint((response, index) => {
      const files = index === 0 ? WRONG.files : RIGHT.files;
      sendStream(
        response,
        recorded(["```js\n", files["solution.js"] ?? "", "```"], {
          prompt_tokens: 100,
          completion_tokens: 20,
        }),
      );
    });
    opened.push(server);
    const agentos = await open();
    const model = openAICompatible({
      baseUrl: server.baseUrl,
      model: "tiny",
      prices: { inputPerMillion: 10, outputPerMillion: 100 },
    });
    const solution = await agentos.solve(task, model.propose(task), { budget: { tokens: 10_000, money: 1 } });
    expect(solution).toMatchObject({ status: "passed", spent: { tries: 2, tokens: 240 } });
    expect(solution.spent.money).toBeCloseTo(0.006);
    expect(solution.winner?.candidate.proposer).toEqual({ model: "tiny" });
    const second = JSON.stringify(server.seen[1]?.body.messages);
    expect(second).toContain("below");
    expect(JSON.stringify(server.seen)).not.toContain(MARKER);
  });

  it("puts the project's code and what was remembered of it into the brief", async () => {
    const agentos = await open({ project });
    await agentos.memory.remember({ content: "formatMoney must round half up", scope: agentos.scope });
    const brief = await agentos.brief({
      id: "m",
      prompt: "Fix formatMoney to round half up",
      language: "javascript",
      project,
    });
    expect(brief.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["memory", "symbol", "map"]));
    expect(brief.text).toContain("src/money.js:1");
  });

  it("indexes again after a cancelled first use, which cancels nobody else's", async () => {
    const agentos = await open({ project });
    const code = agentos.loop.engines.project;
    if (code === undefined) throw new Error("no project");
    const controller = new AbortController();
    const cancelled = code.relevantSymbols("formatMoney", { signal: controller.signal });
    const waiting = code.relevantSymbols("formatMoney");
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "ABORTED" });
    expect((await waiting).map(({ name }) => name)).toEqual(["formatMoney"]);
    await expect(code.relevantSymbols("x", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(await code.relevantSymbols("formatMoney")).toHaveLength(1);
  });
});
