import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addToHistory, type RunRecord, readHistory } from "../../main-job/history.js";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "agentos-history-"));
});
afterEach(() => rm(dir, { recursive: true }));

const run = (at: number): RunRecord => ({ at, knownOutcomes: at, heldOutBrier: 0.2, heldOut: 3, tasks: 2 });
const fail = (message: string): never => {
  throw new Error(message);
};

describe("the history of runs", () => {
  it("is empty at first and then keeps each run in order", async () => {
    expect(await readHistory(dir, fail)).toEqual([]);
    await addToHistory(dir, [], run(1));
    await addToHistory(dir, await readHistory(dir, fail), run(2));
    expect(await readHistory(dir, fail)).toEqual([run(1), run(2)]);
    expect(await readdir(dir)).toEqual(["main-job.json"]);
  });

  it("forgets the oldest runs after fifty", async () => {
    for (let at = 1; at <= 60; at += 1) await addToHistory(dir, await readHistory(dir, fail), run(at));
    expect((await readHistory(dir, fail)).map(({ at }) => at)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 11),
    );
  });

  it.each(["", "{", "null", '{"format":2,"runs":[]}', '{"format":1}'])(
    "puts a file that it cannot read aside: %j",
    async (content) => {
      await writeFile(join(dir, "main-job.json"), content);
      const warnings: string[] = [];
      expect(await readHistory(dir, (message) => warnings.push(message))).toEqual([]);
      expect(warnings).toHaveLength(1);
      expect(await readFile(join(dir, "main-job.json.broken"), "utf8")).toBe(content);
    },
  );
});
