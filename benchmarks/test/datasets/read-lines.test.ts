import { gzipSync } from "node:zlib";
import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "../../datasets/read-lines.js";
import { all, folderWith } from "../fixtures.js";

const published = "https://example.org/set";

test("any text comes back line by line, compressed or not", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.boolean(), fc.boolean(), async (texts, compressed, endsInNewline) => {
      const name = compressed ? "a.jsonl.gz" : "a.jsonl";
      const folder = await folderWith({ [name]: texts.join("\n") + (endsInNewline ? "\n" : "") });
      const read = await all(readLines({ file: `${folder}/${name}`, published }));
      const expected = texts.flatMap((text, index) => (text === "" ? [] : [{ text, number: index + 1 }]));
      expect(read).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("lines longer than one chunk of the file stay whole", async () => {
  const texts = ["é".repeat(200_000), "b", "c".repeat(70_000)];
  const folder = await folderWith({ "a.txt": texts.join("\n") });
  const read = await all(readLines({ file: `${folder}/a.txt`, published }));
  expect(read.map((one) => one.text)).toEqual(texts);
});

test("a carriage return before the newline is dropped", async () => {
  const folder = await folderWith({ "a.txt": "one\r\ntwo\r\n" });
  const read = await all(readLines({ file: `${folder}/a.txt`, published }));
  expect(read.map((one) => one.text)).toEqual(["one", "two"]);
});

test("a missing file says which and where it is published", async () => {
  const folder = await folderWith({});
  const error = await all(readLines({ file: `${folder}/none.jsonl.gz`, published })).catch(
    (thrown) => thrown,
  );
  expect(isAgentOSError(error, "DATASET_MISSING")).toBe(true);
  expect(error.message).toContain(`${folder}/none.jsonl.gz`);
  expect(error.message).toContain(published);
});

test("a compressed file that is cut off is refused after the lines before the cut", async () => {
  const text = Array.from({ length: 5_000 }, (_, index) => `${index} ${Math.sin(index)}\n`).join("");
  const whole = gzipSync(text);
  const folder = await folderWith({ "cut.gz": whole.subarray(0, whole.length / 2) });
  let count = 0;
  const reading = (async () => {
    for await (const _ of readLines({ file: `${folder}/cut.gz`, published })) count += 1;
  })();
  await expect(reading).rejects.toMatchObject({ code: "DATASET_UNREADABLE" });
  expect(count).toBeGreaterThan(100);
});

test("a file that is not compressed though its name says so is refused", async () => {
  const folder = await folderWith({ "plain.gz": new TextEncoder().encode("plain\n") });
  await expect(all(readLines({ file: `${folder}/plain.gz`, published }))).rejects.toMatchObject({
    code: "DATASET_UNREADABLE",
  });
});

test("bytes that are not UTF-8 are refused by line", async () => {
  const folder = await folderWith({ "a.txt": new Uint8Array([65, 10, 0xff, 0xfe, 10]) });
  await expect(all(readLines({ file: `${folder}/a.txt`, published }))).rejects.toMatchObject({
    code: "DATASET_LINE_BROKEN",
    details: { line: 2 },
  });
});

test("an aborted signal ends the reading", async () => {
  const folder = await folderWith({ "a.txt": "x\n".repeat(200_000) });
  const controller = new AbortController();
  const reading = (async () => {
    for await (const { number } of readLines({ file: `${folder}/a.txt`, published }, controller.signal)) {
      if (number === 10) controller.abort();
    }
  })();
  await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
});
