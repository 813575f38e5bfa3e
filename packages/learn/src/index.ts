/**
 * Forecasts from executed outcomes: a static gate, and an outcome memory over Beta rates.
 * @module
 */
export { LEARN_ERROR_CODES, type LearnErrorCode, learnError } from "./errors.js";
export { Learner } from "./learner.js";
export type { Dataset } from "./models/dataset.js";
export type { GbdtOptions } from "./models/gbdt/gbdt-options.js";
export { GradientBoosting, type TrainingProgress } from "./models/gbdt/gradient-boosting.js";
export { type LogisticOptions, LogisticRegression } from "./models/logistic-regression.js";
export type { LearnerOptions, OutcomesOptions } from "./options.js";
export type { Tally } from "./outcomes/tally.js";
export { DEFAULT_TUNING, type Tuning } from "./outcomes/tuning.js";
export type { LearnerStats, OutcomeStats } from "./stats.js";
export { Adwin } from "./tracking/adwin.js";
export { brierScore, type ForecastPair } from "./tracking/brier-score.js";
export { type ForecastScores, forecastScores } from "./tracking/forecast-scores.js";
export { PageHinkley, type PageHinkleyOptions } from "./tracking/page-hinkley.js";
