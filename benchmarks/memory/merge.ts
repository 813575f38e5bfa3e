import { throwIfAborted } from "@agentos/core";
import { judge, type MergeVerdict, NearDuplicates } from "@agentos/memory";
import { type Metric, percent, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type Random, seededRandom } from "../lib/random.js";
import type { MemoryBench } from "./context.js";
import { type MergeLabel, type MergePair, readMergeSet } from "./merge-set.js";

const OTHERS = 100_000;
const STEP = 10_000;

const EXPECTED: Readonly<Record<MergeLabel, MergeVerdict>> = {
  same: "merge",
  different: "apart",
  supersedes: "supersedes",
  contradicts: "contradicts",
};

/**
 * Whether near duplicates are found among 100,000 other memories, and told from look-alikes: on the half of the labelled pairs
 * that no rule was made on. A look-alike counts as falsely merged when it would be merged with its pair, or with any other
 * memory of the half that does not have its very words.
 */
export async function mergePart(bench: Pick<MemoryBench, "signal" | "progress">): Promise<PartResult> {
  const { tune, report } = await readMergeSet(bench.signal);
  const near = new NearDuplicates();
  const held = report.map(({ a }) => a);
  const random = seededRandom("agentos-merge-others-1");
  const progress = new Progress(bench.progress, "other memories", OTHERS / STEP);
  const started = performance.now();
  try {
    for (let index = 0; index < OTHERS; index++) {
      near.add(report.length + index, other(tune, random));
      if ((index + 1) % STEP !== 0) continue;
      progress.tick();
      await new Promise(setImmediate);
      throwIfAborted(bench.signal);
    }
  } finally {
    progress.end();
  }
  const built = performance.now() - started;
  for (const [slot, text] of held.entries()) near.add(slot, text);

  const times: number[] = [];
  const found = report.map((pair, slot) => {
    const asked = performance.now();
    const nominations = near.nominate(pair.b);
    times.push(performance.now() - asked);
    const merged = nominations.some((nomination) => {
      const text = held[nomination.slot];
      return text !== undefined && text !== pair.b && judge(text, pair.b).verdict === "merge";
    });
    const { verdict } = judge(pair.a, pair.b);
    return { pair, verdict, nominated: nominations.some((nomination) => nomination.slot === slot), merged };
  });
  const same = found.filter(({ pair }) => pair.label === "same");
  const alike = found.filter(({ pair }) => pair.label !== "same");
  const count = (of: typeof found, test: (one: (typeof found)[number]) => boolean): number =>
    of.filter(test).length;
  const falselyMerged = count(alike, ({ merged, verdict }) => merged || verdict === "merge");
  const metrics: readonly Metric[] = [
    {
      name: "merge.false_pct",
      value: percent(falselyMerged, alike.length),
      unit: "pct",
      target: { atMost: 1 },
    },
    {
      name: "merge.recall_pct",
      value: percent(
        count(same, ({ nominated }) => nominated),
        same.length,
      ),
      unit: "pct",
      target: { atLeast: 90 },
    },
    {
      name: "merge.merged_pct",
      value: percent(
        count(same, ({ nominated, verdict }) => nominated && verdict === "merge"),
        same.length,
      ),
      unit: "pct",
    },
    { name: "merge.nominate.100k.p95_ms", value: quantile(times, 0.95), unit: "ms" },
    { name: "merge.add.per_s", value: (1000 * OTHERS) / built, unit: "per_s" },
  ];
  const right = Object.entries(EXPECTED).map(([label, verdict]) => {
    const of = found.filter(({ pair }) => pair.label === label);
    return `${label} ${count(of, (one) => one.verdict === verdict)} of ${of.length}`;
  });
  return { metrics, notes: [`Verdicts as labelled: ${right.join(", ")}.`] };
}

/** The beginning of one memory and the end of another: so that words and phrases are shared as in a real store. */
function other(pairs: readonly MergePair[], random: Random): string {
  const half = (from: boolean): readonly string[] => {
    const { a = "", b = "" } = pairs[Math.floor(random() * pairs.length)] ?? {};
    const words = (random() < 0.5 ? a : b).split(" ");
    const middle = Math.floor(words.length * (0.25 + random() / 2));
    return from ? words.slice(0, middle) : words.slice(middle);
  };
  return [...half(true), ...half(false)].join(" ");
}
