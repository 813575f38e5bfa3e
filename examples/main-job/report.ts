import type { JobFigures } from "./figures.js";
import type { Screen } from "./screen.js";

/** Prints the report. */
export function printReport(figures: JobFigures, screen: Screen): void {
  const heading = (text: string): void => {
    screen.line();
    screen.line(screen.style("bold", text));
  };
  const row = (name: string, ...cells: string[]): void =>
    screen.line(`  ${name.padEnd(30)}${cells.map((cell) => cell.padStart(16)).join("")}`);

  heading(`Report on ${figures.tasks} tasks (judged by hidden tests, which chose nothing)`);
  row("", "without AgentOS", "with AgentOS");
  row("first try right", percentOf(figures.firstTry.without), percentOf(figures.firstTry.withAgentOS));
  row("delivered code right", percentOf(figures.delivered.without), percentOf(figures.delivered.withAgentOS));
  row("candidates verified", "0", String(figures.tries));
  const notes = [
    "Without: the first candidate in file order, as it is.",
    "With: ordered by forecast, tried until one passes the visible tests.",
    figures.heldOut.knownOutcomes === 0
      ? "Nothing was known of these tasks: the order rests on the few outcomes of this run."
      : "Outcomes of these very tasks were known; only held-out candidates are new.",
  ];
  for (const note of notes) screen.line(screen.style("dim", `  ${note}`));

  heading("Forecasts (Brier score: 0 is perfect, always saying 50 % gives 0.25)");
  printHeldOut(figures, screen);
  screen.line(`  candidates proposed in this run: ${score(figures.brier)}`);

  heading("Time to verify");
  for (const { driver, language, verifications, p50Ms, p95Ms } of figures.speeds) {
    row(
      `${driver} ${language}`,
      `p50 ${Math.round(p50Ms)} ms`,
      `p95 ${Math.round(p95Ms)} ms`,
      `${verifications} runs`,
    );
  }

  const { outcomes, studied, outcomesInAll, lessons, memoriesInAll } = figures.learned;
  heading("Learned");
  screen.line(
    `  ${outcomes} outcomes, ${studied} of them of candidates that no solve had needed (${outcomesInAll} in all)`,
  );
  screen.line(`  ${lessons} lessons (${memoriesInAll} memories in all)`);
  printSkipped(figures, screen);

  if (figures.disagreements.length > 0) {
    heading(screen.style("red", "Labels that the verdict does not agree with"));
    for (const { taskId, file, expected, reason } of figures.disagreements) {
      screen.line(`  ${taskId}/candidates/${file}: labelled "${expected}", but: ${reason}`);
    }
  }
  screen.line();
  screen.line(`Done in ${(figures.durationMs / 1000).toFixed(1)} s.`);
}

function printHeldOut({ heldOut }: JobFigures, screen: Screen): void {
  const { brier, previous, knownOutcomes, candidates, baseRateBrier } = heldOut;
  const before = previous
    ? `previous run ${score(previous.brier)} (${previous.knownOutcomes} outcomes known)`
    : "no previous run";
  screen.line(`  held-out Brier: this run ${score(brier)} (${knownOutcomes} outcomes known), ${before}`);
  if (previous && previous.candidates !== candidates) {
    screen.line(
      screen.style(
        "yellow",
        `  the previous run held out ${previous.candidates} candidates, this one ${candidates}`,
      ),
    );
  }
  screen.line(
    screen.style("dim", `  always saying the share of them that passes gives ${score(baseRateBrier)}`),
  );
}

function printSkipped({ skipped, machine }: JobFigures, screen: Screen): void {
  const weaker = Object.entries(machine.plans).filter(([, plan]) => plan.runs && plan.missing.length > 0);
  if (skipped.length === 0 && weaker.length === 0) return;
  screen.line();
  screen.line(screen.style("bold", "Skipped or weaker here"));
  for (const [language, plan] of Object.entries(machine.plans)) {
    const tasks = skipped.filter((task) => task.language === language).map(({ taskId }) => taskId);
    if (!plan.runs && tasks.length > 0) {
      screen.line(`  ${tasks.length} tasks in ${language} (${tasks.join(", ")}): ${plan.reason}`);
    } else if (plan.runs && plan.missing.length > 0) {
      screen.line(`  ${language} ran on ${plan.driver} without guaranteeing ${plan.missing.join(" and ")}`);
    }
  }
}

function percentOf(share: number | undefined): string {
  return share === undefined ? "-" : `${Math.round(share * 100)} %`;
}

function score(value: number | undefined): string {
  return value === undefined ? "-" : value.toFixed(3);
}
