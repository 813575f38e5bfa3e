import { type Metric, percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";

/** What one set of tests says of a mutant. */
export interface MutantVerdict {
  readonly passed: boolean;
  /** Whether it passes the same tests without AgentOS; `undefined` where there is no python3. */
  readonly direct: boolean | undefined;
  /** The last line that it printed without AgentOS: the failed assertion. Empty when it never ended. */
  readonly lastLine: string;
}

/** A mutant with what is said of it. */
export interface JudgedMutant {
  readonly name: string;
  /** Whether it is listed as equivalent. */
  readonly listed: boolean;
  /** By the published tests alone. */
  readonly published: MutantVerdict;
  /** By the published tests and the generated inputs. */
  readonly strengthened: MutantVerdict;
}

type Tests = "published" | "strengthened";

/** Counts mutants; the notes name each that lives, each that only generated inputs kill, and each disagreement. */
export function reportMutants(mutants: readonly JudgedMutant[]): PartResult {
  return {
    metrics: [
      { name: "humaneval.mutants", value: mutants.length, unit: "count" },
      {
        name: "humaneval.mutants_equivalent",
        value: mutants.filter(({ listed, strengthened }) => listed && strengthened.passed).length,
        unit: "count",
      },
      {
        name: "humaneval.mutants_killed_published_pct",
        value: killedShare(mutants, "published"),
        unit: "pct",
      },
      {
        name: "humaneval.mutants_killed_pct",
        value: killedShare(mutants, "strengthened"),
        unit: "pct",
        target: { atLeast: 98 },
      },
      ...agreement("humaneval.mutants_published_agreement_pct", mutants, "published"),
      ...agreement("humaneval.mutants_agreement_pct", mutants, "strengthened"),
    ],
    notes: [...mutants.flatMap(fate), ...mutants.flatMap(disagreements)],
  };
}

/** Percentage killed of those that are not equivalent: listed as such, and alive. */
function killedShare(mutants: readonly JudgedMutant[], tests: Tests): number {
  const judged = mutants.filter((mutant) => !(mutant.listed && mutant.strengthened.passed));
  return percent(judged.filter((mutant) => !mutant[tests].passed).length, judged.length);
}

function agreement(name: string, mutants: readonly JudgedMutant[], tests: Tests): readonly Metric[] {
  const compared = mutants.filter((mutant) => mutant[tests].direct !== undefined);
  if (compared.length === 0) return [];
  const agreeing = compared.filter((mutant) => mutant[tests].direct === mutant[tests].passed);
  return [{ name, value: percent(agreeing.length, compared.length), unit: "pct", target: { atLeast: 100 } }];
}

function fate({ name, listed, published, strengthened }: JudgedMutant): readonly string[] {
  if (strengthened.passed) {
    return listed ? [] : [`${name}: survived${strengthened.direct ? ", as it does without AgentOS" : ""}`];
  }
  const contradiction = listed ? [`${name}: listed as equivalent, but killed`] : [];
  return published.passed
    ? [...contradiction, `${name}: killed by generated inputs only: ${strengthened.lastLine || "never ends"}`]
    : contradiction;
}

function disagreements({ name, ...said }: JudgedMutant): readonly string[] {
  return (["published", "strengthened"] as const).flatMap((tests) => {
    const { passed, direct } = said[tests];
    if (direct === undefined || direct === passed) return [];
    return [`${name}: ${passed ? "survived" : "killed"} here, but not without AgentOS (${tests} tests)`];
  });
}
