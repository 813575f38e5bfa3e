import { readCosqa } from "../datasets/cosqa.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { PlainBm25 } from "./bm25.js";
import { type MemoryBench, withMemory } from "./context.js";
import { mean, ndcg, reciprocalRank } from "./scores.js";

const SCOPE = { level: "user" } as const;
/** Answers beyond this place count as not found. */
const DEPTH = 1000;

/** Questions of the web over Python functions, one memory each. */
export async function cosqaPart(bench: MemoryBench): Promise<PartResult> {
  const { functions, queries } = await readCosqa(bench.data, bench.signal);
  const plain = new PlainBm25(functions);
  // Functions that are the same text are one memory.
  const textOf = (place: number | undefined): string | undefined => functions[place ?? -1]?.trim();
  const inputs = functions.map((content) => ({ content, scope: SCOPE, kind: "skill" as const }));
  const progress = new Progress(bench.progress, "CoSQA", queries.length);
  try {
    return await withMemory(bench, {}, inputs, async (memory) => {
      const ranks: number[] = [];
      const gains: number[] = [];
      const plainRanks: number[] = [];
      for (const { text, answer } of queries) {
        const wanted = new Set([textOf(answer)]);
        const recalled = await memory.recall(text, { limit: DEPTH, signal: bench.signal });
        const found = recalled.map((each) => each.memory.content);
        ranks.push(reciprocalRank(found, wanted));
        gains.push(ndcg(found, wanted, 10));
        plainRanks.push(reciprocalRank(plain.rank(text).slice(0, DEPTH).map(textOf), wanted));
        progress.tick();
      }
      return {
        metrics: [
          { name: "cosqa.mrr", value: mean(ranks), unit: "score", target: { atLeast: 0.34 } },
          { name: "cosqa.ndcg10", value: mean(gains), unit: "score" },
        ],
        notes: [
          `cosqa: ${queries.length} queries over ${functions.length} functions; plain BM25 has an MRR of ${mean(plainRanks).toFixed(3)}`,
        ],
      };
    });
  } finally {
    progress.end();
  }
}
