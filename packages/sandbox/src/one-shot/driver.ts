import type { Guarantee, Language, Mechanism, RunLimit } from "@agentos/core";
import { coreError } from "@agentos/core";
import {
  DRIVER_CONTRACT_VERSION,
  type DriverJob,
  type DriverResult,
  type RunHooks,
  type SandboxDriver,
} from "../driver.js";
import { type PoolMetrics, type PoolOptions, SparePool } from "../spare-pool.js";
import { type ChildProgram, OneShotChild } from "./child.js";
import { prepareFiles } from "./prepare-files.js";
import { type DriverFacts, runOnce } from "./run.js";

/** What one of the drivers that work through one-shot children is. */
export interface OneShotDriverOptions extends PoolOptions {
  readonly name: string;
  readonly mechanism: Mechanism;
  readonly guarantees: readonly Guarantee[];
  readonly limits: readonly RunLimit[];
  readonly languages: readonly Language[];
  /** Languages in which it runs the halves of separated verdicts. @default none */
  readonly separates?: readonly Language[];
  /** How a child for such jobs is started; jobs with the same program share spares. Asked again for each job. */
  readonly program: (job: DriverJob) => ChildProgram;
  /** Done once, before the first child is started. */
  readonly prepare?: () => Promise<void>;
  /** Says for a person what bounds a run: "memory 512 MiB (isolate)". */
  readonly enforced: (limits: DriverJob["limits"]) => readonly string[];
}

/** A driver whose every run has a child process of its own, started ahead and killed after it. */
export class OneShotDriver implements SandboxDriver {
  readonly contract: typeof DRIVER_CONTRACT_VERSION = DRIVER_CONTRACT_VERSION;
  readonly name: string;
  readonly mechanism: Mechanism;
  readonly guarantees: readonly Guarantee[];
  readonly limits: readonly RunLimit[];
  readonly languages: readonly Language[];
  readonly testsIn: readonly Language[];
  readonly separates: readonly Language[];
  readonly #options: OneShotDriverOptions;
  readonly #pool: SparePool<ChildProgram, OneShotChild>;
  #prepared: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: OneShotDriverOptions) {
    this.name = options.name;
    this.mechanism = options.mechanism;
    this.guarantees = options.guarantees;
    this.limits = options.limits;
    this.languages = options.languages;
    this.testsIn = options.languages;
    this.separates = options.separates ?? [];
    this.#options = options;
    this.#pool = new SparePool((program) => new OneShotChild(program), keyOf, options);
  }

  async run(job: DriverJob, hooks: RunHooks = {}): Promise<DriverResult> {
    if (this.#closing) throw coreError("CLOSED", `The ${this.name} driver is closed. Open a new one.`);
    const facts: DriverFacts = {
      driver: this.name,
      mechanism: this.mechanism,
      guarantees: this.guarantees,
      enforced: this.#options.enforced(job.limits),
    };
    const prepared = prepareFiles(job);
    await this.#prepare();
    const asked = performance.now();
    const taken = await this.#pool.take(this.#options.program(job), hooks.signal);
    if (!taken) return cancelled(job, facts, performance.now() - asked);
    return await runOnce(taken.item, prepared, facts, hooks, taken);
  }

  pool(): PoolMetrics {
    return this.#pool.metrics();
  }

  /** Once for all runs; again when it failed. */
  async #prepare(): Promise<void> {
    this.#prepared ??= this.#options.prepare?.() ?? Promise.resolve();
    try {
      await this.#prepared;
    } catch (error) {
      this.#prepared = undefined;
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.close();
    return this.#closing;
  }
}

/** All that a child is before it gets its job. */
function keyOf({ file, nodeOptions, args = [], cell }: ChildProgram): string {
  return JSON.stringify([file, nodeOptions, args, cell?.memoryBytes]);
}

/** The result of a run that nobody waits for any more, and that never began. */
function cancelled(job: DriverJob, facts: DriverFacts, queueMs: number): DriverResult {
  const usage = { outputBytes: 0, queueMs, warm: false };
  const result = { stdout: "", stderr: "", truncated: false, usage, durationMs: 0 } as const;
  const report = { tests: [], finished: [] };
  return { result: { ...facts, ...result, status: "cancelled" }, ...(job.tests ? { report } : {}) };
}
