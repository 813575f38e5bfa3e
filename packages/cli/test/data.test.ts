import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Task } from "@agentos/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCandidates, readTasks } from "../src/data.js";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "agentos-data-"));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function put(path: string, content: string): Promise<string> {
  const file = join(base, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

const tests = { visible: [{ path: "test_it.py", content: "pass" }] };
const task = (id: string): Task => ({ id, prompt: "p", language: "python", tests });
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

describe("tasks", () => {
  it.each([
    ["one.json", JSON.stringify(task("a")), ["a"]],
    ["list.json", JSON.stringify([task("a"), task("b")]), ["a", "b"]],
    ["lines.jsonl", `\uFEFF${lines(task("a"), task("b"))}\r\n\r\n`, ["a", "b"]],
  ])("%s is read", async (name, content, ids) => {
    expect((await readTasks(await put(name, content))).map(({ id }) => id)).toEqual(ids);
  });

  it("each broken line is named with file and line, and nothing else is done", async () => {
    const file = await put(
      "t.jsonl",
      [
        JSON.stringify(task("a")),
        "{broken",
        JSON.stringify({ ...task("c"), promt: "x" }),
        JSON.stringify({ id: "d", prompt: "p", language: "cobol" }),
      ].join("\n"),
    );
    const failure = await readTasks(file).catch((error: Error & { code: string }) => error);
    expect(failure).toMatchObject({ code: "CLI_DATA_INVALID" });
    const message = (failure as Error).message;
    expect(message).toContain(`${file}:2`);
    expect(message).toMatch(new RegExp(`${file}:3.*promt`));
    expect(message).toMatch(new RegExp(`${file}:4.*language`));
    expect(message).not.toContain(`${file}:1:`);
    expect(message).toMatch(/[^.]\. Nothing was done/);
  });

  it("a line broken anywhere is found where it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.nat(), async (count, pick) => {
        const all = Array.from({ length: count }, (_, index) => JSON.stringify(task(`t${index}`)));
        const broken = pick % count;
        all[broken] = (all[broken] ?? "").slice(0, -1 - (pick % 10));
        const file = await put("p.jsonl", all.join("\n"));
        await expect(readTasks(file)).rejects.toMatchObject({
          code: "CLI_DATA_INVALID",
          details: { problems: [expect.stringContaining(`${file}:${broken + 1}: `)] },
        });
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["none.json", "[]", "CLI_DATA_INVALID"],
    ["twice.jsonl", lines(task("a"), task("a")), "CLI_DATA_INVALID"],
    ["cut.json", "[{", "CLI_DATA_INVALID"],
    ["unjudged.jsonl", lines(task("a"), { ...task("b"), tests: {} }), "CLI_DATA_INVALID"],
  ])("%s is refused", async (name, content, code) => {
    await expect(readTasks(await put(name, content))).rejects.toMatchObject({ code });
  });

  it("a missing file and a folder are CLI_FILE_UNREADABLE", async () => {
    await expect(readTasks(join(base, "no.json"))).rejects.toMatchObject({ code: "CLI_FILE_UNREADABLE" });
    await expect(readTasks(base)).rejects.toMatchObject({ code: "CLI_FILE_UNREADABLE" });
  });
});

describe("candidates", () => {
  it("come from files, for one task", async () => {
    const sources = [await put("one.py", "1"), await put("two.py", "2")];
    const found = await readCandidates(sources, [task("a")]);
    expect(found.get("a")).toEqual([
      { id: "one", files: { "solution.py": "1" } },
      { id: "two", files: { "solution.py": "2" } },
    ]);
  });

  it("come from a folder: files are entry files, folders are all their files", async () => {
    await put("c/b.py", "b");
    await put("c/a/solution.py", "a");
    await put("c/a/lib/util.py", "u");
    await put("c/.hidden", "x");
    const found = await readCandidates([join(base, "c")], [task("t")]);
    expect(found.get("t")).toEqual([
      { id: "a", files: { "solution.py": "a", "lib/util.py": "u" } },
      { id: "b", files: { "solution.py": "b" } },
    ]);
  });

  it("come from a folder with a folder for each task", async () => {
    await put("c/t1/x.py", "1");
    await put("c/t2/x.py", "2");
    const found = await readCandidates([join(base, "c")], [task("t1"), task("t2")]);
    expect([...found].map(([id, [first]]) => [id, first?.files["solution.py"]])).toEqual([
      ["t1", "1"],
      ["t2", "2"],
    ]);
  });

  it("do not come from outside the folder, whatever a task is called", async () => {
    await put("c/x.py", "1");
    await put("elsewhere/y.py", "2");
    const found = await readCandidates([join(base, "c")], [task("../elsewhere")]);
    expect(found.get("../elsewhere")?.map(({ id }) => id)).toEqual(["x"]);
  });

  it("come from JSON Lines, with code or files", async () => {
    const file = await put(
      "c.jsonl",
      lines(
        { taskId: "t1", code: "1" },
        { taskId: "t2", id: "n", files: { "m.py": "2" }, proposer: { model: "m" } },
      ),
    );
    const found = await readCandidates([file], [task("t1"), task("t2")]);
    expect(found.get("t1")?.[0]?.files).toEqual({ "solution.py": "1" });
    expect(found.get("t2")).toEqual([{ id: "n", files: { "m.py": "2" }, proposer: { model: "m" } }]);
  });

  it.each([
    ["an unknown task", lines({ taskId: "zz", code: "1" }), "zz"],
    ["no task", lines({ code: "1" }), "taskId"],
    ["a path outside", lines({ taskId: "t1", files: { "../x": "1" } }), "files"],
    ["no files", lines({ taskId: "t1" }), "files"],
    ["no object", "[1]", "not a JSON object"],
    [
      "a clash of ids",
      lines({ taskId: "t1", id: "i", code: "1" }, { taskId: "t1", id: "i", code: "2" }),
      "already",
    ],
    ["a task left without", lines({ taskId: "t1", code: "1" }), "no candidate for task t2"],
  ])("with %s are refused", async (_name, content, named) => {
    const file = await put("c.jsonl", content);
    await expect(readCandidates([file], [task("t1"), task("t2")])).rejects.toMatchObject({
      code: "CLI_DATA_INVALID",
      message: expect.stringContaining(named),
    });
  });

  it("from a source file are refused for several tasks, and missing sources named", async () => {
    const file = await put("x.py", "1");
    await expect(readCandidates([file], [task("a"), task("b")])).rejects.toMatchObject({
      code: "CLI_DATA_INVALID",
    });
    await expect(readCandidates([join(base, "no")], [task("a")])).rejects.toMatchObject({
      code: "CLI_FILE_UNREADABLE",
    });
  });
});
