import type { Language, RunLimits } from "@agentos/core";
import type { DriverJob, DriverResult, RunHooks, SandboxDriver } from "../driver.js";
import { DEFAULT_LIMITS } from "../options.js";

/** What a case changes about an ordinary job. */
export interface JobChanges extends Partial<Omit<DriverJob, "limits">> {
  readonly limits?: RunLimits;
  readonly signal?: AbortSignal;
  readonly onTest?: RunHooks["onTest"];
}

/** Runs files on a driver with ordinary limits. */
export function runFiles(
  driver: SandboxDriver,
  language: Language,
  files: Readonly<Record<string, string>>,
  wallMs: number,
  changes: JobChanges = {},
): Promise<DriverResult> {
  const { signal, limits, onTest, ...rest } = changes;
  const job: DriverJob = {
    language,
    files: new Map(Object.entries(files)),
    entry: Object.keys(files)[0] ?? "",
    args: [],
    stdin: new Uint8Array(),
    limits: { ...DEFAULT_LIMITS, wallMs, outputBytes: 64 * 1024, ...limits },
    ...rest,
  };
  return driver.run(job, { signal, ...(onTest && { onTest }) });
}
