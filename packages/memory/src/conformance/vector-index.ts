import assert from "node:assert/strict";
import { isAgentOSError } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { VectorIndex } from "../vector-index.js";

/** What may be said of the index. */
export interface VectorIndexConformanceOptions {
  /**
   * Share of the true nearest that must be found, 0 to 1: 1 for an exact index.
   * @default 1
   */
  readonly recall?: number;
}

/** The cases that every vector index passes. `make` makes an empty one. */
export function vectorIndexConformance(
  make: (dimensions: number) => VectorIndex | Promise<VectorIndex>,
  options: VectorIndexConformanceOptions = {},
): readonly ConformanceCase[] {
  const { recall = 1 } = options;
  return [
    {
      name: "finds the nearest allowed slots, as a naive scan does, while slots come and go",
      run: async () => {
        const random = generator(7);
        const dimensions = 24;
        const index = await make(dimensions);
        const model = new Map<number, Float32Array>();
        let [wanted, found] = [0, 0];
        for (let step = 0; step < 600; step++) {
          const slot = Math.floor(random() * 300);
          if (random() < 0.25) {
            index.delete(slot);
            model.delete(slot);
          } else {
            const vector = randomVector(dimensions, random);
            index.set(slot, vector);
            model.set(slot, vector);
          }
          assert.equal(index.size, model.size);
          if (step % 10 !== 0) continue;
          const share = [0, 0.02, 0.3, 1][(step / 10) % 4] ?? 1;
          const allowed =
            share === 1 ? undefined : Uint8Array.from({ length: 250 }, () => (random() < share ? 1 : 0));
          const query = randomVector(dimensions, random);
          const limit = 1 + Math.floor(random() * 20);
          const matches = await index.search(query, { limit, allowed });
          const truth = naive(model, query, allowed).slice(0, limit);
          assert.equal(matches.length, truth.length, "as many as are allowed, up to the limit");
          const slots = new Set(matches.map((match) => match.slot));
          assert.equal(slots.size, matches.length, "no slot twice");
          for (const [place, match] of matches.entries()) {
            assert.ok(allowed === undefined || allowed[match.slot], "only allowed slots");
            assert.ok(
              Math.abs(match.score - cosine(query, model.get(match.slot))) < 1e-4,
              "the score is the cosine",
            );
            assert.ok(place === 0 || match.score <= (matches[place - 1]?.score ?? 0), "best first");
          }
          wanted += truth.length;
          found += truth.filter((match) => slots.has(match.slot)).length;
        }
        assert.ok(found >= recall * wanted, `found ${found} of the ${wanted} nearest`);
      },
    },

    {
      name: "is indifferent to the length of a vector, however small or large",
      run: async () => {
        const index = await make(2);
        index.set(0, Float32Array.of(1e-30, 0));
        index.set(1, Float32Array.of(1e30, 1e30));
        index.set(2, Float32Array.of(0, 0));
        const matches = await index.search(Float32Array.of(3, 0), { limit: 3 });
        assert.deepEqual(
          matches.map((match) => match.slot),
          [0, 1, 2],
        );
        [1, Math.SQRT1_2, 0].forEach((score, place) => {
          assert.ok(Math.abs((matches[place]?.score ?? 9) - score) < 1e-4);
        });
      },
    },

    {
      name: "keeps its own copy of a vector",
      run: async () => {
        const index = await make(2);
        const vector = Float32Array.of(1, 0);
        index.set(0, vector);
        vector.set([0, 1]);
        const [match] = await index.search(Float32Array.of(1, 0), { limit: 1 });
        assert.ok(Math.abs((match?.score ?? 0) - 1) < 1e-6);
      },
    },

    {
      name: "gives nothing when empty, when nothing is allowed, and at limit 0",
      run: async () => {
        const index = await make(3);
        const query = Float32Array.of(1, 2, 3);
        assert.deepEqual(await index.search(query, { limit: 5 }), []);
        index.set(4, query);
        index.delete(99);
        assert.deepEqual(await index.search(query, { limit: 0 }), []);
        assert.deepEqual(await index.search(query, { limit: 5, allowed: new Uint8Array(0) }), []);
        assert.deepEqual(await index.search(query, { limit: 5, allowed: new Uint8Array(5) }), []);
      },
    },

    {
      name: "refuses vectors of a wrong length or with numbers that are not finite",
      run: async () => {
        const index = await make(3);
        for (const vector of [
          Float32Array.of(1),
          Float32Array.of(1, 2, 3, 4),
          Float32Array.of(1, NaN, 0),
          Float32Array.of(Infinity, 0, 0),
        ]) {
          assert.throws(() => index.set(0, vector), invalid);
          await assert.rejects(async () => index.search(vector, { limit: 1 }), invalid);
        }
        assert.throws(() => index.set(-1, Float32Array.of(1, 2, 3)), invalid);
        assert.throws(() => index.set(0.5, Float32Array.of(1, 2, 3)), invalid);
        assert.equal(index.size, 0);
      },
    },

    {
      name: "stops at an aborted signal",
      run: async () => {
        const index = await make(1);
        await assert.rejects(
          index.search(Float32Array.of(1), { limit: 1, signal: AbortSignal.abort() }),
          (error) => isAgentOSError(error, "ABORTED"),
        );
      },
    },
  ];
}

function naive(
  model: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  allowed: Uint8Array | undefined,
) {
  return [...model]
    .filter(([slot]) => allowed === undefined || allowed[slot])
    .map(([slot, vector]) => ({ slot, score: cosine(query, vector) }))
    .sort((a, b) => b.score - a.score || a.slot - b.slot);
}

function cosine(a: Float32Array, b: Float32Array = new Float32Array()): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function randomVector(dimensions: number, random: () => number): Float32Array {
  return Float32Array.from({ length: dimensions }, () => random() * 2 - 1);
}

function invalid(error: unknown): boolean {
  return isAgentOSError(error, "MEMORY_VECTOR_INVALID");
}

/** A linear congruential generator (the constants of Numerical Recipes), so that every run sees the same numbers. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
