import { setMaxListeners } from "node:events";
import { mkdir } from "node:fs/promises";
import {
  type Candidate,
  coreError,
  Events,
  Lifecycle,
  type Logger,
  type Needs,
  type RunLimits,
  type RunRequest,
  type RunResult,
  readCandidate,
  readJudged,
  readTask,
  silentLogger,
  type Task,
  type Verdict,
  type Verifier,
  type VerifyOptions,
  validate,
  type WaitOptions,
} from "@agentos/core";
import * as v from "valibot";
import { bounded, type SandboxEvents } from "./bounded-driver.js";
import { Baselines } from "./compare.js";
import { defaultDrivers } from "./default-drivers.js";
import type { RunHooks } from "./driver.js";
import { sandboxError } from "./errors.js";
import { LiveRun } from "./live-run.js";
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_NEEDS,
  DEFAULT_SIZES,
  DEFAULT_SPARES,
  limitsSchema,
  needsSchema,
  optionsSchema,
  type SandboxOptions,
} from "./options.js";
import { DriverRegistry, type DriverStatus } from "./registry.js";
import { runProgram } from "./run-program.js";
import { Turnstile } from "./turnstile.js";
import { unfitCandidate, verifyCandidate } from "./verify.js";
import type { VerifyContext } from "./verify-jobs.js";
import { ProjectBases } from "./workspace/bases.js";

const verifyOptionsSchema = v.strictObject({
  affectedTests: v.optional(v.array(v.string())),
  compare: v.optional(v.boolean()),
  only: v.optional(v.picklist(["visible", "hidden"])),
  needs: v.optional(needsSchema),
  limits: v.optional(limitsSchema),
  driver: v.optional(v.string()),
  integrity: v.optional(v.picklist(["separate", "shared"])),
  onEvent: v.optional(
    v.custom<NonNullable<VerifyOptions["onEvent"]>>((value) => typeof value === "function"),
  ),
  signal: v.optional(v.instance(AbortSignal)),
});

const waitOptionsSchema = v.strictObject({ signal: v.optional(v.instance(AbortSignal)) });

/**
 * Runs code and judges candidates, each run in a sandbox of its own by the first driver that gives the guarantees it
 * needs. Open one with {@link Sandbox.open}; it may run many things at once.
 */
export class Sandbox implements Verifier, AsyncDisposable {
  readonly #lifecycle = new Lifecycle("Sandbox");
  readonly #registry: DriverRegistry;
  /** Tells of each run and of the sandboxes that are started ahead. */
  readonly events: Events<SandboxEvents>;
  readonly #bases: ProjectBases;
  readonly #baselines = new Baselines();
  readonly #needs: Needs;
  readonly #limits: RunLimits;
  readonly #sizes: Record<keyof typeof DEFAULT_SIZES, number>;

  private constructor(options: SandboxOptions, logger: Logger) {
    const drivers = options.drivers ?? defaultDrivers();
    this.events = new Events((error) => logger.error({ error }, "a listener of the sandbox failed"));
    const turnstile = new Turnstile(options.concurrency ?? DEFAULT_CONCURRENCY, options.admission);
    this.#registry = new DriverRegistry(
      drivers,
      { cacheDir: options.cacheDir, spares: options.spares ?? DEFAULT_SPARES },
      logger,
      (driver) => bounded(driver, turnstile, this.events),
    );
    this.#lifecycle.add(this.#registry);
    this.#bases = new ProjectBases(options.cacheDir);
    this.#lifecycle.add(this.#bases);
    this.#needs = options.needs ?? DEFAULT_NEEDS;
    this.#limits = options.limits ?? {};
    this.#sizes = {
      candidateBytes: options.candidateBytes ?? DEFAULT_SIZES.candidateBytes,
      candidateFiles: options.candidateFiles ?? DEFAULT_SIZES.candidateFiles,
      projectBytes: options.projectBytes ?? DEFAULT_SIZES.projectBytes,
      projectFiles: options.projectFiles ?? DEFAULT_SIZES.projectFiles,
    };
  }

  /**
   * Opens a sandbox. Nothing is started yet: a driver is tried when it is first needed. Throws `OPTIONS_INVALID`, or
   * `SANDBOX_DRIVER_FAILED` when `cacheDir` cannot be made.
   */
  static async open(options: SandboxOptions): Promise<Sandbox> {
    const checked = validate(optionsSchema, options, { what: "Sandbox options" });
    const names = (checked.drivers ?? []).map((driver) => driver.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw coreError("OPTIONS_INVALID", `Sandbox options: drivers holds two named "${twice}".`);
    }
    try {
      await mkdir(checked.cacheDir, { recursive: true });
    } catch (cause) {
      throw sandboxError(
        "SANDBOX_DRIVER_FAILED",
        `The cache folder ${checked.cacheDir} cannot be made: ${(cause as Error).message}. Give another cacheDir.`,
        { cause },
      );
    }
    return new Sandbox(checked, checked.logger ?? silentLogger);
  }

  /**
   * Runs one program. How it ends is data: failing, hanging and being killed are results, and so is `cancelled` when the
   * signal is aborted. Throws `SANDBOX_REQUEST_INVALID`, `SANDBOX_DRIVER_UNKNOWN`, `SANDBOX_LANGUAGE_UNAVAILABLE`,
   * `SANDBOX_GUARANTEE_UNAVAILABLE`, or `SANDBOX_DRIVER_FAILED` when the machinery breaks.
   */
  async run(request: RunRequest, options: WaitOptions = {}): Promise<RunResult> {
    const { signal } = validate(waitOptionsSchema, options, { what: "run options" });
    shared(signal);
    return this.#run(request, { signal });
  }

  /**
   * Starts one program and hands back the run while it goes on: its output and figures as events, its standard input, its
   * result. What {@link Sandbox.run} throws, the events and the result reject with.
   */
  start(request: RunRequest, options: WaitOptions = {}): LiveRun {
    const { signal } = validate(waitOptionsSchema, options, { what: "run options" });
    shared(signal);
    return new LiveRun((hooks) => this.#run(request, hooks), signal);
  }

  #run(request: RunRequest, hooks: RunHooks): Promise<RunResult> {
    return this.#lifecycle.track(() => runProgram(this.#context(), request, hooks));
  }

  #context(): VerifyContext {
    return {
      registry: this.#registry,
      bases: this.#bases,
      baselines: this.#baselines,
      needs: this.#needs,
      limits: this.#limits,
      sizes: this.#sizes,
    };
  }

  /**
   * Judges a candidate by running the task's tests, or the project's own affected tests, type check or build. What the
   * candidate does wrong is a failed verdict. Throws `TASK_INVALID`, `CANDIDATE_INVALID`, `NOTHING_TO_JUDGE`, `ABORTED`,
   * `SANDBOX_PROJECT_UNREADABLE`, `SANDBOX_PROJECT_TOO_LARGE`, `SANDBOX_INTEGRITY_UNAVAILABLE`, and what {@link Sandbox.run} throws.
   */
  verify(task: Task, candidate: Candidate, options: VerifyOptions = {}): Promise<Verdict> {
    return this.#lifecycle.track(async () => {
      const checked = validate(verifyOptionsSchema, options, { what: "verify options" });
      shared(checked.signal);
      const validTask = readTask(task);
      return verifyCandidate(this.#context(), validTask, readJudged(validTask, candidate), checked);
    });
  }

  /**
   * Why a candidate cannot be put into the task's project or files: its patch does not fit, or it has too many files. One sentence; undefined
   * where it can. Runs nothing. Throws `TASK_INVALID`, `CANDIDATE_INVALID`, and `SANDBOX_PROJECT_UNREADABLE`.
   */
  unfit(task: Task, candidate: Candidate): Promise<string | undefined> {
    return this.#lifecycle.track(() =>
      unfitCandidate(this.#context(), readTask(task), readCandidate(candidate)),
    );
  }

  /** Every driver, in the order in which they are tried, with what it can do on this machine. Tries those not tried yet. */
  drivers(): Promise<readonly DriverStatus[]> {
    return this.#lifecycle.track(() => this.#registry.list());
  }

  /** Waits for what runs, then ends every process that was started. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** One signal may end hundreds of runs: Node is not to take their listeners for a leak. */
function shared(signal: AbortSignal | undefined): void {
  if (signal) setMaxListeners(0, signal);
}
