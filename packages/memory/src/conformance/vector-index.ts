import assert from "node:assert/strict";
import { isAgentOSError } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { VectorIndex, VectorMatch } from "../vector-index.js";

/** What an index says of itself. */
export interface VectorIndexConformanceOptions {
  /**
   * Whether it always finds the nearest. An index that does not must still give only what it holds and what is allowed, the
   * true scores, best first, as many as there are, and all the nearest where at most a tenth is allowed.
   * @default true
   */
  readonly exact?: boolean;
  /**
   * Share of the ten nearest that an index which is not exact finds, over a history; 0 to 1.
   * @default 1
   */
  readonly recall?: number;
  /** Resolves when what the index does in the background is done. Searches come both before and after. */
  readonly settled?: (index: VectorIndex) => Promise<void>;
}

/** The cases that every vector index passes. `make` makes an empty one. */
export function vectorIndexConformance(
  make: (dimensions: number) => VectorIndex | Promise<VectorIndex>,
  options: VectorIndexConformanceOptions = {},
): readonly ConformanceCase[] {
  const { exact = true, recall = 1, settled = async () => {} } = options;
  const open = async (dimensions: number, work: (index: VectorIndex) => Promise<void>): Promise<void> => {
    const index = await make(dimensions);
    try {
      await work(index);
    } finally {
      await index.close?.();
    }
  };
  return [
    ...HISTORIES.map(
      ({ seed, slots, steps, dimensions }): ConformanceCase => ({
        name: `finds what a naive scan does while ${slots} slots come and go (history ${seed})`,
        run: () =>
          open(dimensions, async (index) => {
            const random = generator(seed);
            const model = new Map<number, Float32Array>();
            let [wanted, found] = [0, 0];
            for (let step = 0; step < steps; step++) {
              change(index, model, Math.floor(random() * slots), random);
              assert.equal(index.size, model.size);
              if (step % (steps / 40) !== 0) continue;
              if (random() < 0.5) await settled(index);
              const share = [0, 0.02, 0.1, 0.3, 0.7, 1][Math.floor(random() * 6)] ?? 1;
              // Shorter than the slots: what lies behind its end is not allowed.
              const mask = Uint8Array.from({ length: slots * 0.9 }, () => (random() < share ? 255 : 0));
              const allowed = share === 1 ? undefined : mask;
              const query = randomVector(dimensions, random);
              const limit = 1 + Math.floor(random() * 20);
              const matches = await index.search(query, { limit, allowed });
              const ranked = naive(model, query, allowed);
              const truth = ranked.slice(0, limit);
              const slotsOf = new Set(matches.map((match) => match.slot));
              checkMatches(matches, { query, model, allowed, count: truth.length });
              const hits = truth.filter((match) => slotsOf.has(match.slot)).length;
              if (exact || ranked.length <= model.size / 10) {
                assert.equal(hits, truth.length, `${hits} of the ${truth.length} nearest are found`);
              }
              wanted += truth.length;
              found += hits;
            }
            assert.ok(found >= recall * wanted, `found ${found} of the ${wanted} nearest`);
          }),
      }),
    ),

    {
      name: "finds a vector in its new place only, when it is put in place of another, deleted or put back",
      run: () =>
        open(8, async (index) => {
          const random = generator(3);
          const vectors = Array.from({ length: 400 }, () => randomVector(8, random));
          for (const [slot, vector] of vectors.entries()) index.set(slot, vector);
          await settled(index);
          for (let slot = 0; slot < 200; slot++) {
            if (slot % 2 === 0) index.set(slot, randomVector(8, random));
            else index.delete(slot);
          }
          for (const when of ["at once", "later"]) {
            if (when === "later") await settled(index);
            for (let slot = 0; slot < 200; slot++) {
              const query = vectors[slot] ?? new Float32Array(8);
              const [match] = await index.search(query, { limit: 1 });
              assert.ok((match?.score ?? 0) < 0.9999, `the old vector of slot ${slot} is found ${when}`);
            }
          }
          for (let slot = 0; slot < 200; slot++) index.set(slot, vectors[slot] ?? new Float32Array(8));
          await settled(index);
          assert.equal(index.size, 400);
          let found = 0;
          for (const [slot, query] of vectors.entries()) {
            const [match] = await index.search(query, { limit: 1 });
            if (match?.slot === slot) found += 1;
          }
          assert.ok(found >= (exact ? 400 : recall * 400), `${found} of 400 are found again`);
        }),
    },

    {
      name: "gives each of many searches at the same time its own answer",
      run: () =>
        open(16, async (index) => {
          const random = generator(9);
          const vectors = Array.from({ length: 500 }, () => randomVector(16, random));
          for (const [slot, vector] of vectors.entries()) index.set(slot, vector);
          await settled(index);
          const answers = await Promise.all(
            vectors.slice(0, 50).map((query, slot) => index.search(query, { limit: 1 + (slot % 5) })),
          );
          let found = 0;
          for (const [slot, answer] of answers.entries()) {
            assert.equal(answer.length, 1 + (slot % 5));
            if (answer[0]?.slot === slot) found += 1;
          }
          assert.ok(found >= (exact ? 50 : recall * 50), `${found} of 50 are found`);
        }),
    },

    {
      name: "gives all when more are asked for than there are, equal ones by slot",
      run: () =>
        open(4, async (index) => {
          for (const slot of [9, 2, 5]) index.set(slot, Float32Array.of(1, 2, 3, 4));
          index.set(7, Float32Array.of(-1, 0, 0, 0));
          const matches = await index.search(Float32Array.of(1, 2, 3, 4), { limit: 100 });
          assert.deepEqual(
            matches.map((match) => match.slot),
            [2, 5, 9, 7],
          );
          const none = await index.search(new Float32Array(4), { limit: 2 });
          assert.deepEqual(none, [
            { slot: 2, score: 0 },
            { slot: 5, score: 0 },
          ]);
        }),
    },

    {
      name: "is closed as often as one likes, where it can be",
      run: async () => {
        const index = await make(3);
        index.set(0, Float32Array.of(1, 2, 3));
        await index.close?.();
        await index.close?.();
      },
    },

    {
      name: "is indifferent to the length of a vector, however small or large",
      run: () =>
        open(2, async (index) => {
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
        }),
    },

    {
      name: "keeps its own copy of a vector",
      run: () =>
        open(2, async (index) => {
          const vector = Float32Array.of(1, 0);
          index.set(0, vector);
          vector.set([0, 1]);
          const [match] = await index.search(Float32Array.of(1, 0), { limit: 1 });
          assert.ok(Math.abs((match?.score ?? 0) - 1) < 1e-6);
        }),
    },

    {
      name: "gives nothing when empty, when nothing is allowed, and at limit 0",
      run: () =>
        open(3, async (index) => {
          const query = Float32Array.of(1, 2, 3);
          assert.deepEqual(await index.search(query, { limit: 5 }), []);
          index.set(4, query);
          index.delete(99);
          assert.deepEqual(await index.search(query, { limit: 0 }), []);
          assert.deepEqual(await index.search(query, { limit: 5, allowed: new Uint8Array(0) }), []);
          assert.deepEqual(await index.search(query, { limit: 5, allowed: new Uint8Array(5) }), []);
        }),
    },

    {
      name: "refuses vectors of a wrong length or with numbers that are not finite",
      run: () =>
        open(3, async (index) => {
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
        }),
    },

    {
      name: "stops at an aborted signal",
      run: () =>
        open(1, async (index) => {
          await assert.rejects(
            index.search(Float32Array.of(1), { limit: 1, signal: AbortSignal.abort() }),
            (error) => isAgentOSError(error, "ABORTED"),
          );
        }),
    },
  ];
}

/** Small and busy, larger than the thresholds of most indexes, and in many dimensions. */
const HISTORIES = [
  { seed: 7, slots: 300, steps: 800, dimensions: 24 },
  { seed: 8, slots: 3_000, steps: 6_000, dimensions: 16 },
  { seed: 9, slots: 800, steps: 1_600, dimensions: 130 },
] as const;

/** Sets or deletes one slot, in the index and in the model. */
function change(
  index: VectorIndex,
  model: Map<number, Float32Array>,
  slot: number,
  random: () => number,
): void {
  if (random() < 0.2) {
    index.delete(slot);
    model.delete(slot);
    return;
  }
  const vector = randomVector(index.dimensions, random);
  index.set(slot, vector);
  model.set(slot, vector);
}

/** What holds of the answer of any index, exact or not. */
function checkMatches(
  matches: readonly VectorMatch[],
  asked: {
    readonly query: Float32Array;
    readonly model: ReadonlyMap<number, Float32Array>;
    readonly allowed: Uint8Array | undefined;
    readonly count: number;
  },
): void {
  const { query, model, allowed, count } = asked;
  assert.equal(matches.length, count, "as many as are allowed, up to the limit");
  assert.equal(new Set(matches.map((match) => match.slot)).size, count, "no slot twice");
  for (const [place, { slot, score }] of matches.entries()) {
    assert.ok(model.has(slot), "only slots that hold a vector");
    assert.ok(allowed === undefined || allowed[slot], "only allowed slots");
    assert.ok(Math.abs(score - cosine(query, model.get(slot))) < 1e-4, "the score is the cosine");
    assert.ok(place === 0 || score <= (matches[place - 1]?.score ?? 0), "best first");
  }
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
