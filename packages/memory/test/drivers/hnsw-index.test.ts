import type { Worker } from "node:worker_threads";
import { describe, expect, onTestFinished, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { vectorIndexConformance } from "../../src/conformance/index.js";
import { autoIndex, HnswIndex, type HnswIndexOptions, hnswAvailability } from "../../src/hnsw/index.js";
import { ExactIndex, HashedEmbedder } from "../../src/index.js";
import { openMemory } from "../fixture.js";
import { clustered, seeded } from "./vectors.js";

const found = hnswAvailability();
const here = requirement("hnsw", found.available, found.available ? "" : `${found.reason}. ${found.remedy}`);

function open(dimensions: number, options: HnswIndexOptions = {}): HnswIndex {
  const index = new HnswIndex(dimensions, options);
  onTestFinished(() => index.close());
  return index;
}

/** The threads that are started from now on, until the test is over. */
function watchThreads(): readonly Worker[] {
  const threads: Worker[] = [];
  const take = (worker: Worker): void => void threads.push(worker);
  process.on("worker", take);
  onTestFinished(() => void process.off("worker", take));
  return threads;
}

describe.skipIf(!here)("HnswIndex", () => {
  const settled = (index: unknown): Promise<void> => (index as HnswIndex).settled();
  const make = (dimensions: number): HnswIndex => new HnswIndex(dimensions);
  describe("conformance", () => {
    for (const { name, run } of vectorIndexConformance(make, { exact: false, recall: 0.95, settled })) {
      test(name, run);
    }
  });

  test("finds 95 % of the ten nearest among many, by the graph, and all where few are allowed", async () => {
    const random = seeded(21);
    const make = clustered(48, 200, 1.2, random);
    const truth = new ExactIndex(48);
    const index = open(48);
    for (let slot = 0; slot < 6_000; slot++) {
      const vector = make();
      index.set(slot, vector);
      truth.set(slot, vector);
    }
    await index.settled();
    for (const [share, least] of [
      [1, 0.95],
      [0.5, 0.95],
      [0.1, 1],
      [0.01, 1],
    ] as const) {
      const allowed =
        share === 1 ? undefined : Uint8Array.from({ length: 6_000 }, () => (random() < share ? 1 : 0));
      let hits = 0;
      for (let times = 0; times < 40; times++) {
        const query = make();
        const wanted = new Set((await truth.search(query, { limit: 10, allowed })).map(({ slot }) => slot));
        const matches = await index.search(query, { limit: 10, allowed });
        hits += matches.filter(({ slot }) => wanted.has(slot)).length;
      }
      expect(hits / 400).toBeGreaterThanOrEqual(least);
    }
  });

  test("the graph is really asked: what only a full scan could find is found less often by a narrow one", async () => {
    const make = clustered(64, 1, 50, seeded(4));
    const truth = new ExactIndex(64);
    const index = open(64, { links: 2, buildWidth: 2, searchWidth: 1 });
    for (let slot = 0; slot < 4_000; slot++) {
      const vector = make();
      index.set(slot, vector);
      truth.set(slot, vector);
    }
    await index.settled();
    let hits = 0;
    for (let times = 0; times < 30; times++) {
      const query = make();
      const wanted = new Set((await truth.search(query, { limit: 10 })).map(({ slot }) => slot));
      hits += (await index.search(query, { limit: 10 })).filter(({ slot }) => wanted.has(slot)).length;
    }
    expect(hits / 300).toBeLessThan(0.9);
  });

  test("hidden points do not pile up: many updates of few slots leave an index that finds", async () => {
    const make = clustered(16, 5, 1, seeded(6));
    const index = open(16);
    const last = new Map<number, Float32Array>();
    for (let round = 0; round < 40; round++) {
      for (let slot = 0; slot < 100; slot++) {
        const vector = make();
        index.set(slot, vector);
        last.set(slot, vector);
      }
      await index.settled();
    }
    for (const [slot, vector] of last) {
      expect((await index.search(vector, { limit: 1 }))[0]?.slot).toBe(slot);
    }
  });

  test("building the graph leaves the main thread free", async () => {
    const make = clustered(128, 20, 1, seeded(8));
    const index = open(128);
    const vectors = Array.from({ length: 3_000 }, make);
    for (const [slot, vector] of vectors.entries()) index.set(slot, vector);
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const started = performance.now();
    await index.settled();
    clearInterval(watch);
    // The graph takes a second or so; in the main thread it would be one long stall.
    expect(performance.now() - started).toBeGreaterThan(longest * 3);
  });

  test("with fewer vectors than `from` no thread is started, and from then on one is", async () => {
    const make = clustered(8, 3, 1, seeded(2));
    const threads = watchThreads();
    const index = open(8, { from: 50 });
    for (let slot = 0; slot < 49; slot++) index.set(slot, make());
    await index.search(make(), { limit: 3 });
    expect(threads.length).toBe(0);
    for (let slot = 49; slot < 200; slot++) index.set(slot, make());
    await index.settled();
    expect(threads.length).toBe(1);
    const query = make();
    index.set(999, query);
    expect((await index.search(query, { limit: 1 }))[0]?.slot).toBe(999);
  });

  test("a thread that dies leaves an index that compares, keeps nobody waiting, and says so", async () => {
    const make = clustered(8, 3, 1, seeded(2));
    const told: unknown[] = [];
    const warn = (...parts: unknown[]): void => void told.push(...parts);
    const threads = watchThreads();
    const index = open(8, { logger: { debug() {}, info() {}, error() {}, warn } });
    for (let slot = 0; slot < 800; slot++) index.set(slot, make());
    const query = make();
    index.set(5, query);
    // The event comes in the next turn.
    await new Promise(setImmediate);
    const waiting = index.settled();
    const asked = index.search(query, { limit: 1 });
    await threads[0]?.terminate();
    await waiting;
    expect((await asked)[0]?.slot).toBe(5);
    index.delete(5);
    index.set(6, query);
    expect((await index.search(query, { limit: 1 }))[0]?.slot).toBe(6);
    expect(threads.length).toBe(1);
    expect(told).toContainEqual("the graph of vectors ended; they are compared without it");
  });

  test("a memory uses it, and closes it", async () => {
    const threads = watchThreads();
    const embedder = {
      name: "meaning",
      dimensions: 16,
      embed: (texts: readonly string[]) => hashes.embed(texts),
    };
    const hashes = new HashedEmbedder(16);
    const { memory } = await openMemory({ embedder, vectorIndex: autoIndex({ from: 5 }) });
    for (let n = 0; n < 30; n++)
      await memory.remember({ content: `note ${n} of many`, scope: { level: "user" } });
    expect((await memory.recall("note 17"))[0]?.memory.content).toBe("note 17 of many");
    expect(threads.length).toBe(1);
    const ended = new Promise((resolve) => threads[0]?.once("exit", resolve));
    await memory.close();
    await ended;
  });

  test("a signal ends a search, and a closed index keeps nobody waiting", async () => {
    const make = clustered(64, 3, 1, seeded(2));
    const index = open(64);
    for (let slot = 0; slot < 900; slot++) index.set(slot, make());
    const controller = new AbortController();
    const searching = index.search(make(), { limit: 5, signal: controller.signal });
    controller.abort();
    await expect(searching).rejects.toMatchObject({ code: "ABORTED" });
    const waiting = index.settled();
    const asked = index.search(make(), { limit: 5 });
    await index.close();
    await waiting;
    expect((await asked).length).toBe(5);
  });

  test("options are checked by name", () => {
    expect(() => new HnswIndex(4, { links: 1 })).toThrow(/links/);
    expect(() => new HnswIndex(4, { ef: 1 } as never)).toThrow(/ef/);
    expect(() => new HnswIndex(0)).toThrow(/1 dimension/);
  });
});

test("autoIndex gives an index wherever it is asked, of a graph where there can be one", async () => {
  const index = autoIndex({ from: 10 })(4);
  expect(index).toBeInstanceOf(here ? HnswIndex : ExactIndex);
  for (let slot = 0; slot < 20; slot++) index.set(slot, Float32Array.of(1, slot, 0, 0));
  expect((await index.search(Float32Array.of(1, 7, 0, 0), { limit: 1 }))[0]?.slot).toBe(7);
  await index.close?.();
});
