import { summaryLine } from "../summary.js";
import type { Brief } from "../words/brief.js";
import { changedPaths } from "../words/candidate.js";
import type { Outcome } from "../words/outcome.js";
import type { Explanation } from "./types.js";

/** Tells in plain words why an outcome came to be. */
export function explainOutcome(outcome: Outcome, brief: Brief | undefined): Explanation {
  const { candidate, forecast, verdict, task } = outcome;
  const by = [candidate.proposer?.agent, candidate.proposer?.model].filter(Boolean).join(", ");
  const lines = [
    `Outcome ${outcome.id}, ${new Date(outcome.at).toISOString()}`,
    `Task ${task.id} (${task.language}): ${firstLine(task.prompt)}`,
    `Candidate ${candidate.id}${by ? ` by ${by}` : ""}: ${changedPaths(candidate).join(", ")}`,
  ];
  if (brief) {
    lines.push(`Brief: ${brief.tokens} tokens, ${brief.items.length} items`);
    for (const item of brief.items) lines.push(`  ${item.kind} from ${item.source || "?"}`);
  }
  if (forecast) {
    lines.push(`Forecast: ${(forecast.probability * 100).toFixed(0)} % (${forecast.basis})`);
    for (const reason of forecast.reasons) lines.push(`  ${reason.text}`);
  } else lines.push("Forecast: none was made before the verdict");
  const passed = verdict.tests.filter((test) => test.status === "passed").length;
  lines.push(
    `Verdict: ${verdict.passed ? "passed" : "failed"} (${verdict.basis}, integrity ${verdict.integrity}), ${passed} of ${verdict.tests.length} tests, ${Math.round(verdict.durationMs)} ms`,
    `  ${verdict.reason}`,
  );
  for (const test of verdict.tests) {
    if (test.status !== "passed")
      lines.push(
        `  ${test.status}: ${test.name}${test.message ? `: ${summaryLine(test.message, 160)}` : ""}`,
      );
  }
  for (const run of verdict.runs) {
    lines.push(
      `  ${run.visibility} run${run.half === undefined ? "" : ` of the ${run.half}`} on ${run.driver}: ${run.status}, ${Math.round(run.durationMs)} ms; ${run.enforced.join(", ")}`,
    );
  }
  return { outcome, ...(brief && { brief }), text: lines.join("\n") };
}

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
