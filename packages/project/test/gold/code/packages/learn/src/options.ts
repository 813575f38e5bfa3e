import type { Clock, Logger, SyntaxParser } from "@agentos/core";
import type { Store } from "@agentos/store";
import * as v from "valibot";
import type { Tuning } from "./outcomes/tuning.js";

/** Options of {@link Learner.open}. */
export interface LearnerOptions {
  /** Where outcomes are kept. The learner does not close it. */
  readonly store: Store;
  /** Parses candidates for the static gate. Absent: the gate is off, and forecasts say so. */
  readonly parser?: SyntaxParser;
  /** Decides when an outcome lies in the future. @default the machine's clock */
  readonly clock?: Clock;
  /** Told of records that cannot be read and of a parser that fails. @default silent */
  readonly logger?: Logger;
  /** How strongly each kind of evidence pulls. @default {@link DEFAULT_TUNING}, key by key */
  readonly tuning?: Partial<Tuning>;
}

const weight = v.optional(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e6)));
/** A prior that weighs nothing would leave a rate of nought by nought. */
const strength = v.optional(v.pipe(v.number(), v.finite(), v.minValue(0.01), v.maxValue(1e6)));
const method = v.custom<(...args: never[]) => unknown>(
  (value) => typeof value === "function",
  "must be a function",
);

const tuning = v.strictObject({
  priorStrength: strength,
  languageStrength: strength,
  proposerStrength: strength,
  taskStrength: strength,
  nearStrength: strength,
  nearWeight: weight,
  nearExponent: weight,
  elsewhereWeight: weight,
  renamedWeight: weight,
  exactWeight: weight,
  ruleStrength: strength,
});

/** Holds {@link LearnerOptions}; injected parts are checked for their methods only. */
export const learnerOptionsSchema: v.GenericSchema<unknown, unknown> = v.strictObject({
  store: v.looseObject(
    { collection: method, write: method, onChange: method },
    "must be an open Store of @agentos/store",
  ),
  parser: v.optional(v.looseObject({ languages: v.array(v.string()), facts: method })),
  clock: v.optional(method),
  logger: v.optional(v.looseObject({ debug: method, info: method, warn: method, error: method })),
  tuning: v.optional(tuning),
});

/** Options of {@link Learner.outcomes}. */
export interface OutcomesOptions {
  /** Only those of this task. */
  readonly taskId?: string;
  /** At most this many. @default unlimited */
  readonly limit?: number;
  /** Ends the walk; the next step rejects with `ABORTED`. */
  readonly signal?: AbortSignal;
}

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));
const signal = v.optional(v.instance(AbortSignal));

/** Holds {@link OutcomesOptions}. */
export const outcomesOptionsSchema: v.GenericSchema<unknown, OutcomesOptions> = v.strictObject({
  taskId: v.optional(v.string()),
  limit,
  signal,
});

/** Holds the options of {@link Learner.lessons}. */
export const lessonsOptionsSchema: v.GenericSchema<
  unknown,
  { readonly limit?: number | undefined; readonly signal?: AbortSignal | undefined }
> = v.strictObject({ limit, signal });

/** Holds options that are a signal alone. */
export const waitOptionsSchema: v.GenericSchema<unknown, { readonly signal?: AbortSignal | undefined }> =
  v.strictObject({ signal });
