import { writeFile } from "node:fs/promises";
import type { JobFigures } from "./figures.js";

interface Metric {
  readonly value: number;
  readonly unit: "pct" | "score" | "ms" | "count" | "s";
}

/** Writes the figures as `{ metrics: { name: { value, unit } }, skipped, disagreements }`. What was not measured is absent. */
export async function writeFigures(path: string, figures: JobFigures): Promise<void> {
  const { skipped, disagreements } = figures;
  const document = { metrics: metricsOf(figures), skipped, disagreements };
  await writeFile(path, `${JSON.stringify(document, undefined, 2)}\n`);
}

function metricsOf(figures: JobFigures): Record<string, Metric> {
  const metrics: Record<string, Metric> = {};
  const add = (name: string, value: number | undefined, unit: Metric["unit"]): void => {
    if (value !== undefined) metrics[name] = { value, unit };
  };
  const share = (name: string, value: number | undefined): void =>
    add(`${name}_pct`, value === undefined ? undefined : value * 100, "pct");
  add("tasks", figures.tasks, "count");
  add("tries", figures.tries, "count");
  share("first_try.without", figures.firstTry.without);
  share("first_try.with", figures.firstTry.withAgentOS);
  share("delivered.without", figures.delivered.without);
  share("delivered.with", figures.delivered.withAgentOS);
  add("brier", figures.brier, "score");
  add("held_out.candidates", figures.heldOut.candidates, "count");
  add("held_out.known_outcomes", figures.heldOut.knownOutcomes, "count");
  add("held_out.brier", figures.heldOut.brier, "score");
  add("held_out.base_rate_brier", figures.heldOut.baseRateBrier, "score");
  add("held_out.previous_brier", figures.heldOut.previous?.brier, "score");
  for (const { driver, language, p50Ms, p95Ms } of figures.speeds) {
    add(`verify.${driver}.${language}.p50_ms`, p50Ms, "ms");
    add(`verify.${driver}.${language}.p95_ms`, p95Ms, "ms");
  }
  add("learned.outcomes", figures.learned.outcomes, "count");
  add("learned.studied", figures.learned.studied, "count");
  add("learned.lessons", figures.learned.lessons, "count");
  add("duration_s", figures.durationMs / 1000, "s");
  return metrics;
}
