import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { HashedEmbedder, MemoryStore, type MemoryStoreOptions } from "@agentos/memory";
import { Store } from "@agentos/store";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { seededRandom } from "../lib/random.js";
import { type MemoryBench, rememberAll, withMemory } from "./context.js";

const SCOPE = { level: "user" } as const;
const DIMENSIONS = 256;
const WORDS = 25;
const VOCABULARY = 20_000;
/** So many that the first dozen, which V8 meets cold, are not what a percentile tells. */
const QUERIES = 1000;

/** The weight of words, so that vectors are searched, too. */
const HYBRID = 0.5;

/**
 * How long recall by words and vectors takes over 10,000 and 100,000 memories of 25 words, what it costs to write and to open
 * them, and for how long the event loop stands still meanwhile.
 */
export async function speedPart(bench: MemoryBench): Promise<PartResult> {
  const random = seededRandom("agentos-memory-1");
  const vocabulary = Array.from({ length: VOCABULARY }, () => word(random));
  const text = (length: number): string => Array.from({ length }, () => pick(vocabulary, random)).join(" ");
  const dir = await mkdtemp(join(bench.folder, "speed-"));
  const embedder = new HashedEmbedder(DIMENSIONS);
  const options = { embedder, lexicalWeight: HYBRID };
  let store = await Store.open({ dir });
  let memory = await MemoryStore.open({ store, ...options });
  const metrics: Metric[] = [];
  const progress = new Progress(bench.progress, "memories written", 100_000);
  try {
    let held = 0;
    for (const [name, count, target] of [
      ["10k", 10_000, 5],
      ["100k", 100_000, 15],
    ] as const) {
      const inputs = Array.from({ length: count - held }, () => ({ content: text(WORDS), scope: SCOPE }));
      const started = performance.now();
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await rememberAll(memory, inputs, bench.signal, () => progress.tick());
      delay.disable();
      held = count;
      if (name === "10k") {
        const perSecond = (1000 * inputs.length) / (performance.now() - started);
        // The monitor's own pause of a millisecond is no delay.
        const stall = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - 1);
        metrics.push(
          { name: "write_durable.per_s", value: perSecond, unit: "per_s" },
          { name: "write.per_s", value: await importing(bench, memory, options, count), unit: "per_s" },
          { name: "stall_p99_ms", value: stall(delay.percentile(99)), unit: "ms", target: { atMost: 10 } },
          { name: "stall_max_ms", value: stall(delay.max), unit: "ms", target: { atMost: 50 } },
        );
      }
      metrics.push(
        ...(await searches(`search.${name}`, target, text, (query) =>
          memory.recall(query, { limit: 10, signal: bench.signal }),
        )),
      );
    }
    await memory.close();
    await store.close();
    const started = performance.now();
    store = await Store.open({ dir });
    memory = await MemoryStore.open({ store, ...options });
    metrics.push({
      name: "open.100k_ms",
      value: performance.now() - started,
      unit: "ms",
      target: { atMost: 3000 },
    });
    metrics.push({ name: "rss.100k_mb", value: process.memoryUsage().rss / 1024 ** 2, unit: "mb" });
    await memory.close();
    memory = await MemoryStore.open({ store, embedder });
    metrics.push(
      ...(await searches("search_words.100k", undefined, text, (query) =>
        memory.recall(query, { limit: 10, signal: bench.signal }),
      )),
    );
  } finally {
    progress.end();
    await memory.close();
    await store.close();
  }
  return { metrics, notes: [] };
}

/** Memories a second, not each on the disk: those of one memory are imported into another, which is durable in the end. */
async function importing(
  bench: MemoryBench,
  from: MemoryStore,
  options: Omit<MemoryStoreOptions, "store">,
  count: number,
): Promise<number> {
  const lines: string[] = [];
  for await (const line of from.export({ signal: bench.signal })) lines.push(line);
  return withMemory(bench, options, [], async (memory) => {
    const started = performance.now();
    const { memories } = await memory.import(lines, { signal: bench.signal });
    const seconds = (performance.now() - started) / 1000;
    if (memories !== count) throw new Error(`${memories} of ${count} memories were imported.`);
    return count / seconds;
  });
}

async function searches(
  name: string,
  atMost: number | undefined,
  text: (length: number) => string,
  recall: (query: string) => Promise<unknown>,
): Promise<readonly Metric[]> {
  const times: number[] = [];
  for (let index = 0; index < QUERIES; index++) {
    const query = text(6);
    const asked = performance.now();
    await recall(query);
    times.push(performance.now() - asked);
  }
  const target = atMost === undefined ? {} : { target: { atMost } };
  return [
    { name: `${name}.p50_ms`, value: quantile(times, 0.5), unit: "ms" },
    { name: `${name}.p95_ms`, value: quantile(times, 0.95), unit: "ms", ...target },
  ];
}

/** A word of 3 to 9 letters. */
function word(random: () => number): string {
  const length = 3 + Math.floor(random() * 7);
  return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
}

/** Words are as frequent as in a language: the frequency falls with the rank (Zipf). */
function pick(vocabulary: readonly string[], random: () => number): string {
  return vocabulary[Math.floor(vocabulary.length ** random()) - 1] ?? "";
}
