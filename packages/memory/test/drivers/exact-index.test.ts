import { describe, expect, test } from "vitest";
import { ExactIndex, HashedEmbedder } from "../../src/index.js";
import { clustered, seeded } from "./vectors.js";

/** All cosines of a query and the allowed vectors, computed in float64, greatest first. */
function naive(vectors: readonly Float32Array[], query: Float32Array, allowed?: Uint8Array) {
  const product = (one: Float32Array, other: Float32Array): number =>
    one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
  const length = (vector: Float32Array): number => Math.sqrt(product(vector, vector)) || 1;
  return vectors
    .map((vector, slot) => ({ slot, score: product(vector, query) / length(vector) / length(query) }))
    .filter(({ slot }) => allowed?.[slot] !== 0)
    .sort((a, b) => b.score - a.score || a.slot - b.slot);
}

/** Checks that an index finds all of the nearest, up to what float32 leaves undecided. */
async function finds(
  vectors: readonly Float32Array[],
  query: Float32Array,
  options: { readonly limit: number; readonly allowed?: Uint8Array },
): Promise<void> {
  const index = new ExactIndex(query.length);
  for (const [slot, vector] of vectors.entries()) index.set(slot, vector);
  const matches = await index.search(query, options);
  const all = naive(vectors, query, options.allowed);
  const truth = all.slice(0, options.limit);
  const scores = new Map(all.map(({ slot, score }) => [slot, score]));
  expect(matches.length).toBe(truth.length);
  expect(new Set(matches.map(({ slot }) => slot)).size).toBe(truth.length);
  for (const [place, { slot, score }] of matches.entries()) {
    expect(Math.abs(score - (scores.get(slot) ?? 9))).toBeLessThan(1e-6);
    expect(Math.abs(score - (truth[place]?.score ?? 9))).toBeLessThan(1e-6);
  }
}

describe("all of the nearest are found", () => {
  test.each([
    [1, 1],
    [15, 1],
    [16, 0.3],
    [17, 2],
    [256, 0.7],
    [384, 100],
    // So many that the sum of the products needs a coarser query.
    [3_072, 1],
    [20_000, 0.1],
  ])("of clustered vectors of %i dimensions with spread %d", async (dimensions, spread) => {
    const make = clustered(dimensions, 20, spread, seeded(dimensions));
    const vectors = Array.from({ length: dimensions > 1_000 ? 60 : 1_500 }, make);
    for (const limit of [1, 10, 100]) {
      await finds(vectors, make(), { limit });
      const allowed = Uint8Array.from(vectors, (_, slot) => (slot % 9 === 4 ? 1 : 0));
      await finds(vectors, make(), { limit, allowed });
    }
  });

  test("of vectors with the greatest products that there are", async () => {
    for (const dimensions of [16, 256, 4_096]) {
      for (const sign of [1, -1]) {
        const all = new Float32Array(dimensions).fill(sign);
        const most = all.map((value, at) => (at % 97 === 5 ? -value : value));
        await finds([all, most, all.map((value) => -value)], new Float32Array(dimensions).fill(1), {
          limit: 3,
        });
      }
    }
  });

  test("of vectors with one coordinate that dwarfs the others, which rounding takes away", async () => {
    const random = seeded(8);
    const make = (): Float32Array =>
      Float32Array.from({ length: 64 }, (_, at) => (at === 0 ? 1 : (random() - 0.5) / 200));
    const vectors = Array.from({ length: 2_000 }, make);
    for (let times = 0; times < 10; times++) await finds(vectors, make(), { limit: 10 });
  });

  test("of texts, whose hashed vectors are mostly zeros", async () => {
    const random = seeded(3);
    const words = Array.from({ length: 400 }, (_, index) => `word${index}x${Math.floor(random() * 1e6)}`);
    const text = (): string =>
      Array.from({ length: 12 }, () => words[Math.floor(400 ** random()) - 1]).join(" ");
    const embedder = new HashedEmbedder(256);
    const vectors = await embedder.embed(Array.from({ length: 2_000 }, text));
    for (const query of await embedder.embed(Array.from({ length: 5 }, text)))
      await finds(vectors, query, { limit: 10 });
  });
});

test("an index has a dimension", () => {
  expect(() => new ExactIndex(0)).toThrow(/1 dimension/);
});

test("more vectors than a memory of 4 GiB can hold are refused, and the index stays as it is", async () => {
  const index = new ExactIndex(1_024);
  index.set(0, new Float32Array(1_024).fill(1));
  expect(() => index.set(2 ** 27, new Float32Array(1_024).fill(1))).toThrow(
    expect.objectContaining({ code: "MEMORY_VECTOR_INVALID" }),
  );
  expect(index.size).toBe(1);
  expect(await index.search(new Float32Array(1_024).fill(1), { limit: 2 })).toHaveLength(1);
});

describe("parts", () => {
  const make = clustered(48, 20, 1, seeded(5));
  const filled = (slots: number): ExactIndex => {
    const index = new ExactIndex(48);
    for (let slot = 0; slot < slots; slot++) if (slot % 7 !== 3) index.set(slot, make());
    return index;
  };

  test.each([0, 1, 1024, 2_500])("of %i slots make the same index again", async (slots) => {
    const index = filled(slots);
    const again = ExactIndex.fromParts(index.toParts());
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
