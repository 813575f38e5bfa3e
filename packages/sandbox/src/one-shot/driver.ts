import type { Guarantee, Language, Mechanism } from "@agentos/core";
import { coreError } from "@agentos/core";
import { DRIVER_CONTRACT_VERSION, type DriverJob, type DriverResult, type SandboxDriver } from "../driver.js";
import type { ChildProgram } from "./child.js";
import { OneShotPool, type PoolOptions } from "./pool.js";
import { prepareFiles } from "./prepare-files.js";
import { type DriverFacts, runOnce } from "./run.js";

/** What one of the drivers that work through one-shot children is. */
export interface OneShotDriverOptions extends PoolOptions {
  readonly name: string;
  readonly mechanism: Mechanism;
  readonly guarantees: readonly Guarantee[];
  readonly languages: readonly Language[];
  /** How the next child is started; asked for each child, since a cache may have come or gone. */
  readonly program: () => ChildProgram;
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
  readonly languages: readonly Language[];
  readonly testsIn: readonly Language[];
  readonly #options: OneShotDriverOptions;
  readonly #pool: OneShotPool;
  #prepared: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: OneShotDriverOptions) {
    this.name = options.name;
    this.mechanism = options.mechanism;
    this.guarantees = options.guarantees;
    this.languages = options.languages;
    this.testsIn = options.languages;
    this.#options = options;
    this.#pool = new OneShotPool(options.program, options);
  }

  async run(job: DriverJob, signal?: AbortSignal): Promise<DriverResult> {
    if (this.#closing) throw coreError("CLOSED", `The ${this.name} driver is closed. Open a new one.`);
    const facts: DriverFacts = {
      driver: this.name,
      mechanism: this.mechanism,
      guarantees: this.guarantees,
      enforced: this.#options.enforced(job.limits),
    };
    const prepared = prepareFiles(job);
    await this.#prepare();
    const child = await this.#pool.take();
    return await runOnce(child, prepared, facts, signal);
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
