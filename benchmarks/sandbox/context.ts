import type { Language } from "@agentos/core";
import { type DriverStatus, defaultDrivers, Sandbox, type SandboxOptions } from "@agentos/sandbox";
import type { ProgressStream } from "../lib/progress.js";

/** What each part of the benchmark works with. */
export interface BenchContext {
  readonly cacheDir: string;
  /** Every driver, with what it can do here. */
  readonly drivers: readonly DriverStatus[];
  /** How many times each thing is done, as a factor of the ordinary count. */
  readonly scale: number;
  /** Runs of the part that looks for leftovers. */
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly progress: ProgressStream;
}

/** How often something is done. */
export function times(context: BenchContext, ordinary: number): number {
  return Math.max(4, Math.round(ordinary * context.scale));
}

/** Whether a driver works here and runs a language. */
export function runs(context: BenchContext, driver: string, language: Language): boolean {
  const availability = context.drivers.find(({ name }) => name === driver)?.availability;
  return availability?.available === true && availability.languages.includes(language);
}

/** Works with a sandbox of one driver, and closes it. */
export async function withSandbox<Result>(
  context: BenchContext,
  driver: string,
  options: Partial<SandboxOptions>,
  work: (sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const drivers = defaultDrivers().filter(({ name }) => name === driver);
  const sandbox = await Sandbox.open({ cacheDir: context.cacheDir, drivers, ...options });
  try {
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}
