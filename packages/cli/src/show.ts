import { summaryLine, type Verdict } from "@agentos/core";
import { type Colors, printable } from "./output.js";

/** A verdict for a person: every test, then the reason. */
export function verdictText(verdict: Verdict, colors: Colors): string {
  const lines = verdict.tests.map((test) => {
    const mark = {
      passed: colors.green("✓"),
      failed: colors.red("✗"),
      skipped: "-",
      missing: colors.red("?"),
    }[test.status];
    const message =
      test.message && test.status !== "passed" ? `: ${printable(summaryLine(test.message, 160))}` : "";
    return `  ${mark} ${printable(test.name)}${message}`;
  });
  const drivers = [...new Set(verdict.runs.map((run) => run.driver))].join(", ");
  const word = verdict.passed ? colors.green("passed") : colors.red("failed");
  lines.push(
    `${word} in ${Math.round(verdict.durationMs)} ms (${verdict.basis}, ${drivers || "not run"}): ${printable(verdict.reason)}`,
  );
  return lines.join("\n");
}

/** A probability as "73 %". */
export function percent(probability: number): string {
  return `${Math.round(probability * 100)} %`;
}
