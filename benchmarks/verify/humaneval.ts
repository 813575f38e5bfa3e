import { readHumanEval } from "../datasets/index.js";
import type { PartResult } from "../lib/parts.js";
import { type BenchContext, each, ending, gather, judge, notMeasured, speaks } from "./context.js";

/** Every published solution of HumanEval must pass its published tests. */
export async function humanEvalPart(context: BenchContext): Promise<PartResult> {
  if (!speaks(context, "python")) return notMeasured("humaneval", "python");
  const problems = await gather(readHumanEval({ data: context.data, visibility: "visible" }), context.limit);
  const verdicts = await each(context, "humaneval", problems, ({ task, canonical }) =>
    judge(context, task, canonical),
  );
  const failures = problems.flatMap(({ task }, index) => {
    const verdict = verdicts[index];
    return verdict && !verdict.passed
      ? [`${task.id}: the published solution fails (${ending(verdict)}): ${verdict.reason}`]
      : [];
  });
  const passed = problems.length - failures.length;
  return {
    metrics: [{ name: "humaneval.pass", value: passed, unit: "count", target: { atLeast: problems.length } }],
    notes: failures,
  };
}
