import type { Duplex } from "node:stream";
import type { Guarantee, Language, Mechanism, RunLimit, RunLimits, RunResult, RunTest } from "@agentos/core";

import type { PoolMetrics } from "./spare-pool.js";

/** Version of the driver contract; a driver states the one that it was written for. */
export const DRIVER_CONTRACT_VERSION = 2;

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
  /** Present: a framework that the project has installed runs this file. Only drivers with `projects` get such files. */
  readonly framework?: TestFramework;
}

/** A test framework and where it is installed: the folder whose dependencies hold it, relative to the working folder. */
export interface TestFramework {
  readonly name: "vitest" | "jest" | "pytest";
  readonly folder: string;
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
  /**
   * Present: the working folder begins as a writable layer over this folder of the host, which is never written. `files`
   * come on top of it. Only drivers with `projects` get such jobs.
   */
  readonly base?: JobBase;
  /** Paths of `base` that are not to be there. @default none */
  readonly deleted?: readonly string[];
  /** Present: hand back files when the program has ended by itself. Only drivers with `collects` get such jobs. */
  readonly collect?: Collect;
  /** Folders of the host to show read-only in the working folder, by relative path (installed dependencies). */
  readonly mounts?: ReadonlyMap<string, string>;
  /**
   * Present: this job is one half of a separated verdict, and {@link RunHooks.link} leads to the other half.
   * `candidate`: `files` hold the candidate; it is loaded on request and its functions are called for the judge.
   * `judge`: `files` and `tests` hold the tests; modules named here are stand-ins for the candidate's.
   * Only drivers with `separates` get such jobs.
   */
  readonly half?: Half;
}

/** The files of a project, prepared for runs. */
export interface JobBase {
  /** Absolute path on the host. Its files may be read and written by every user id; the way to it is closed to others. */
  readonly folder: string;
  /**
   * Paths of the project that it shows, named as `DriverJob.files` are: where their types were taken out, `a.ts` is there
   * as `a.js`, with links to it.
   */
  readonly paths: ReadonlySet<string>;
  readonly bytes: number;
  readonly stripped: boolean;
}

/** What is to be handed back of a run. */
export interface Collect {
  /** Safe relative paths of files and folders. */
  readonly paths: readonly string[];
  /** Whether every file that was written since the start is wanted, too, and the names of all that are there. */
  readonly changes: boolean;
  /** Most bytes of all files together. */
  readonly bytes: number;
}

/** What was collected of a run. All of it is the program's own: names and contents are data from outside. */
export interface Collected {
  /** Files by safe relative path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
  /** Names of all files and links that are there, when changes were asked for. */
  readonly present?: ReadonlySet<string>;
  /** Whether all of it is here: nothing was cut off. */
  readonly complete: boolean;
}

/** One half of a separated verdict. */
export type Half =
  | { readonly kind: "candidate"; readonly entry: string }
  | { readonly kind: "judge"; readonly entry: string; readonly modules: readonly string[] };

/** What a driver calls, and what feeds it, while a job runs. Every member may be left out. */
export interface RunHooks {
  /** Ends the run as `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Gets stdout and stderr as they come. While a promise that it returns is pending, the program's writes are held back. */
  readonly onOutput?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void | Promise<void>;
  /** Gets each test as it ends. */
  readonly onTest?: (test: RunTest) => void;
  /** Goes to the program's standard input after `DriverJob.stdin`; the input ends with it. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** What the half of a separated verdict reads and writes at its link. */
  readonly link?: Duplex;
}

/** What came over the report channel. */
export interface TestReport {
  readonly tests: readonly RunTest[];
  /** Labels of the files that ran to their end. A planned file that is not here did not. */
  readonly finished: readonly string[];
  /** Why the judge's half cannot keep these tests apart from the candidate. Nothing else of the report counts then. */
  readonly unseparable?: string;
  /** Attempts of the candidate to forge the report, as the harness saw them. */
  readonly cheats?: readonly Cheat[];
}

/** What a candidate did to forge its verdict. */
export type CheatKind = "early-exit" | "patched-framework" | "forged-report" | "wrong-count" | "edited-tests";

/** Every {@link CheatKind}. */
export const CHEAT_KINDS: readonly CheatKind[] = [
  "early-exit",
  "patched-framework",
  "forged-report",
  "wrong-count",
  "edited-tests",
];

/** One attempt to forge a verdict. */
export interface Cheat {
  readonly kind: CheatKind;
  /** What was seen, for a person; may name tests and files, so never shown of a hidden run. */
  readonly detail: string;
}

/** What a driver hands back. */
export interface DriverResult {
  readonly result: RunResult;
  /** Present when the job had tests, however the run ended. */
  readonly report?: TestReport;
  /** Present when the job had something to collect and its program ended by itself. */
  readonly collected?: Collected;
}

/** Runs code. The facade has validated, chosen and bounded; a driver only runs. */
export interface SandboxDriver {
  readonly contract: typeof DRIVER_CONTRACT_VERSION;
  readonly name: string;
  readonly mechanism: Mechanism;
  /** What it gives on this machine. */
  readonly guarantees: readonly Guarantee[];
  /** The bounds that it can hold on this machine. */
  readonly limits: readonly RunLimit[];
  /** Languages that it can run on this machine. "typescript" says that it resolves `.ts` paths as {@link DriverJob.files} says. */
  readonly languages: readonly Language[];
  /** Whether it runs test plans of that language; false means whole programs only. */
  readonly testsIn: readonly Language[];
  /** Whether it shows `base` and `mounts` and does `check` jobs, which a project needs. @default false */
  readonly projects?: boolean;
  /** Whether it hands back files of a run. @default false */
  readonly collects?: boolean;
  /** Languages in which it runs the halves of separated verdicts. @default none */
  readonly separates?: readonly Language[];
  /** Never rejects for what the program does; only for broken machinery. */
  run(job: DriverJob, hooks?: RunHooks): Promise<DriverResult>;
  /** What the pool of sandboxes that it starts ahead did so far, and holds now. */
  pool?(): PoolMetrics;
  /** Ends everything that it started. Idempotent. */
  close(): Promise<void>;
}

/** What a driver may use when it starts. */
export interface DriverContext {
  /** A folder of its own for caches (build caches, memory snapshots), kept between processes. */
  readonly cacheDir: string;
  /** Most sandboxes to start ahead of the work, for all kinds of work together. Zero: none. @default the driver's own */
  readonly spares?: number;
}

/** Whether a driver can work on this machine, found by trying. */
export type Availability =
  | {
      readonly available: true;
      readonly mechanism: Mechanism;
      readonly guarantees: readonly Guarantee[];
      readonly limits: readonly RunLimit[];
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
