import { readQuixBugs } from "../datasets/index.js";
import { percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { type BenchContext, each, ending, gather, judge, notMeasured, speaks } from "./context.js";

/** Some defects never end; what is correct takes at most a second or two. */
const LIMITS = { wallMs: 5_000 };

/** Every buggy program of QuixBugs must fail its tests, every correct one must pass. */
export async function quixBugsPart(context: BenchContext): Promise<PartResult> {
  if (!speaks(context, "python")) return notMeasured("quixbugs", "python");
  const programs = await gather(readQuixBugs({ data: context.data, visibility: "visible" }), context.limit);
  const cases = programs.flatMap(({ task, buggy, correct }) => [
    { task, candidate: buggy, expected: false },
    { task, candidate: correct, expected: true },
  ]);
  const verdicts = await each(context, "quixbugs", cases, ({ task, candidate }) =>
    judge(context, task, candidate, LIMITS),
  );
  const notes = cases.flatMap(({ task, candidate, expected }, index) => {
    const verdict = verdicts[index];
    return verdict && verdict.passed !== expected
      ? [`${task.id}: ${candidate.id} was judged wrongly (${ending(verdict)}): ${verdict.reason}`]
      : [];
  });
  return {
    metrics: [
      {
        name: "quixbugs.correct_pct",
        value: percent(cases.length - notes.length, cases.length),
        unit: "pct",
        target: { atLeast: 100 },
      },
    ],
    notes,
  };
}
