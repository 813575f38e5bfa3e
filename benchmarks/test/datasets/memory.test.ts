import { expect, test } from "vitest";
import { readCosqa, readLocomo } from "../../datasets/index.js";
import { folderWith } from "../fixtures.js";

const SAMPLE = {
  sample_id: "c1",
  conversation: {
    speaker_a: "Ann",
    session_2_date_time: "2 May, 2023",
    session_2: [{ dia_id: "D2:1", speaker: "Ben", text: "I moved.", blip_caption: "a house" }],
    session_1_date_time: "1 May, 2023",
    session_1: [
      { dia_id: "D1:1", speaker: "Ann", text: "Hello." },
      { dia_id: "D1:2", speaker: "Ben", text: "Hi." },
    ],
  },
  qa: [
    { question: "Who greets?", category: 4, evidence: ["D1:1; D1:2"] },
    { question: "Not answered", category: 5, evidence: ["D1:1"] },
    { question: "Evidence that is not there", category: 1, evidence: ["D9:1"] },
    { question: "No evidence", category: 1 },
  ],
};

test("LoCoMo: sessions in order, turns with their pictures, questions with evidence", async () => {
  const data = await folderWith({ "memory/locomo-1.json": JSON.stringify([SAMPLE]) });
  const [conversation] = await readLocomo(data);
  expect(conversation?.sessions.map(({ number, date }) => [number, date])).toEqual([
    [1, "1 May, 2023"],
    [2, "2 May, 2023"],
  ]);
  expect(conversation?.sessions[1]?.turns[0]?.text).toBe("I moved. [a house]");
  expect(conversation?.questions).toEqual([{ text: "Who greets?", category: 4, evidence: ["D1:1", "D1:2"] }]);
});

test("LoCoMo: what is missing or no JSON says where it is published", async () => {
  const empty = await folderWith({ "memory/other.txt": "" });
  await expect(readLocomo(empty)).rejects.toMatchObject({ code: "DATASET_MISSING" });
  await expect(readLocomo(`${empty}/none`)).rejects.toMatchObject({ code: "DATASET_MISSING" });
  const broken = await folderWith({ "memory/locomo-1.json": "[" });
  await expect(readLocomo(broken)).rejects.toMatchObject({
    code: "DATASET_UNREADABLE",
    message: expect.stringContaining("snap-research/locomo"),
  });
  const other = await folderWith({ "memory/locomo-1.json": "{}" });
  await expect(readLocomo(other)).rejects.toMatchObject({ code: "DATASET_LINE_BROKEN" });
  await expect(readLocomo(other, AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
});

test("CoSQA: functions by index, queries with the right one", async () => {
  const data = await folderWith({
    "memory/cosqa-code_idx_map.txt": JSON.stringify({ "def b(): pass": 1, "def a(): pass": 0 }),
    "memory/cosqa-retrieval-dev.json": JSON.stringify([{ doc: "how to a", retrieval_idx: 0, label: 1 }]),
  });
  expect(await readCosqa(data)).toEqual({
    functions: ["def a(): pass", "def b(): pass"],
    queries: [{ text: "how to a", answer: 0 }],
  });
});
