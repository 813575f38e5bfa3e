import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ExactIndex } from "../src/drivers/exact-index.js";
import { HashedEmbedder } from "../src/drivers/hashed-embedder.js";
import { EmbeddedTexts } from "../src/embedded-texts.js";

const keys = (found: readonly { readonly key: string }[]): readonly string[] => found.map(({ key }) => key);

test("the texts that are most alike come first, and unrelated ones not at all", async () => {
  const texts = new EmbeddedTexts();
  await texts.put([
    { key: "dates", text: "parse a date in UTC" },
    { key: "money", text: "round an amount of money" },
    { key: "time", text: "format the date and time" },
  ]);
  const found = await texts.search("parsing dates", { limit: 3 });
  expect(keys(found)[0]).toBe("dates");
  expect(keys(found)).not.toContain("money");
  expect(await texts.search("", { limit: 3 })).toEqual([]);
});

test("what is put again and deleted is found as it is now", async () => {
  const words = ["alpha", "beta", "gamma", "delta"];
  const steps = fc.array(
    fc.record({
      key: fc.constantFrom("a", "b", "c"),
      word: fc.option(fc.constantFrom(...words), { nil: undefined }),
    }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (changes) => {
      const texts = new EmbeddedTexts();
      const model = new Map<string, string>();
      for (const { key, word } of changes) {
        if (word === undefined) {
          texts.delete([key]);
          model.delete(key);
        } else {
          await texts.put([{ key, text: word }]);
          model.set(key, word);
        }
      }
      expect(texts.size).toBe(model.size);
      for (const word of words) {
        const expected = [...model].filter(([, text]) => text === word).map(([key]) => key);
        expect([...keys(await texts.search(word, { limit: 10 }))].sort()).toEqual(expected.sort());
      }
    }),
    { numRuns: 100 },
  );
});

test("an embedder that gives too few vectors is told, and an end is heard", async () => {
  const short = new EmbeddedTexts({
    embedder: { name: "short", dimensions: 2, embed: async () => [Float32Array.of(1, 0)] },
  });
  const two = [
    { key: "a", text: "a" },
    { key: "b", text: "b" },
  ];
  await expect(short.put(two)).rejects.toSatisfy((error) => isAgentOSError(error, "MEMORY_VECTOR_INVALID"));
  const signal = AbortSignal.abort();
  await expect(new EmbeddedTexts().put(two, { signal })).rejects.toSatisfy((error) =>
    isAgentOSError(error, "ABORTED"),
  );
  await expect(new EmbeddedTexts().search("a", { limit: -1 })).rejects.toSatisfy((error) =>
    isAgentOSError(error, "OPTIONS_INVALID"),
  );
});

test("wrong options are refused by name", async () => {
  const wrong = (options: object): string => {
    try {
      new EmbeddedTexts(options as never);
    } catch (error) {
      expect(error).toSatisfy((one) => isAgentOSError(one, "OPTIONS_INVALID"));
      return String(error);
    }
    return "";
  };
  expect(wrong({})).toBe("");
  expect(wrong({ embedder: new HashedEmbedder(), vectorIndex: () => new ExactIndex(3) })).toBe("");
  expect(wrong({ embeder: new HashedEmbedder() })).toContain("unknown key embeder");
  for (const embedder of [null, "hashed", {}, { embed: () => [], name: "none", dimensions: 0 }])
    expect(wrong({ embedder })).toContain("embedder: must have embed, a name and dimensions");
  expect(wrong({ vectorIndex: new ExactIndex(3) })).toContain("vectorIndex: must be a function");
  const refused = (error: unknown): boolean =>
    isAgentOSError(error, "OPTIONS_INVALID") && String(error).includes("unknown key abort");
  const texts = new EmbeddedTexts();
  await expect(texts.put([], { abort: 1 } as never)).rejects.toSatisfy(refused);
  await expect(texts.search("a", { limit: 1, abort: 1 } as never)).rejects.toSatisfy(refused);
});
