import { describe, expect, test } from "vitest";
import { ExactIndex, HashedEmbedder } from "../../src/index.js";
import { clustered, seeded } from "./vectors.js";

/** Two indexes of the same vectors: one that compares every one, and one that prefilters. */
function pair(dimensions: number, vectors: readonly Float32Array[]) {
  const full = new ExactIndex(dimensions, { prefilterFrom: Infinity });
  const sifted = new ExactIndex(dimensions, { prefilterFrom: 0 });
  for (const [slot, vector] of vectors.entries()) {
    full.set(slot, vector);
    sifted.set(slot, vector);
  }
  return { full, sifted };
}

/** The share of the first that the second finds as well, over all queries. */
async function recall(
  { full, sifted }: ReturnType<typeof pair>,
  queries: readonly Float32Array[],
  options: { readonly limit: number; readonly allowed?: Uint8Array },
): Promise<number> {
  let [found, wanted] = [0, 0];
  for (const query of queries) {
    const truth = await full.search(query, options);
    const scores = new Map((await sifted.search(query, options)).map(({ slot, score }) => [slot, score]));
    expect(scores.size).toBe(truth.length);
    for (const { slot, score } of truth) {
      if (scores.has(slot)) expect(scores.get(slot)).toBe(score);
      found += scores.has(slot) ? 1 : 0;
      wanted += 1;
    }
  }
  return found / wanted;
}

describe("the prefilter finds at least 99 % of the ten nearest", () => {
  test.each([
    [64, 0.3],
    [256, 0.7],
    [384, 1],
    [256, 2],
    // No structure at all: signs tell little, and all are compared.
    [100, 100],
  ])("of clustered vectors of %i dimensions with spread %d", async (dimensions, spread) => {
    const make = clustered(dimensions, 100, spread, seeded(dimensions));
    const vectors = Array.from({ length: 4_000 }, make);
    const queries = Array.from({ length: 40 }, make);
    expect(await recall(pair(dimensions, vectors), queries, { limit: 10 })).toBeGreaterThanOrEqual(0.99);
  });

  test("of texts, whose hashed vectors are mostly zeros", async () => {
    const random = seeded(3);
    const words = Array.from({ length: 400 }, (_, index) => `word${index}x${Math.floor(random() * 1e6)}`);
    const text = (): string =>
      Array.from({ length: 12 }, () => words[Math.floor(400 ** random()) - 1]).join(" ");
    const embedder = new HashedEmbedder(256);
    const vectors = await embedder.embed(Array.from({ length: 3_000 }, text));
    const queries = await embedder.embed(Array.from({ length: 40 }, text));
    expect(await recall(pair(256, vectors), queries, { limit: 10 })).toBeGreaterThanOrEqual(0.99);
  });
});

test("up to an eighth of all being allowed, the answer is exactly that of a full scan", async () => {
  const random = seeded(11);
  const make = clustered(128, 50, 1.5, random);
  const indexes = pair(128, Array.from({ length: 3_000 }, make));
  const queries = Array.from({ length: 20 }, make);
  for (const share of [0.001, 0.01, 0.1]) {
    const allowed = Uint8Array.from({ length: 3_000 }, () => (random() < share ? 1 : 0));
    expect(await recall(indexes, queries, { limit: 10, allowed })).toBe(1);
  }
});

test("options are checked by name", () => {
  expect(() => new ExactIndex(4, { prefilterFrom: -1 })).toThrow(/prefilterFrom/);
  expect(() => new ExactIndex(4, { filter: 1 } as never)).toThrow(/filter/);
  expect(() => new ExactIndex(0)).toThrow(/1 dimension/);
});

describe("parts", () => {
  const make = clustered(48, 20, 1, seeded(5));
  const filled = (slots: number): ExactIndex => {
    const index = new ExactIndex(48, { prefilterFrom: 0 });
    for (let slot = 0; slot < slots; slot++) if (slot % 7 !== 3) index.set(slot, make());
    return index;
  };

  test.each([0, 1, 1024, 2_500])("of %i slots make the same index again", async (slots) => {
    const index = filled(slots);
    const again = ExactIndex.fromParts(index.toParts(), { prefilterFrom: 0 });
    expect(again.size).toBe(index.size);
    expect(again.dimensions).toBe(48);
    for (let times = 0; times < 5; times++) {
      const query = make();
      expect(await again.search(query, { limit: 20 })).toEqual(await index.search(query, { limit: 20 }));
    }
  });

  test("stay as they were when the index changes, and an index over them changes none of them", async () => {
    const index = filled(1_500);
    const parts = index.toParts();
    const before = new Map([...parts].map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]));
    const again = ExactIndex.fromParts(parts);
    for (const changing of [index, again]) {
      changing.set(0, make());
      changing.delete(1_200);
      changing.set(5_000, make());
    }
    for (const [name, bytes] of parts) expect(Buffer.from(bytes).toString("base64")).toBe(before.get(name));
    const query = make();
    again.set(9, query);
    expect((await again.search(query, { limit: 1 }))[0]?.slot).toBe(9);
    expect(ExactIndex.fromParts(again.toParts()).size).toBe(again.size);
  });

  test("are read at any place in a buffer, of which an aligned one is not copied", async () => {
    const index = filled(30);
    const query = make();
    const truth = await index.search(query, { limit: 5 });
    for (const offset of [0, 8, 1, 3]) {
      const moved = new Map(
        [...index.toParts()].map(([name, bytes]) => {
          const larger = Buffer.alloc(bytes.length + offset);
          larger.set(bytes, offset);
          return [name, larger.subarray(offset)] as const;
        }),
      );
      const again = ExactIndex.fromParts(moved);
      expect(await again.search(query, { limit: 5 })).toEqual(truth);
      const shared = [...again.toParts()].filter(([name, bytes]) => bytes.buffer === moved.get(name)?.buffer);
      expect(shared.length).toBe(offset % 4 === 0 ? 1 : 0);
    }
  });

  test("that are damaged, cut, missing, doubled or of another format are refused", () => {
    const whole = filled(1_100).toParts();
    const refused = (change: (parts: Map<string, Uint8Array>) => void): void => {
      const parts = new Map([...whole].map(([name, bytes]) => [name, new Uint8Array(bytes)]));
      change(parts);
      expect(() => ExactIndex.fromParts(parts)).toThrow(
        expect.objectContaining({ code: "MEMORY_VECTOR_INVALID" }),
      );
    };
    const random = seeded(1);
    for (let times = 0; times < 60; times++) {
      refused((parts) => {
        const names = [...parts.keys()];
        const bytes = parts.get(names[times % names.length] ?? "") ?? new Uint8Array(1);
        const place = Math.floor(random() * bytes.length);
        bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
      });
    }
    for (const name of whole.keys()) {
      refused((parts) => parts.delete(name));
      refused((parts) => parts.set(name, (parts.get(name) ?? new Uint8Array()).slice(0, -1)));
      refused((parts) => parts.set(name, new Uint8Array()));
    }
    refused((parts) => parts.set("block-2", parts.get("block-0") ?? new Uint8Array()));
    refused((parts) => {
      const first = parts.get("block-0") ?? new Uint8Array();
      parts.set("block-0", parts.get("block-1") ?? new Uint8Array()).set("block-1", first);
    });
    refused((parts) => parts.set("header", Buffer.from('{"text":"{\\"format\\":2}","sum":1}')));
    refused((parts) => parts.clear());
  });
});
