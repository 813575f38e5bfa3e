import type { Clock, IdSource, Logger, Needs, RunLimits, TokenCounter } from "@agentos/core";
import type { MemoryStoreOptions } from "@agentos/memory";
import type { DriverFactory } from "@agentos/sandbox";
import * as v from "valibot";

/** Options of `AgentOS.open`. */
export interface AgentOSOptions {
  /** Folder for everything that is kept, usually `<project>/.agentos`. Made when missing; nothing outside it changes. */
  readonly dir: string;
  /** Root folder of the project to index. @default none: no code in briefs, no affected tests */
  readonly project?: string;
  /** Path of the file of patterns that git leaves out in all projects of the user (`core.excludesFile`). @default none */
  readonly globalIgnore?: string;
  /** Guarantees that a run has when its request names none. @default ["filesystem", "network"] */
  readonly needs?: Needs;
  /** Limits of a run whose request sets none. @default 10 s, 512 MiB, 1 MiB of output */
  readonly limits?: RunLimits;
  /** Sandbox drivers, in the order in which they are tried. @default namespace, isolate, quickjs, pyodide */
  readonly drivers?: readonly DriverFactory[];
  /**
   * How the memory works: embedder, vector index, near duplicates, secrets and all else that `MemoryStore.open` takes but the
   * store. In a shared store the memory answers in the process that owns it, so give the same ones everywhere.
   * @default the memory's; `logger`, `clock` and `ids` those below
   */
  readonly memory?: Omit<MemoryStoreOptions, "store">;
  /**
   * Whether other processes of the user may have the folder open meanwhile: an editor's server, the command, several agents.
   * The first one owns the store, the others work through it, and one of them takes over when it ends. With `false` a second one gets
   * `STORE_LOCKED`.
   * @default true
   */
  readonly shared?: boolean;
  /**
   * Whether sandboxes wait until there is a place for one more on this machine: all processes of the user that say so run no more of them
   * together than the machine carries at once.
   * @default false: each process for itself
   */
  readonly hostWide?: boolean;
  /** @default silent */
  readonly logger?: Logger;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** @default ids that sort by time */
  readonly ids?: IdSource;
  /** @default an estimate that errs upwards */
  readonly countTokens?: TokenCounter;
  /** Ends the wait for the process that owns the store (`ABORTED`). */
  readonly signal?: AbortSignal;
}

const folder = v.pipe(v.string(), v.nonEmpty("must name a folder"));
const callable = (value: unknown): boolean => typeof value === "function";
const object = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Holds {@link AgentOSOptions}. What is handed on (`needs`, `limits`, `drivers`, `memory`) is held by the engine itself. */
export const agentOSOptionsSchema: v.GenericSchema<unknown, AgentOSOptions> = v.strictObject({
  dir: folder,
  project: v.optional(folder),
  globalIgnore: v.optional(v.pipe(v.string(), v.nonEmpty("must name a file"))),
  needs: v.optional(
    v.custom<Needs>((value) => value === "none" || Array.isArray(value), 'must be a list or "none"'),
  ),
  limits: v.optional(v.custom<RunLimits>(object, "must be an object")),
  drivers: v.optional(
    v.custom<readonly DriverFactory[]>(Array.isArray, "must be a list of driver factories"),
  ),
  memory: v.optional(
    v.custom<Omit<MemoryStoreOptions, "store">>(
      (value) => object(value) && !("store" in (value as object)),
      "must be options of a MemoryStore, without its store",
    ),
  ),
  shared: v.optional(v.boolean()),
  hostWide: v.optional(v.boolean()),
  logger: v.optional(v.custom<Logger>(object, "must be a logger")),
  clock: v.optional(v.custom<Clock>(callable, "must be a function")),
  ids: v.optional(v.custom<IdSource>(callable, "must be a function")),
  countTokens: v.optional(v.custom<TokenCounter>(callable, "must be a function")),
  signal: v.optional(v.instance(AbortSignal)),
});
