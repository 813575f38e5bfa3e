import * as v from "valibot";
import type { WaitOptions } from "../contracts.js";
import { GUARANTEES, type Needs, RUN_LIMITS, type RunLimits } from "../words/run.js";
import type { SolveOptions, StatedOutcome, Usage } from "./types.js";

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const briefTokens = v.pipe(amount, v.minValue(1));
const signal = v.instance(AbortSignal);

// Held here too, so that a wrong need or limit is said before an agent is paid for an answer.
const needs: v.GenericSchema<Needs> = v.union(
  [v.literal("none"), v.pipe(v.array(v.picklist(GUARANTEES)), v.minLength(1))],
  `must be "none" or a list of ${GUARANTEES.join(", ")} with at least one entry`,
);
const limit = v.pipe(v.number(), v.integer(), v.minValue(1));
const limits: v.GenericSchema<RunLimits> = v.strictObject(
  Object.fromEntries(RUN_LIMITS.map((name) => [name, v.optional(limit)])),
);

/** What one call of `propose` used. */
export const usageSchema: v.GenericSchema<Usage> = v.strictObject({
  tokens: v.optional(amount),
  money: v.optional(amount),
});

/** Options of `AgentLoop.brief`. */
export const briefSchema: v.GenericSchema<WaitOptions & { readonly maxTokens?: number }> = v.strictObject({
  maxTokens: v.optional(briefTokens),
  signal: v.optional(signal),
});

/** Options of `AgentLoop.solve`. */
export const solveSchema: v.GenericSchema<SolveOptions> = v.strictObject({
  budget: v.optional(
    v.strictObject({
      tries: v.optional(v.pipe(amount, v.integer(), v.minValue(1))),
      wallMs: v.optional(amount),
      tokens: v.optional(amount),
      money: v.optional(amount),
    }),
  ),
  reserve: v.optional(usageSchema),
  briefTokens: v.optional(briefTokens),
  accept: v.optional(v.picklist(["verdict", "visible"])),
  resume: v.optional(v.string()),
  needs: v.optional(needs),
  limits: v.optional(limits),
  driver: v.optional(v.string()),
  compare: v.optional(v.boolean()),
  signal: v.optional(signal),
});

const said = {
  passed: v.boolean(),
  basis: v.picklist(["person", "ci"], 'must be "person" or "ci"'),
  reason: v.optional(v.string()),
};

/** What a person or CI said. Task and candidate are read by themselves. */
export const statedSchema: v.GenericSchema<StatedOutcome> = v.union(
  [
    v.strictObject({ ...said, outcomeId: v.string() }),
    v.strictObject({
      ...said,
      task: v.custom<never>(() => true),
      candidate: v.custom<never>(() => true),
    }),
  ],
  'must be an outcome, or { passed, basis: "person" or "ci", reason? } with an outcomeId or a task and a candidate',
);
