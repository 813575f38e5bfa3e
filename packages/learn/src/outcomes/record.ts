import { LANGUAGES, type Outcome, validate } from "@agentos/core";
import * as v from "valibot";

/** What the store holds under an outcome's id. */
export interface OutcomeRecord {
  readonly version: 1;
  readonly outcome: Outcome;
  /** Highest time that the learner had seen when it learned this, in milliseconds since 1970. */
  readonly learnedAt: number;
  /** Name of the static rule that fires on the candidate, if any. */
  readonly rule?: string;
}

/** Name of the collection that holds {@link OutcomeRecord}s. */
export const OUTCOME_COLLECTION = "learn.outcomes";

const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const id = v.pipe(v.string(), v.nonEmpty("must not be empty"), v.maxLength(200));

/** A task as it may be stored: strict, so that the text of a test is refused rather than kept. */
const task = v.strictObject({
  id,
  prompt: v.string(),
  language: v.picklist(LANGUAGES, `must be one of ${LANGUAGES.join(", ")}`),
  entryFile: v.optional(v.string()),
  project: v.optional(v.string()),
  tags: v.optional(v.array(v.string())),
  testFiles: v.strictObject({ visible: count, hidden: count }),
});

const candidate = v.strictObject({
  id,
  files: v.record(v.string(), v.nullable(v.string())),
  patch: v.optional(v.string()),
  proposer: v.optional(v.strictObject({ agent: v.optional(v.string()), model: v.optional(v.string()) })),
});

const test = v.pipe(
  v.looseObject({
    name: v.string(),
    visibility: v.picklist(["visible", "hidden"]),
    status: v.picklist(["passed", "failed", "skipped", "missing"]),
    message: v.optional(v.string()),
    change: v.optional(v.picklist(["fixed", "broken", "failing", "flaky"])),
  }),
  v.check(
    (result) => result.visibility === "visible" || result.message === undefined,
    "a hidden test must not carry a message",
  ),
);

const verdict = v.looseObject({
  passed: v.boolean(),
  basis: v.picklist(["tests", "affected-tests", "build", "types", "person", "ci"]),
  integrity: v.picklist(["separate", "shared", "stated"]),
  tests: v.array(test),
  reason: v.string(),
  runs: v.array(v.looseObject({ visibility: v.picklist(["visible", "hidden"]), status: v.string() })),
});

const forecast = v.looseObject({
  probability: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  basis: v.picklist(["gate", "outcomes", "prior"]),
});

const outcomeSchema = v.strictObject({
  id,
  task,
  candidate,
  forecast: v.optional(forecast),
  verdict,
  at: time,
  solveId: v.optional(v.string()),
});

/** Holds an outcome against its shape. Throws `LEARN_OUTCOME_INVALID`, naming each wrong key. */
export function requireOutcome(value: unknown): Outcome {
  validate(outcomeSchema, value, { what: "Outcome", code: "LEARN_OUTCOME_INVALID" });
  return value as Outcome;
}

const recordSchema = v.strictObject({
  version: v.literal(1),
  outcome: outcomeSchema,
  learnedAt: time,
  rule: v.optional(v.string()),
});

/** What is wrong with a stored record, or undefined when nothing is. */
export function recordProblem(key: string, value: unknown): string | undefined {
  const result = v.safeParse(recordSchema, value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    return `${v.getDotPath(issue) ?? "record"}: ${issue.message}`;
  }
  return result.output.outcome.id === key ? undefined : "outcome.id: differs from its key";
}
