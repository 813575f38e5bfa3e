import { availableParallelism } from "node:os";
import { isAbsolute } from "node:path";
import {
  type Admission,
  GUARANTEES,
  type Logger,
  type Needs,
  RUN_LIMITS,
  type RunLimit,
  type RunLimits,
} from "@agentos/core";
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
  /** Bytes of the files of a project that runs may see; a larger one is refused. @default 1 GiB */
  readonly projectBytes?: number;
  /** Files of a project that runs may see; one with more is refused. @default 100_000 */
  readonly projectFiles?: number;
  /**
   * Runs at one time; more wait for their turn, which `usage.queueMs` tells. The two halves of a separated verdict are one.
   * @default twice the number of processors, at least 4
   */
  readonly concurrency?: number;
  /** Who else has to let a run in, for example `HostPlaces` of the store: all processes of the user share its places. @default nobody */
  readonly admission?: Admission;
  /**
   * Most sandboxes that each driver has waiting, for all kinds of work (language, limits) together. They come as they are
   * asked for and go when idle. Zero starts none ahead.
   * @default twice the number of processors, at most 16
   */
  readonly spares?: number;
  /** @default drops everything */
  readonly logger?: Logger;
}

/** Limits that are in force when nothing else is said. */
export const DEFAULT_LIMITS: Required<RunLimits> = {
  wallMs: 10_000,
  cpuMs: Number.POSITIVE_INFINITY,
  memoryBytes: 512 * MEBIBYTE,
  processes: 256,
  openFiles: 1024,
  fileBytes: 256 * MEBIBYTE,
  diskBytes: 256 * MEBIBYTE,
  outputBytes: MEBIBYTE,
};

/** The bounds that somebody asked for by name: a driver that cannot hold one of them is not used. */
export function askedLimits(...asked: readonly (RunLimits | undefined)[]): readonly RunLimit[] {
  return RUN_LIMITS.filter((name) => asked.some((limits) => limits?.[name] !== undefined));
}

/** Bytes of artifacts when nothing else is said. */
export const DEFAULT_ARTIFACT_BYTES: number = 16 * MEBIBYTE;

/** Guarantees that are needed when nothing else is said. */
export const DEFAULT_NEEDS: Needs = ["filesystem", "network"];

/** Runs at one time, and sandboxes started ahead, when nothing else is said. */
export const DEFAULT_CONCURRENCY: number = Math.max(4, 2 * availableParallelism());
export const DEFAULT_SPARES: number = Math.min(16, 2 * availableParallelism());

/** Sizes that are allowed when nothing else is said. */
export const DEFAULT_SIZES = {
  candidateBytes: 1_048_576,
  candidateFiles: 200,
  projectBytes: 1_073_741_824,
  projectFiles: 100_000,
} as const;

const count = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Shape of {@link RunLimits}, with the bounds of each bound. */
export const limitsSchema: v.GenericSchema<RunLimits> = v.strictObject({
  wallMs: v.optional(count(10, 3_600_000)),
  cpuMs: v.optional(count(10, 36_000_000)),
  memoryBytes: v.optional(count(16 * MEBIBYTE, 65_536 * MEBIBYTE)),
  processes: v.optional(count(1, 32_768)),
  openFiles: v.optional(count(16, 1_048_576)),
  fileBytes: v.optional(count(0, 65_536 * MEBIBYTE)),
  diskBytes: v.optional(count(4096, 65_536 * MEBIBYTE)),
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
  cacheDir: v.pipe(v.string("must be an absolute path"), v.check(isAbsolute, "must be an absolute path")),
  drivers: v.optional(
    v.custom<readonly DriverFactory[]>(
      (value) => Array.isArray(value) && value.every(isFactory),
      "must be a list of drivers, such as defaultDrivers() gives",
    ),
  ),
  needs: v.optional(needsSchema),
  limits: v.optional(limitsSchema),
  candidateBytes: v.optional(count(1, 1024 * MEBIBYTE)),
  candidateFiles: v.optional(count(1, 100_000)),
  projectBytes: v.optional(count(1, 4096 * MEBIBYTE)),
  projectFiles: v.optional(count(1, 1_000_000)),
  concurrency: v.optional(count(1, 100_000)),
  admission: v.optional(
    v.custom<Admission>(
      (value) => typeof (value as Partial<Admission> | null)?.enter === "function",
      "must have a method enter",
    ),
  ),
  spares: v.optional(count(0, 1024)),
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
