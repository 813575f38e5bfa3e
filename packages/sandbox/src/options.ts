import { isAbsolute } from "node:path";
import { GUARANTEES, type Logger, type Needs, type RunLimits } from "@agentos/core";
import * as v from "valibot";
import type { DriverFactory } from "./driver.js";

const MEBIBYTE = 1024 * 1024;

/** Options of `Sandbox.open`. */
export interface SandboxOptions {
  /** Absolute path of a folder for build caches and memory snapshots. Made when it is missing. */
  readonly cacheDir: string;
  /**
   * The drivers, in the order in which they are tried.
   * @default namespace, isolate, quickjs, pyodide
   */
  readonly drivers?: readonly DriverFactory[];
  /** Guarantees that a run has when its request names none. @default ["filesystem", "network"] */
  readonly needs?: Needs;
  /** Limits of a run whose request sets none. @default 10 s, 512 MiB, 1 MiB of output */
  readonly limits?: RunLimits;
  /** Bytes of all files of a candidate together; a larger one fails. @default 1 MiB */
  readonly candidateBytes?: number;
  /** Files of a candidate; one with more fails. @default 200 */
  readonly candidateFiles?: number;
  /** Bytes of a project that are copied for a run; a larger one is refused. @default 64 MiB */
  readonly projectBytes?: number;
  /** Files of a project that are copied for a run; one with more is refused. @default 10_000 */
  readonly projectFiles?: number;
  /** @default drops everything */
  readonly logger?: Logger;
}

/** Limits that are in force when nothing else is said. */
export const DEFAULT_LIMITS: Required<RunLimits> = {
  wallMs: 10_000,
  memoryBytes: 512 * MEBIBYTE,
  outputBytes: MEBIBYTE,
};

/** Guarantees that are needed when nothing else is said. */
export const DEFAULT_NEEDS: Needs = ["filesystem", "network"];

/** Sizes that are allowed when nothing else is said. */
export const DEFAULT_SIZES = {
  candidateBytes: 1_048_576,
  candidateFiles: 200,
  projectBytes: 67_108_864,
  projectFiles: 10_000,
} as const;

const count = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Shape of {@link RunLimits}: 10 ms to one hour, 16 MiB to 64 GiB, 1 KiB to 256 MiB. */
export const limitsSchema: v.GenericSchema<RunLimits> = v.strictObject({
  wallMs: v.optional(count(10, 3_600_000)),
  memoryBytes: v.optional(count(16 * MEBIBYTE, 65_536 * MEBIBYTE)),
  outputBytes: v.optional(count(1024, 256 * MEBIBYTE)),
});

/** Shape of {@link Needs}. An empty list is refused: `"none"` says the same and cannot be written by mistake. */
export const needsSchema: v.GenericSchema<Needs> = v.union(
  [
    v.literal("none"),
    v.pipe(
      v.array(v.picklist(GUARANTEES)),
      v.minLength(1, 'is empty; write "none" to give up every guarantee'),
    ),
  ],
  `must be "none" or a list of ${GUARANTEES.join(", ")} with at least one entry`,
);

/** Shape of {@link SandboxOptions}. */
export const optionsSchema: v.GenericSchema<SandboxOptions> = v.strictObject({
  cacheDir: v.pipe(v.string(), v.check(isAbsolute, "must be an absolute path")),
  drivers: v.optional(
    v.custom<readonly DriverFactory[]>((value) => Array.isArray(value) && value.every(isFactory)),
  ),
  needs: v.optional(needsSchema),
  limits: v.optional(limitsSchema),
  candidateBytes: v.optional(count(1, 1024 * MEBIBYTE)),
  candidateFiles: v.optional(count(1, 100_000)),
  projectBytes: v.optional(count(1, 4096 * MEBIBYTE)),
  projectFiles: v.optional(count(1, 1_000_000)),
  logger: v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null)),
});

function isFactory(value: unknown): boolean {
  const factory = value as Partial<DriverFactory> | null;
  return (
    typeof factory === "object" &&
    factory !== null &&
    typeof factory.name === "string" &&
    typeof factory.probe === "function" &&
    typeof factory.open === "function"
  );
}
