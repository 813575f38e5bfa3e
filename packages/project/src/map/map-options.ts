import type { TokenCounter } from "@agentos/core";
import * as v from "valibot";
import { signalSchema } from "../options.js";

/** Options of `ProjectIndex.repoMap`. */
export interface RepoMapOptions {
  /** What is to be done, in words: files and symbols that fit it come first. @default "" */
  readonly task?: string;
  /** Most tokens of the text. @default 1_024 */
  readonly tokens?: number;
  /** Files that the reader has before it: they steer the map and are not shown. @default [] */
  readonly open?: readonly string[];
  /** Files that are being changed. @default [] */
  readonly changed?: readonly string[];
  /** Names of symbols that matter. @default [] */
  readonly names?: readonly string[];
  /** Counts the tokens of a text. @default an estimate that errs upwards on code (core's `estimateTokens`) */
  readonly tokenizer?: TokenCounter;
  readonly signal?: AbortSignal;
}

const texts = v.array(v.string());

export const repoMapSchema: v.GenericSchema<RepoMapOptions> = v.strictObject({
  task: v.optional(v.string()),
  tokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))),
  open: v.optional(texts),
  changed: v.optional(texts),
  names: v.optional(texts),
  tokenizer: v.optional(v.custom<TokenCounter>((value) => typeof value === "function", "must be a function")),
  signal: v.optional(signalSchema),
});
