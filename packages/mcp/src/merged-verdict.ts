import type { Verdict } from "@agentos/core";

/** The judgement of one change by tests of several languages, each of which had a verdict of its own. */
export function mergedVerdict([first, ...others]: readonly [Verdict, ...Verdict[]]): Verdict {
  const all = [first, ...others];
  const cheated = [...new Set(all.flatMap((verdict) => verdict.cheated ?? []))];
  const output = all.flatMap((verdict) => verdict.output ?? []).join("\n");
  return {
    passed: all.every(({ passed }) => passed),
    basis: (all.find(({ passed }) => !passed) ?? first).basis,
    integrity: all.every(({ integrity }) => integrity === "separate") ? "separate" : "shared",
    ...(cheated.length > 0 && { cheated }),
    tests: all.flatMap(({ tests }) => tests),
    reason: all.map(({ reason }) => reason).join(" "),
    ...(output !== "" && { output }),
    runs: all.flatMap(({ runs }) => runs),
    durationMs: all.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
}
