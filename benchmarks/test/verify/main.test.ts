import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../verify/main.js";
import { folderWith, lines, PROBLEMS } from "../fixtures.js";

let out = "";
let err = "";

beforeEach(() => {
  [out, err] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});

afterEach(() => vi.restoreAllMocks());

test.each([
  [[], "--data is required"],
  [["--data", "x", "--limit", "0"], "--limit must be"],
  [["--data", "x", "--limit", "two"], '"two"'],
  [["--data", "x", "--only", "humaneval,speed"], "unknown parts: speed"],
  [["--data", "x", "--fast"], "--fast"],
  [["data"], "data"],
])("wrong arguments %j are refused with the usage", async (args, message) => {
  expect(await main(args)).toBe(2);
  expect(err).toContain(message);
  expect(err).toContain("Usage: pnpm bench verify");
});

test("--help prints the usage", async () => {
  expect(await main(["--help"])).toBe(0);
  expect(out).toContain("--only LIST");
});

test("a run prints its table and writes its metrics", async () => {
  const data = await folderWith({ "humaneval/HumanEval.jsonl.gz": lines(PROBLEMS.double) });
  const json = `${data}/metrics.json`;
  expect(await main(["--data", data, "--only", "humaneval", "--json", json]), err).toBe(0);
  expect(out).toMatch(/humaneval\.pass +1 +count +>= 1 +yes/);
  expect(err).toContain("humaneval: 1/1");
  const { readFile } = await import("node:fs/promises");
  expect(JSON.parse(await readFile(json, "utf8"))).toEqual({
    metrics: { "humaneval.pass": { value: 1, unit: "count" } },
  });
});

test("missing data and a folder that cannot be written to end it with 1", async () => {
  const data = await folderWith({});
  expect(await main(["--data", data, "--only", "humaneval"])).toBe(1);
  expect(err).toContain("DATASET_MISSING");
  expect(await main(["--data", data, "--json", `${data}/none/metrics.json`])).toBe(1);
  expect(err).toContain("ENOENT");
});

test("an interrupt cancels", async () => {
  const data = await folderWith({
    "humaneval/HumanEval.jsonl.gz": lines(...Array.from({ length: 500 }, () => PROBLEMS.double)),
  });
  const running = main(["--data", data, "--only", "humaneval"]);
  await vi.waitUntil(() => err.includes("50/500"), { timeout: 60_000 });
  process.emit("SIGINT");
  expect(await running).toBe(130);
  expect(err).toContain("Cancelled.");
}, 90_000);
