import type { Events, Language, RunStatus, RunUsage } from "@agentos/core";
import type { DriverJob, DriverResult, RunHooks, SandboxDriver } from "./driver.js";
import type { PoolMetrics } from "./spare-pool.js";
import type { Turnstile } from "./turnstile.js";

/** What a `Sandbox` tells its listeners. */
export interface SandboxEvents {
  /** A run ended, of a program or of a verdict. */
  readonly run: {
    readonly driver: string;
    readonly language: Language;
    readonly status: RunStatus;
    readonly usage: RunUsage;
    /** In milliseconds, without the time in the queue. */
    readonly durationMs: number;
  };
  /** How the sandboxes that a driver starts ahead have served so far; follows each run of a driver that has some. */
  readonly pool: PoolMetrics & { readonly driver: string };
}

/** A driver whose runs wait for their turn. */
export interface BoundedDriver extends SandboxDriver {
  /** Takes the one place of both halves of a separated verdict; hands back what gives it up. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

/**
 * A driver whose runs wait for a place, so that a burst queues instead of slowing every run, and are told to listeners.
 * Halves of separated verdicts do not wait: whoever starts both has taken one place for them together.
 */
export function bounded(
  driver: SandboxDriver,
  turnstile: Pick<Turnstile, "enter">,
  events: Events<SandboxEvents>,
): BoundedDriver {
  return {
    contract: driver.contract,
    name: driver.name,
    mechanism: driver.mechanism,
    guarantees: driver.guarantees,
    limits: driver.limits,
    languages: driver.languages,
    testsIn: driver.testsIn,
    ...(driver.projects === undefined ? {} : { projects: driver.projects }),
    ...(driver.collects === undefined ? {} : { collects: driver.collects }),
    ...(driver.separates === undefined ? {} : { separates: driver.separates }),
    async run(job: DriverJob, hooks: RunHooks = {}): Promise<DriverResult> {
      const asked = performance.now();
      const leave = job.half ? () => {} : await turnstile.enter(hooks.signal);
      const queueMs = performance.now() - asked;
      try {
        const ran = await driver.run(job, hooks);
        const usage = { ...ran.result.usage, queueMs: ran.result.usage.queueMs + queueMs };
        const { status, durationMs } = ran.result;
        events.emit("run", { driver: driver.name, language: job.language, status, usage, durationMs });
        const pool = driver.pool?.();
        if (pool) events.emit("pool", { driver: driver.name, ...pool });
        return { ...ran, result: { ...ran.result, usage } };
      } finally {
        leave();
      }
    },
    enter: (signal) => turnstile.enter(signal),
    close: () => driver.close(),
  };
}
