import type { Guarantee, Language, Mechanism, RunLimits, RunResult } from "@agentos/core";

/** Version of the driver contract; a driver states the one that it was written for. */
export const DRIVER_CONTRACT_VERSION = 1;

/** Which of a job's files hold tests. */
export interface TestPlan {
  readonly files: readonly PlannedTestFile[];
  /** Names this run on the report channel, so that a report is not mistaken for another run's. */
  readonly nonce: string;
}

/** One file of a {@link TestPlan}. */
export interface PlannedTestFile {
  /** Path among the job's files. */
  readonly path: string;
  /** What its tests are reported under: the path that the task gave it. */
  readonly label: string;
  /** `script`: the whole file is one test, which passes when it ends without an error. `detect`: a framework, else a script. */
  readonly style: "script" | "detect";
}

/** A judgement of a project that runs nothing of it. `paths`: the files that the candidate changed. */
export interface ProjectCheck {
  readonly kind: "build" | "types";
  readonly paths: readonly string[];
}

/** A run as a driver gets it: validated, with every default filled in. */
export interface DriverJob {
  readonly language: Language;
  /**
   * By safe relative path with `/`. When TypeScript was asked for, `language` says "javascript" and the `.ts` files hold
   * JavaScript already, under their own paths; the driver makes `./solution`, `./solution.js` and `./solution.ts` the
   * same module.
   */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly entry: string;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  readonly limits: Required<RunLimits>;
  /** Present: run these tests and report them. Absent: run `entry`. */
  readonly tests?: TestPlan;
  /**
   * Present: build or type-check the files and run none of them. Only drivers with `projects` get such jobs; TypeScript
   * is TypeScript here, and `language` says so.
   */
  readonly check?: ProjectCheck;
  /** Folders of the host to show read-only in the working folder, by relative path (installed dependencies). */
  readonly mounts?: ReadonlyMap<string, string>;
}

/** One test as the harness inside the sandbox reported it. */
export interface ReportedTest {
  /** The planned file's label. */
  readonly file: string;
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly message?: string;
  readonly durationMs?: number;
}

/** What came over the report channel. */
export interface TestReport {
  readonly tests: readonly ReportedTest[];
  /** Labels of the files that ran to their end. A planned file that is not here did not. */
  readonly finished: readonly string[];
}

/** What a driver hands back. */
export interface DriverResult {
  readonly result: RunResult;
  /** Present when the job had tests, however the run ended. */
  readonly report?: TestReport;
}

/** Runs code. The facade has validated, chosen and bounded; a driver only runs. */
export interface SandboxDriver {
  readonly contract: typeof DRIVER_CONTRACT_VERSION;
  readonly name: string;
  readonly mechanism: Mechanism;
  /** What it gives on this machine. */
  readonly guarantees: readonly Guarantee[];
  /** Languages that it can run on this machine. "typescript" says that it resolves `.ts` paths as {@link DriverJob.files} says. */
  readonly languages: readonly Language[];
  /** Whether it runs test plans of that language; false means whole programs only. */
  readonly testsIn: readonly Language[];
  /** Whether it shows `mounts` and does `check` jobs, which a project needs. @default false */
  readonly projects?: boolean;
  /** Never rejects for what the program does; only for broken machinery. An aborted signal ends the run as `cancelled`. */
  run(job: DriverJob, signal?: AbortSignal): Promise<DriverResult>;
  /** Ends everything that it started. Idempotent. */
  close(): Promise<void>;
}

/** What a driver may use when it starts. */
export interface DriverContext {
  /** A folder of its own for caches (build caches, memory snapshots), kept between processes. */
  readonly cacheDir: string;
}

/** Whether a driver can work on this machine, found by trying. */
export type Availability =
  | {
      readonly available: true;
      readonly mechanism: Mechanism;
      readonly guarantees: readonly Guarantee[];
      readonly languages: readonly Language[];
      /** What it lacks here, each with the command that would add it: "go: not found; apt-get install golang-go". */
      readonly notes: readonly string[];
    }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/** Finds out whether a driver works here, and starts it. */
export interface DriverFactory {
  readonly name: string;
  /** Tries, in at most a few seconds; never throws. */
  probe(context: DriverContext): Promise<Availability>;
  open(context: DriverContext): Promise<SandboxDriver>;
}
