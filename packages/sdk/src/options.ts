import type { Clock, IdSource, Logger, Needs, RunLimits, TokenCounter } from "@agentos/core";
import type { Embedder } from "@agentos/memory";
import type { DriverFactory } from "@agentos/sandbox";
import * as v from "valibot";

/** Options of `AgentOS.open`. */
export interface AgentOSOptions {
  /** Folder for everything that is kept, usually `<project>/.agentos`. Made when missing; nothing outside it changes. */
  readonly dir: string;
  /** Root folder of the project to index. @default none: no code in briefs, no affected tests */
  readonly project?: string;
  /** Guarantees that a run has when its request names none. @default ["filesystem", "network"] */
  readonly needs?: Needs;
  /** Limits of a run whose request sets none. @default 10 s, 512 MiB, 1 MiB of output */
  readonly limits?: RunLimits;
  /** Sandbox drivers, in the order in which they are tried. @default namespace, isolate, quickjs, pyodide */
  readonly drivers?: readonly DriverFactory[];
  /** Turns text into vectors for recall. @default hashed words, which needs no model */
  readonly embedder?: Embedder;
  /** @default silent */
  readonly logger?: Logger;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** @default ids that sort by time */
  readonly ids?: IdSource;
  /** @default an estimate that errs upwards */
  readonly countTokens?: TokenCounter;
}

const folder = v.pipe(v.string(), v.nonEmpty("must name a folder"));
const callable = (value: unknown): boolean => typeof value === "function";
const object = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Holds {@link AgentOSOptions}. What is handed on (`needs`, `limits`, `drivers`) is held by the sandbox itself. */
export const agentOSOptionsSchema: v.GenericSchema<unknown, AgentOSOptions> = v.strictObject({
  dir: folder,
  project: v.optional(folder),
  needs: v.optional(
    v.custom<Needs>((value) => value === "none" || Array.isArray(value), 'must be a list or "none"'),
  ),
  limits: v.optional(v.custom<RunLimits>(object, "must be an object")),
  drivers: v.optional(
    v.custom<readonly DriverFactory[]>(Array.isArray, "must be a list of driver factories"),
  ),
  embedder: v.optional(v.custom<Embedder>(object, "must be an embedder")),
  logger: v.optional(v.custom<Logger>(object, "must be a logger")),
  clock: v.optional(v.custom<Clock>(callable, "must be a function")),
  ids: v.optional(v.custom<IdSource>(callable, "must be a function")),
  countTokens: v.optional(v.custom<TokenCounter>(callable, "must be a function")),
});
