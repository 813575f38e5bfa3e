/**
 * How strongly each kind of evidence pulls. Weights are in observations of a Beta prior. In the chain of rates each
 * candidate counts in the narrowest level that it shares with the one forecast, and there alone.
 */
export interface Tuning {
  /** Weight of "one in two" under the rate of all outcomes. */
  readonly priorStrength: number;
  /** Weight of the rate of all outcomes under that of a language. */
  readonly languageStrength: number;
  /** Weight of the rate of a language under that of a model, and of a model's under that of an agent. */
  readonly proposerStrength: number;
  /** Weight of the proposer's rate under that of a task. */
  readonly taskStrength: number;
  /** Weight of the task's rate under that of similar candidates. */
  readonly nearStrength: number;
  /** What one similar text on the same task weighs at similarity 1, however often it was judged: repeats are not independent. */
  readonly nearWeight: number;
  /** Weight falls with this power of similarity: small edits decide. */
  readonly nearExponent: number;
  /** What one similar text on another task weighs at similarity 1. */
  readonly elsewhereWeight: number;
  /** What one judgement of the same code under other names weighs. */
  readonly renamedWeight: number;
  /** What one judgement of the very same code weighs: near certain, with an allowance for flaky tests. */
  readonly exactWeight: number;
  /** Weight of a static rule's prior rate under its own record. */
  readonly ruleStrength: number;
}

/** Chosen on one half of the tasks and reported on the other; see the package README. */
export const DEFAULT_TUNING: Tuning = {
  priorStrength: 4,
  languageStrength: 40,
  proposerStrength: 3,
  taskStrength: 4,
  nearStrength: 0.25,
  nearWeight: 2,
  nearExponent: 4,
  elsewhereWeight: 1,
  renamedWeight: 30,
  exactWeight: 100,
  ruleStrength: 50,
};
