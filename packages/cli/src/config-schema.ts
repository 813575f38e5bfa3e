import { type Budget, GUARANTEES, type Needs, type RunLimits } from "@agentos/core";
import * as v from "valibot";

/** The model that `agentos solve` asks. */
export interface ModelConfig {
  readonly name?: string;
  readonly baseUrl?: string;
  /** Environment variable that holds the API key. */
  readonly apiKeyEnv?: string;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly candidates?: number;
  readonly timeoutMs?: number;
  readonly maxRetries?: number;
  readonly prices?: { readonly inputPerMillion: number; readonly outputPerMillion: number };
}

/** A configuration as it is written in a file. Defaults are in the schema's descriptions. */
export interface Config {
  readonly $schema?: string;
  readonly dir?: string;
  readonly needs?: Needs;
  readonly driver?: string;
  readonly limits?: RunLimits;
  readonly budget?: Budget;
  readonly briefTokens?: number;
  readonly model?: ModelConfig;
}

function about<Value>(schema: v.GenericSchema<Value>, description: string): v.GenericSchema<Value> {
  return v.pipe(schema, v.description(description));
}

const whole = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const amount = v.pipe(v.number(), v.minValue(0));
const text = v.pipe(v.string(), v.minLength(1));

const limitsSchema = v.strictObject({
  wallMs: v.optional(about(whole(10), "Wall time in milliseconds. Default: 10000.")),
  memoryBytes: v.optional(about(whole(1), "Memory in bytes. Default: 536870912.")),
  outputBytes: v.optional(about(whole(1), "Bytes kept of stdout and of stderr, each. Default: 1048576.")),
});

const budgetSchema = v.strictObject({
  tries: v.optional(about(whole(1), "Candidates verified. Default: 8.")),
  wallMs: v.optional(about(whole(1), "Wall time in milliseconds. Default: unlimited.")),
  tokens: v.optional(about(amount, "Tokens of the model. Default: unlimited.")),
  money: v.optional(about(amount, "Money, in the currency of the prices. Default: unlimited.")),
});

const modelSchema = v.strictObject({
  name: v.optional(about(text, "The model's name as the endpoint knows it.")),
  baseUrl: v.optional(about(text, "The endpoint up to its version, for example http://localhost:11434/v1.")),
  apiKeyEnv: v.optional(about(text, "Environment variable that holds the API key. Default: none is sent.")),
  temperature: v.optional(
    about(v.pipe(v.number(), v.minValue(0), v.maxValue(2)), "0 to 2. Default: the endpoint's."),
  ),
  maxOutputTokens: v.optional(about(whole(1), "Longest reply in tokens. Default: the endpoint's.")),
  candidates: v.optional(about(whole(1), "Replies asked for in each round. Default: 1.")),
  timeoutMs: v.optional(about(whole(1), "Longest silence in milliseconds. Default: 120000.")),
  maxRetries: v.optional(about(whole(0), "How often a request is sent again. Default: 3.")),
  prices: v.optional(
    about(
      v.strictObject({ inputPerMillion: amount, outputPerMillion: amount }),
      "Money for a million tokens.",
    ),
  ),
});

const needsSchema = v.union([
  v.literal("none"),
  v.pipe(
    v.array(v.picklist([...GUARANTEES])),
    v.minLength(1, 'is empty; write "none" to give up every guarantee'),
  ),
]);

/** The configuration file: `agentos.config.json`, `.agentosrc.json`, or "agentos" in package.json. */
export const configSchema: v.GenericSchema<Config> = v.strictObject({
  $schema: v.optional(about(v.string(), "Where the schema of this file is; for editors.")),
  dir: v.optional(
    about(
      text,
      "Folder for everything that is kept, relative to this file. Default: .agentos in the project.",
    ),
  ),
  needs: v.optional(
    about(needsSchema, 'Guarantees that a run must have, or "none". Default: filesystem, network.'),
  ),
  driver: v.optional(about(text, "Sandbox driver to use. Default: the first that gives what is needed.")),
  limits: v.optional(about(limitsSchema, "Limits of a run.")),
  budget: v.optional(about(budgetSchema, "What a solve may spend.")),
  briefTokens: v.optional(about(whole(1), "Size of a brief in tokens. Default: 4000.")),
  model: v.optional(about(modelSchema, "The model that `agentos solve` asks.")),
});
