import type { JournalEntry } from "../contracts.js";
import { coreError } from "../errors.js";
import type { Events } from "../events.js";
import type { Outcome } from "../words/outcome.js";
import { assembleSolution } from "./solve.js";
import type { LoopEvents, RankedCandidate, Solution, SolveSteps } from "./types.js";

/** Tells a solve again from its journal. */
export function replaySolve(
  solveId: string,
  entries: readonly JournalEntry[],
  events: Events<LoopEvents>,
): Solution {
  const outcomes: Outcome[] = [];
  let round: SolveSteps["proposed"] | undefined;
  let ranked: RankedCandidate[] = [];
  for (const { type, data } of entries) {
    if (type === "brief") events.emit("brief", { solveId, brief: data as SolveSteps["brief"] });
    if (type === "proposed") {
      round = data as SolveSteps["proposed"];
      ranked = [];
      events.emit("proposed", { solveId, round: round.round, candidates: round.candidates });
    }
    if (type === "forecast") {
      const forecast = data as SolveSteps["forecast"];
      const candidate = round?.candidates.find(({ id }) => id === forecast.candidateId);
      if (!candidate) continue;
      ranked.push({ candidate, forecast });
      events.emit("forecast", { solveId, candidate, forecast });
    }
    if (type === "outcome") {
      const outcome = data as Outcome;
      outcomes.push(outcome);
      events.emit("verdict", { solveId, candidate: outcome.candidate, verdict: outcome.verdict });
    }
    if (type === "learned") {
      const { outcomeId } = data as SolveSteps["learned"];
      const outcome = outcomes.find(({ id }) => id === outcomeId);
      if (outcome) events.emit("learned", { solveId, outcome });
    }
    if (type === "finished") {
      ranked.sort((one, other) => other.forecast.probability - one.forecast.probability);
      const solution = assembleSolution(solveId, data as SolveSteps["finished"], outcomes, ranked);
      events.emit("finished", { solution });
      return solution;
    }
  }
  throw coreError(
    "SOLVE_UNFINISHED",
    `Solve ${solveId} did not finish. Continue it with solve(task, propose, { resume: "${solveId}" }).`,
  );
}
