import type { Clock, Logger, TokenCounter } from "@agentos/core";
import * as v from "valibot";

/** What a model's tokens cost, in the caller's own currency. */
export interface Prices {
  /** For a million tokens of prompt. */
  readonly inputPerMillion: number;
  /** For a million tokens of reply. */
  readonly outputPerMillion: number;
}

/** Options of `openAICompatible`. */
export interface ModelOptions {
  /** The endpoint up to its version, for example `http://localhost:11434/v1`; `/chat/completions` is added. No user or password in it. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer …`. Never logged, never part of an error. @default no header */
  readonly apiKey?: string;
  /** The model's name as the endpoint knows it. */
  readonly model: string;
  /** 0 to 2. @default the endpoint's own */
  readonly temperature?: number;
  /** Longest reply in tokens; lowered to what the budget has left. @default the endpoint's own */
  readonly maxOutputTokens?: number;
  /** Replies asked for in each round, at the same time. Replies with the same files become one candidate. @default 1 */
  readonly candidates?: number;
  /** Longest silence in milliseconds: before the reply begins, and between two pieces of it. @default 120_000 */
  readonly timeoutMs?: number;
  /** How often a request is sent again after 408, 409, 429, 5xx, a lost connection or a silence. @default 3 */
  readonly maxRetries?: number;
  /** First pause before sending again, in milliseconds; doubled each time, with jitter. `Retry-After` goes before it. @default 500 */
  readonly retryDelayMs?: number;
  /** Longest pause before sending again, in milliseconds; an endpoint that asks for a longer one fails at once. @default 60_000 */
  readonly maxRetryDelayMs?: number;
  /** Needed for a budget in money. @default free */
  readonly prices?: Prices;
  /** Counts tokens when the endpoint does not. @default core's estimate */
  readonly countTokens?: TokenCounter;
  /** @default the platform's fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** 0 (inclusive) to 1 (exclusive), for the jitter. @default Math.random */
  readonly random?: () => number;
  /** Only to read a `Retry-After` that is a date. @default the machine's clock */
  readonly clock?: Clock;
  /** @default silent */
  readonly logger?: Logger;
}

const callable = <Value>(name: string) =>
  v.custom<Value>((value) => typeof value === "function", `must be a function (${name})`);

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger());

/** A header may only hold visible ASCII; anything else would make the platform print the whole header in its error. */
const apiKey = v.pipe(
  v.string(),
  v.check((key) => /^[\x21-\x7e]+$/.test(key), "must be visible ASCII without spaces or line breaks"),
);

const baseUrl = v.pipe(
  v.string(),
  v.check((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && /^https?:$/.test(url.protocol);
  }, "must be an http or https URL"),
  v.check((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url === undefined || (url.username === "" && url.password === "");
  }, "must not hold a user or password; use apiKey"),
);

export const modelOptionsSchema: v.GenericSchema<unknown, ModelOptions> = v.strictObject({
  baseUrl,
  apiKey: v.optional(apiKey),
  model: v.pipe(v.string(), v.nonEmpty("must not be empty")),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  maxOutputTokens: v.optional(v.pipe(count, v.minValue(1))),
  candidates: v.optional(v.pipe(count, v.minValue(1), v.maxValue(64))),
  timeoutMs: v.optional(v.pipe(count, v.minValue(1), v.maxValue(2 ** 31 - 1))),
  maxRetries: v.optional(v.pipe(count, v.minValue(0), v.maxValue(20))),
  retryDelayMs: v.optional(v.pipe(count, v.minValue(0), v.maxValue(2 ** 31 - 1))),
  maxRetryDelayMs: v.optional(v.pipe(count, v.minValue(0), v.maxValue(2 ** 31 - 1))),
  prices: v.optional(v.strictObject({ inputPerMillion: amount, outputPerMillion: amount })),
  countTokens: v.optional(callable<TokenCounter>("text to tokens")),
  fetch: v.optional(callable<typeof globalThis.fetch>("fetch")),
  random: v.optional(callable<() => number>("0 to 1")),
  clock: v.optional(callable<Clock>("milliseconds since 1970")),
  logger: v.optional(
    v.custom<Logger>((value) => typeof value === "object" && value !== null, "must be a logger"),
  ),
});
