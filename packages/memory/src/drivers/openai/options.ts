import type { Clock, Logger } from "@agentos/core";
import * as v from "valibot";

/** Options of `OpenAIEmbedder`. */
export interface OpenAIEmbedderOptions {
  /** Where the endpoint is, without `/embeddings`: for example `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a bearer token; never part of an error or a log line. @default none is sent */
  readonly apiKey?: string;
  /** Length of the vectors. @default what the endpoint gives for one word, asked at opening */
  readonly dimensions?: number;
  /** Asks the endpoint for vectors of `dimensions`, which not every model can give. @default false */
  readonly shorten?: boolean;
  /** Put before every text that is remembered, for models that need it. @default "" */
  readonly textPrefix?: string;
  /** Put before every question. @default "" */
  readonly queryPrefix?: string;
  /** Identifies model and settings. @default made of model, dimensions and prefixes */
  readonly name?: string;
  /** @default 0 */
  readonly unrelatedBelow?: number;
  /** At most so many texts in one request. @default 128 */
  readonly batchTexts?: number;
  /** At most so many UTF-16 code units in one request, unless one text alone has more. @default 100_000 */
  readonly batchChars?: number;
  /** Longer texts are cut off behind so many UTF-16 code units. @default 20_000 */
  readonly textChars?: number;
  /** Longest time in milliseconds that one try of one request takes. @default 30_000 */
  readonly timeoutMs?: number;
  /** How often a request is sent again after 408, 429, 5xx, a lost connection or a time-out. @default 4 */
  readonly retries?: number;
  /** First wait in milliseconds before a request is sent again; doubled each time. @default 500 */
  readonly retryMs?: number;
  /** Longest `Retry-After` in milliseconds that is waited for; a longer one is an error at once. @default 60_000 */
  readonly retryAfterMs?: number;
  /** So many vectors are kept, the last used. 0: none. @default 1_000 */
  readonly cacheEntries?: number;
  /** Reads dates in `Retry-After`. @default the machine's clock */
  readonly clock?: Clock;
  /** Told of tries that failed. @default a logger that drops everything */
  readonly logger?: Logger;
}

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const millis = v.pipe(v.number(), v.minValue(0), v.maxValue(2 ** 31 - 1));

/** What `OpenAIEmbedder.open` accepts. */
export const openAIEmbedderOptionsSchema: v.GenericSchema<OpenAIEmbedderOptions> = v.strictObject({
  baseUrl: v.pipe(
    v.string(),
    v.check(isEndpoint, "must be an http or https URL without user, query or hash"),
  ),
  model: text,
  // A line break would end the header; the platform's message about it would quote the key.
  apiKey: v.optional(
    v.pipe(v.string("must be text"), v.regex(/^[\x21-\x7e]+$/, "must be visible ASCII without spaces")),
  ),
  dimensions: v.optional(count),
  shorten: v.optional(v.boolean()),
  textPrefix: v.optional(v.string()),
  queryPrefix: v.optional(v.string()),
  name: v.optional(text),
  unrelatedBelow: v.optional(v.pipe(v.number(), v.minValue(-1), v.maxValue(1))),
  batchTexts: v.optional(count),
  batchChars: v.optional(count),
  textChars: v.optional(count),
  timeoutMs: v.optional(v.pipe(millis, v.minValue(1))),
  retries: v.optional(whole),
  retryMs: v.optional(millis),
  retryAfterMs: v.optional(millis),
  cacheEntries: v.optional(whole),
  clock: v.optional(v.custom<Clock>((value) => typeof value === "function")),
  logger: v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null)),
});

function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => part === "");
}
