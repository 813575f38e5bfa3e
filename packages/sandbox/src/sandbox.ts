import { mkdir } from "node:fs/promises";
import {
  type Candidate,
  coreError,
  Lifecycle,
  type Logger,
  type Needs,
  type RunLimits,
  type RunRequest,
  type RunResult,
  readCandidate,
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
import { defaultDrivers } from "./default-drivers.js";
import { sandboxError } from "./errors.js";
import {
  DEFAULT_LIMITS,
  DEFAULT_NEEDS,
  DEFAULT_SIZES,
  limitsSchema,
  needsSchema,
  optionsSchema,
  type SandboxOptions,
} from "./options.js";
import { DriverRegistry, type DriverStatus } from "./registry.js";
import { readRequest } from "./request.js";
import { typesStripped } from "./types-stripped.js";
import { verifyCandidate } from "./verify.js";

const verifyOptionsSchema = v.strictObject({
  affectedTests: v.optional(v.array(v.string())),
  only: v.optional(v.picklist(["visible", "hidden"])),
  needs: v.optional(needsSchema),
  limits: v.optional(limitsSchema),
  driver: v.optional(v.string()),
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
  readonly #needs: Needs;
  readonly #limits: RunLimits;
  readonly #sizes: Record<keyof typeof DEFAULT_SIZES, number>;

  private constructor(options: SandboxOptions, logger: Logger) {
    const drivers = options.drivers ?? defaultDrivers();
    this.#registry = new DriverRegistry(drivers, { cacheDir: options.cacheDir }, logger);
    this.#lifecycle.add(this.#registry);
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
  run(request: RunRequest, options: WaitOptions = {}): Promise<RunResult> {
    return this.#lifecycle.track(async () => {
      const { signal } = validate(waitOptionsSchema, options, { what: "run options" });
      const { language, files, needs, limits, driver: name, ...rest } = readRequest(request);
      const driver = await this.#registry.choose({
        language,
        needs: needs ?? this.#needs,
        tests: false,
        projects: false,
        driver: name,
      });
      const inForce = { ...DEFAULT_LIMITS, ...this.#limits, ...limits };
      const stripped = language === "typescript" ? typesStripped(files) : ({ ok: true, files } as const);
      if (!stripped.ok) {
        return {
          status: "invalid",
          message: stripped.message,
          driver: driver.name,
          mechanism: driver.mechanism,
          guarantees: driver.guarantees,
          enforced: [],
          stdout: "",
          stderr: "",
          truncated: false,
          durationMs: 0,
        };
      }
      const job = {
        ...rest,
        language: language === "typescript" ? ("javascript" as const) : language,
        files: stripped.files,
        limits: inForce,
      };
      return (await driver.run(job, signal)).result;
    });
  }

  /**
   * Judges a candidate by running the task's tests, or the project's own affected tests, type check or build. What the
   * candidate does wrong is a failed verdict. Throws `TASK_INVALID`, `CANDIDATE_INVALID`, `NOTHING_TO_JUDGE`, `ABORTED`,
   * `SANDBOX_PROJECT_UNREADABLE`, `SANDBOX_PROJECT_TOO_LARGE`, and what {@link Sandbox.run} throws.
   */
  verify(task: Task, candidate: Candidate, options: VerifyOptions = {}): Promise<Verdict> {
    return this.#lifecycle.track(async () => {
      const checked = validate(verifyOptionsSchema, options, { what: "verify options" });
      const context = {
        registry: this.#registry,
        needs: this.#needs,
        limits: this.#limits,
        sizes: this.#sizes,
      };
      return verifyCandidate(context, readTask(task), readCandidate(candidate), checked);
    });
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
