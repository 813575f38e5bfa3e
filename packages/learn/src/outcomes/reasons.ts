import type { Forecast, ForecastReason, Proposer } from "@agentos/core";
import type { GateReport } from "../gate/gate.js";
import { plainText } from "../plain-text.js";
import { byTime, type Form, type FormEntry } from "./form.js";
import type { IndexedTask, Neighbour, Neighbours, OutcomeIndex } from "./outcome-index.js";
import type { RateLevel } from "./rates.js";

/** From this similarity on, two texts are called nearly identical; from the second on, similar. */
const NEARLY_IDENTICAL = 0.8;
const SIMILAR = 0.5;
const CITED = 10;

/** What a forecast says of itself beside its probability. */
export type Account = Pick<Forecast, "basis" | "evidence" | "reasons">;

/** Says in plain words what a forecast rests on, strongest first. */
export function account(
  index: OutcomeIndex,
  subject: { readonly task: IndexedTask; readonly proposer?: Proposer },
  gate: GateReport,
  neighbours: Neighbours,
): Account {
  const { exact, renamed, near, elsewhere } = neighbours;
  const reasons: ForecastReason[] = [];
  if (exact) reasons.push(...tell([exact], "candidate with this very code", "on this task"));
  if (gate.finding) reasons.push({ text: gate.finding.text, outcomeIds: [] });
  if (!gate.finding) {
    reasons.push(...tell(renamed, "candidate with the same code under other names", "on this task"));
    reasons.push(...tell(between(near, NEARLY_IDENTICAL, 2), "near-identical candidate", "on this task"));
    reasons.push(...tell(between(near, SIMILAR, NEARLY_IDENTICAL), "similar candidate", "on this task"));
    reasons.push(...tell(between(elsewhere, SIMILAR, 2), "similar candidate", "on other tasks"));
  }
  const cited = new Set(reasons.flatMap((reason) => reason.outcomeIds));
  const rates = rateReasons(index, subject);
  const own = outcomesOf(index.formsOf(subject.task.id));
  const general = rates.at(0)?.total ?? 0;
  const elsewhereCount = outcomesOf(between(elsewhere, SIMILAR, 2));
  const specific = gate.finding ? (exact?.standing.length ?? 0) : own + elsewhereCount;
  reasons.push(...rates.map(({ text }) => ({ text, outcomeIds: [] })));
  if (general === 0)
    reasons.push({ text: "No evidence yet: no outcome was learned from so far.", outcomeIds: [] });
  if (gate.note !== undefined) reasons.push({ text: gate.note, outcomeIds: [] });
  const basis = exact
    ? "outcomes"
    : gate.finding
      ? "gate"
      : specific > 0 || cited.size > 0
        ? "outcomes"
        : "prior";
  return { basis, evidence: specific > 0 ? specific : gate.finding ? 0 : general, reasons };
}

function between(neighbours: readonly Neighbour[], from: number, below: number): readonly Form[] {
  return neighbours
    .filter(({ similarity }) => similarity >= from && similarity < below)
    .map(({ form }) => form);
}

/** One reason for those that failed and one for those that passed. */
function tell(forms: readonly Form[], what: string, where: string): readonly ForecastReason[] {
  const entries = forms.flatMap((form) => form.standing);
  return [false, true].flatMap((passed) => {
    const some = entries.filter((entry) => entry.passed === passed).sort(byTime);
    const newest = some.at(-1);
    if (!newest) return [];
    const count = `${some.length} ${what.replace("candidate", some.length === 1 ? "candidate" : "candidates")}`;
    const why = passed ? "." : `: ${plainText(newest.reason)}`;
    const outcomeIds = newestIds(some);
    return [{ text: `${count} ${passed ? "passed" : "failed"} ${where}${why}`, outcomeIds }];
  });
}

function newestIds(entries: readonly FormEntry[]): readonly string[] {
  return entries
    .slice(-CITED)
    .map((entry) => entry.outcomeId)
    .reverse();
}

function outcomesOf(forms: readonly Form[]): number {
  return forms.reduce((sum, form) => sum + form.standing.length, 0);
}

/** The rates that the prior was taken from, most specific first; repeats of the same candidate count once in them. */
function rateReasons(
  index: OutcomeIndex,
  { task, proposer }: { readonly task: IndexedTask; readonly proposer?: Proposer },
): readonly { readonly text: string; readonly total: number }[] {
  const levels: readonly (readonly [level: RateLevel, name: string | undefined, words: string])[] = [
    ["task", task.id, "on this task"],
    ["agent", proposer?.agent, `of agent ${plainText(proposer?.agent ?? "", 60)}`],
    ["model", proposer?.model, `of model ${plainText(proposer?.model ?? "", 60)}`],
    ["language", task.language, `in ${task.language}`],
    ["all", "", "in all"],
  ];
  return levels
    .flatMap(([level, name, words]) =>
      name === undefined ? [] : [{ ...index.rates.tally(level, name), words }],
    )
    .filter(({ total }) => total > 0)
    .slice(0, 2)
    .map(({ passed, total, words }) => ({
      text: `${Number(passed.toFixed(1))} of ${total} judged ${total === 1 ? "candidate" : "candidates"} ${words} passed.`,
      total,
    }));
}
