import { type LabelledSample, readCodeGenSamples } from "../datasets/index.js";
import { percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { sample, seededRandom } from "../lib/random.js";
import { type BenchContext, each, ending, gather, judge, notMeasured, SEED, speaks } from "./context.js";
import explained from "./disagreements.json" with { type: "json" };

const SAMPLES = 2_000;

const LIMITS = { wallMs: 10_000 };

/** A disagreement that was read and understood. */
interface Explained {
  readonly task: string;
  readonly candidate: string;
  readonly explanation: string;
}

/** Judges samples of a real model and compares each verdict with the label that its publisher recorded. */
export async function labelsPart(context: BenchContext): Promise<PartResult> {
  if (!speaks(context, "python")) return notMeasured("labels", "python");
  const all = await gather(readCodeGenSamples({ data: context.data, visibility: "visible" }));
  const drawn = sample(all, Math.min(SAMPLES, context.limit ?? SAMPLES), seededRandom(`${SEED} labels`));
  const verdicts = await each(context, "labels", drawn, ({ task, candidate }) =>
    judge(context, task, candidate, LIMITS),
  );
  const notes = drawn.flatMap((one, index) => {
    const verdict = verdicts[index];
    if (!verdict || verdict.passed === one.passed) return [];
    const judged = verdict.passed ? "passed" : `failed (${ending(verdict)}: ${verdict.reason})`;
    const recorded = one.passed ? "passed" : `failed (${one.error ?? "no reason"})`;
    return [`${one.task.id} ${one.candidate.id}: recorded ${recorded}, here ${judged}. ${explanation(one)}`];
  });
  return {
    metrics: [
      { name: "label_samples", value: drawn.length, unit: "count" },
      {
        name: "label_agreement_pct",
        value: percent(drawn.length - notes.length, drawn.length),
        unit: "pct",
        target: { atLeast: 99.5 },
      },
    ],
    notes,
  };
}

function explanation({ task, candidate }: LabelledSample): string {
  const entries: readonly Explained[] = explained;
  const known = entries.find((entry) => entry.task === task.id && entry.candidate === candidate.id);
  return known?.explanation ?? "Not explained yet.";
}
