import { describe, expect, test } from "vitest";
import { embedderConformance } from "../../src/conformance/index.js";
import { fromLangChain, HashedEmbedder, type LangChainEmbeddings } from "../../src/index.js";

/** Of LangChain's shape; like many models it refuses empty texts. */
class HashedEmbeddings implements LangChainEmbeddings {
  readonly #inner = new HashedEmbedder(64);

  async embedDocuments(texts: string[]): Promise<number[][]> {
    if (texts.length === 0 || texts.some((text) => text.trim() === "")) throw new Error("empty input");
    return (await this.#inner.embed(texts)).map((vector) => [...vector]);
  }

  async embedQuery(text: string): Promise<number[]> {
    return (await this.embedDocuments([text]))[0] ?? [];
  }
}

describe("conformance", () => {
  const make = () => fromLangChain(new HashedEmbeddings(), { name: "hashed", unrelatedBelow: 0.2 });
  for (const { name, run } of embedderConformance(make)) test(name, run);
});

test("asks for the dimensions only when it is not told", async () => {
  const asked: string[] = [];
  const embeddings: LangChainEmbeddings = {
    embedDocuments: async (texts) => texts.map(() => [1, 2, 3]),
    embedQuery: async (text) => {
      asked.push(text);
      return [1, 2, 3];
    },
  };
  expect((await fromLangChain(embeddings, { name: "told", dimensions: 3 })).dimensions).toBe(3);
  expect(asked).toEqual([]);
  expect((await fromLangChain(embeddings, { name: "asked" })).dimensions).toBe(3);
  expect(asked.length).toBe(1);
});

test.each<[string, Partial<LangChainEmbeddings>]>([
  ["throws", { embedDocuments: () => Promise.reject(new Error("down")) }],
  [
    "throws at once",
    {
      embedDocuments: () => {
        throw new Error("down");
      },
    },
  ],
  ["gives too few", { embedDocuments: async () => [] }],
  ["gives nothing", { embedDocuments: async () => undefined as unknown as number[][] }],
  ["gives a wrong length", { embedDocuments: async (texts) => texts.map(() => [1]) }],
  ["gives what is no number", { embedDocuments: async (texts) => texts.map(() => ["x", "y"] as never) }],
])("embeddings whose embedDocuments %s are an error", async (_name, broken) => {
  const embeddings: LangChainEmbeddings = {
    embedDocuments: broken.embedDocuments ?? (async () => []),
    embedQuery: async () => [NaN, 1],
  };
  const embedder = await fromLangChain(embeddings, { name: "broken", dimensions: 2 });
  const failed = { code: "MEMORY_EMBEDDER_FAILED", message: expect.stringContaining('"broken"') };
  await expect(embedder.embed(["a"])).rejects.toMatchObject(failed);
  await expect(embedder.embedQuery?.("a")).rejects.toMatchObject(failed);
});

test("a signal ends the wait for a call that never ends", async () => {
  const never = (): Promise<never> => new Promise(() => {});
  const embedder = await fromLangChain(
    { embedDocuments: never, embedQuery: never },
    { name: "n", dimensions: 2 },
  );
  const { signal } = new AbortController();
  await expect(embedder.embed([" "], { signal })).resolves.toEqual([new Float32Array(2)]);
  const soon = AbortSignal.timeout(30);
  await expect(embedder.embed(["a"], { signal: soon })).rejects.toMatchObject({ code: "ABORTED" });
});

test("what has not the shape, or wrong options, are refused by name", async () => {
  const embeddings = new HashedEmbeddings();
  await expect(fromLangChain({} as never, { name: "x" })).rejects.toThrow(/embedDocuments/);
  await expect(fromLangChain(embeddings, { name: "" })).rejects.toThrow(/name/);
  await expect(fromLangChain(embeddings, { name: "x", dimension: 3 } as never)).rejects.toThrow(/dimension/);
});
