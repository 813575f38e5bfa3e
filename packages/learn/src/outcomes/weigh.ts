import type { Proposer } from "@agentos/core";
import type { Form } from "./form.js";
import type { IndexedTask, Neighbour, Neighbours, OutcomeIndex } from "./outcome-index.js";
import { RATE_LEVELS, type RateLevel } from "./rates.js";
import { grained, shrunkRate } from "./tally.js";
import type { Tuning } from "./tuning.js";

/** A static rule that fired, as far as the weighing needs it. */
export interface FiredRule {
  readonly name: string;
  readonly passRate: number;
}

/** Probabilities are kept this far from 0 and from 1: nothing is ever certain. */
const MARGIN = 0.001;

/**
 * The probability that a candidate passes: a chain of Beta posterior means, each the prior of the next. From one half over
 * the rates of all outcomes, of the language, of the proposer and of the task (each without what a narrower one holds) to
 * what became of similar, renamed and identical code. A static rule that fired takes the place of everything but identical code.
 */
export function weigh(
  index: OutcomeIndex,
  tuning: Tuning,
  subject: { readonly task: IndexedTask; readonly proposer?: Proposer; readonly rule?: FiredRule },
  neighbours: Neighbours,
): number {
  const { rule } = subject;
  let rate = rateOf(index, tuning, subject.task, subject.proposer);
  if (rule) {
    const { passed, total } = index.rates.tally("rule", rule.name);
    rate = Math.min(rate, shrunkRate(rule.passRate, tuning.ruleStrength, passed, total));
  } else {
    const near = pull(neighbours.near, tuning.nearWeight, tuning.nearExponent);
    const elsewhere = pull(neighbours.elsewhere, tuning.elsewhereWeight, tuning.nearExponent);
    rate = shrunkRate(
      rate,
      tuning.nearStrength,
      near.passed + elsewhere.passed,
      near.total + elsewhere.total,
    );
    rate = confirm(rate, neighbours.renamed, tuning.renamedWeight);
  }
  rate = confirm(rate, neighbours.exact ? [neighbours.exact] : [], tuning.exactWeight);
  return Math.min(1 - MARGIN, Math.max(MARGIN, rate));
}

/** The chain from one half to the rate of the task. A level without outcomes of its own passes on what it was given. */
function rateOf(
  index: OutcomeIndex,
  tuning: Tuning,
  task: IndexedTask,
  proposer: Proposer | undefined,
): number {
  const strengths: Readonly<Record<RateLevel, number>> = {
    all: tuning.priorStrength,
    language: tuning.languageStrength,
    model: tuning.proposerStrength,
    agent: tuning.proposerStrength,
    task: tuning.taskStrength,
  };
  const rings = index.rates.rings(task, proposer);
  return RATE_LEVELS.reduce((rate, level) => {
    const { passed, total } = rings[level];
    return shrunkRate(rate, strengths[level], passed, total);
  }, 0.5);
}

/** What similar texts add: each weighs by its similarity and is split by its own share of passes. */
function pull(
  neighbours: readonly Neighbour[],
  weight: number,
  exponent: number,
): { passed: number; total: number } {
  let passed = 0;
  let failed = 0;
  for (const { form, similarity } of neighbours) {
    const pullOfOne = weight * similarity ** exponent;
    const share = form.passed / form.standing.length;
    passed += grained(pullOfOne * share);
    failed += grained(pullOfOne * (1 - share));
  }
  return { passed, total: passed + failed };
}

/** What judgements of the same code add, each of them counting `weight` times against the rate so far. */
function confirm(rate: number, forms: readonly Form[], weight: number): number {
  const passed = forms.reduce((sum, form) => sum + form.passed, 0);
  const total = forms.reduce((sum, form) => sum + form.standing.length, 0);
  return shrunkRate(rate, 1, weight * passed, weight * total);
}
