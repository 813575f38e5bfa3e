import { expect, test } from "vitest";
import { readCodeGenSamples, readHumanEval } from "../../datasets/index.js";
import { all, folderWith, lines, PROBLEMS } from "../fixtures.js";

const FILE = "humaneval/HumanEval.jsonl.gz";

test("a problem becomes a task and its published solution a candidate", async () => {
  const data = await folderWith({ [FILE]: lines(PROBLEMS.double, PROBLEMS.wrong) });
  const [first, second] = await all(readHumanEval({ data }));
  expect(first?.task).toMatchObject({ id: "Own/0", language: "python", prompt: PROBLEMS.double.prompt });
  expect(first?.task.tests?.visible).toBeUndefined();
  expect(first?.task.tests?.hidden?.[0]?.mode).toBe("append");
  expect(first?.task.tests?.hidden?.[0]?.content).toMatch(/def check[\s\S]*\ncheck\(double\)\n$/);
  expect(first?.canonical.files["solution.py"]).toBe(
    PROBLEMS.double.prompt + PROBLEMS.double.canonical_solution,
  );
  expect(second?.task.id).toBe("Own/1");
});

test("nothing of the tests is in a candidate or in what a task shows", async () => {
  const marked = { ...PROBLEMS.double, test: `${PROBLEMS.double.test}# MARKER-7\n` };
  const data = await folderWith({ [FILE]: lines(marked) });
  const [problem] = await all(readHumanEval({ data }));
  const { tests, ...shown } = problem?.task ?? { tests: undefined };
  expect(JSON.stringify(tests)).toContain("MARKER-7");
  expect(JSON.stringify([shown, problem?.canonical])).not.toContain("MARKER-7");
});

test("tests are visible when that is asked for", async () => {
  const data = await folderWith({ [FILE]: lines(PROBLEMS.double) });
  const [problem] = await all(readHumanEval({ data, visibility: "visible" }));
  expect(problem?.task.tests?.visible).toHaveLength(1);
  expect(problem?.task.tests?.hidden).toBeUndefined();
});

test.each([
  ["no JSON", "{\n", "not JSON"],
  ["no object", "[1]\n", "not a JSON object"],
  ["a field missing", lines({ ...PROBLEMS.wrong, test: undefined }), '"test"'],
  ["a field of another type", lines({ ...PROBLEMS.wrong, prompt: 7 }), '"prompt"'],
])("a broken line (%s) is named, and the lines before it are read", async (_, broken, message) => {
  const data = await folderWith({ [FILE]: lines(PROBLEMS.double) + broken });
  const read: string[] = [];
  const reading = (async () => {
    for await (const { task } of readHumanEval({ data })) read.push(task.id);
  })();
  await expect(reading).rejects.toMatchObject({
    code: "DATASET_LINE_BROKEN",
    details: { line: 2 },
    message: expect.stringContaining(message),
  });
  expect(read).toEqual(["Own/0"]);
});

test.each([
  [{ data: "" }, "data"],
  [{ data: "x", visibility: "secret" }, "visibility"],
  [{ data: "x", verbose: true }, "verbose"],
  [{ data: "x", signal: 1 }, "signal"],
])("wrong options %j are refused by name", async (options, name) => {
  await expect(all(readHumanEval(options as { data: string }))).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
    message: expect.stringContaining(name),
  });
});

const PROMPTS = lines({ task: "Own/0", prompt: PROBLEMS.double.prompt, test: PROBLEMS.double.test });
const SAMPLE = { task: "Own/0", i: 3, entry: "double", body: "    return n + n\n", label: 1, err: null };

async function samples(...records: readonly unknown[]) {
  const data = await folderWith({
    "learn/humaneval_prompts.jsonl.gz": PROMPTS,
    "learn/humaneval_codegen16b.jsonl.gz": lines(...records),
  });
  return all(readCodeGenSamples({ data }));
}

test("a labelled sample carries its label, its error and who made it", async () => {
  const [good, bad] = await samples(SAMPLE, { ...SAMPLE, i: 4, label: 0, err: "Timeout" });
  expect(good).toMatchObject({ passed: true, error: undefined, candidate: { id: "codegen-16b-3" } });
  expect(good?.candidate.files["solution.py"]).toBe(`${PROBLEMS.double.prompt}    return n + n\n`);
  expect(good?.candidate.proposer).toEqual({ model: "CodeGen-16B" });
  expect(bad).toMatchObject({ passed: false, error: "Timeout" });
});

test.each([
  ["an unknown problem", { ...SAMPLE, task: "Own/9" }],
  ["a label that is neither 0 nor 1", { ...SAMPLE, label: 2 }],
  ["a number that is not whole", { ...SAMPLE, i: 1.5 }],
])("a sample with %s is refused", async (_, record) => {
  await expect(samples(record)).rejects.toMatchObject({ code: "DATASET_LINE_BROKEN", details: { line: 1 } });
});
