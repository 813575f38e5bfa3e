import type { Language } from "./task.js";

/**
 * What a sandbox can promise about a run.
 * `filesystem`: no file of the host can be read or changed, but for the toolchain, which is read-only.
 * `network`: nothing can be reached, the host's loopback included.
 * `memory`: the limit holds for the whole run, children included.
 * `processes`: no process can be seen or signalled outside the run, none outlives it.
 * `kernel`: system calls that a run does not need are refused.
 */
export type Guarantee = "filesystem" | "network" | "memory" | "processes" | "kernel";

/** Every {@link Guarantee}. */
export const GUARANTEES: readonly Guarantee[] = ["filesystem", "network", "memory", "processes", "kernel"];

/** How a driver keeps code apart from the host. */
export type Mechanism = "none" | "process" | "wasm" | "isolate" | "namespace" | "container";

/** Guarantees that a run must have. `"none"` gives them all up and must be written out. An empty list is refused. */
export type Needs = readonly Guarantee[] | "none";

/** Bounds of one run. A bound that is asked for and that the driver cannot hold raises. */
export interface RunLimits {
  /** Wall time in milliseconds. @default 10_000 */
  readonly wallMs?: number;
  /** CPU time of all processes of the run together, in milliseconds. @default none */
  readonly cpuMs?: number;
  /** Memory in bytes. @default 512 MiB */
  readonly memoryBytes?: number;
  /** Processes and threads at one time. @default 256 */
  readonly processes?: number;
  /** Open descriptors of each process. @default 1024 */
  readonly openFiles?: number;
  /** Largest file that may be written, in bytes. @default 256 MiB */
  readonly fileBytes?: number;
  /** Bytes that may be written to the working folder, and as many to the folder of temporary files. @default 256 MiB */
  readonly diskBytes?: number;
  /** Bytes kept of stdout and of stderr, each; a run that writes four times as much is ended. @default 1 MiB */
  readonly outputBytes?: number;
}

/** The name of one bound. */
export type RunLimit = keyof RunLimits;

/** Every {@link RunLimit}. */
export const RUN_LIMITS: readonly RunLimit[] = [
  "wallMs",
  "cpuMs",
  "memoryBytes",
  "processes",
  "openFiles",
  "fileBytes",
  "diskBytes",
  "outputBytes",
];

/** One execution to be made. */
export interface RunRequest {
  readonly language: Language;
  /** Files of the run by path relative to its working folder, with `/`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /**
   * Absolute path of a project to run in: what git tracks or would track is there, below a writable layer, and `files` come
   * on top. The project itself is never written.
   */
  readonly project?: string;
  /** The file to run; it must be among `files`, or in the project. */
  readonly entry: string;
  /** @default [] */
  readonly args?: readonly string[];
  /** What the program reads from its standard input. @default "" */
  readonly stdin?: string | Uint8Array;
  /** Guarantees that the run must have. @default the sandbox's own option, `["filesystem", "network"]` unless set */
  readonly needs?: Needs;
  readonly limits?: RunLimits;
  /**
   * Files and folders to hand back when the program has ended by itself, by relative path without patterns. No link is
   * followed, and nothing but files is handed back. Drivers without a file system give none. @default []
   */
  readonly artifacts?: readonly string[];
  /** Bytes that `artifacts` and what `patch` needs may have together. @default 16 MiB */
  readonly artifactBytes?: number;
  /** Whether to say as a patch what the run changed in its files and its project. Not for TypeScript. @default false */
  readonly patch?: boolean;
  /** Name of the driver to use. @default the first that gives what is needed */
  readonly driver?: string;
}

/** What a run used. A figure that the driver cannot measure is absent. */
export interface RunUsage {
  /** CPU time of all processes of the run, in milliseconds. */
  readonly cpuMs?: number;
  /** The most memory that was charged to the run at one time, in bytes. */
  readonly peakMemoryBytes?: number;
  /** Bytes that it wrote to stdout and stderr, kept or not. */
  readonly outputBytes: number;
  /** How long it waited for a place, in milliseconds. */
  readonly queueMs: number;
  /** Whether it ran in a sandbox that had been started ahead. */
  readonly warm: boolean;
}

/** What is known of every run, however it ended. */
export interface RunFacts {
  /** Name of the driver that ran it. */
  readonly driver: string;
  readonly mechanism: Mechanism;
  /** What the driver promised for this run. */
  readonly guarantees: readonly Guarantee[];
  /** The limits and means that were in force, for a person: "memory 512 MiB (cgroup v1)". */
  readonly enforced: readonly string[];
  /** Standard output as text; invalid UTF-8 is replaced. Kept when a run is ended early, too. */
  readonly stdout: string;
  readonly stderr: string;
  /** Whether stdout or stderr was longer than was kept. */
  readonly truncated: boolean;
  readonly usage: RunUsage;
  /** What was asked for as `artifacts` and is a file, by path. Present when it was asked for and the program ended by itself. */
  readonly artifacts?: Readonly<Record<string, Uint8Array>>;
  /** What was not handed back, and why: a link, a device, over the limit, not there. Absent without any. */
  readonly refusedArtifacts?: readonly { readonly path: string; readonly reason: string }[];
  /**
   * What the run changed, as a unified diff. Present when it was asked for, the program ended by itself, and the changes
   * are within `artifactBytes`. Of what is not text it says that it differs.
   */
  readonly patch?: string;
  /** From the start of the run to its end, in milliseconds. */
  readonly durationMs: number;
}

/**
 * How a run ended. A program that fails, hangs or is killed is a result; only broken machinery throws.
 * - `exited`: by itself, with `exitCode`
 * - `invalid`: it could not be built or parsed, said in `message`
 * - `wall-time`, `cpu-time`, `memory`, `processes`, `disk`, `output`: it failed at that limit, or was ended by it
 * - `policy`: ended for a system call that is refused, said in `message`
 * - `signal`: killed by `signal`, not by us
 * - `cancelled`: by the caller's AbortSignal
 * - `internal`: the sandbox broke after the program had started, said in `message`; what it printed is kept
 */
export type RunResult = RunFacts &
  (
    | { readonly status: "exited"; readonly exitCode: number }
    | { readonly status: "invalid" | "policy" | "internal"; readonly message: string }
    | {
        readonly status: "wall-time" | "cpu-time" | "memory" | "processes" | "disk" | "output" | "cancelled";
      }
    | { readonly status: "signal"; readonly signal: string }
  );

/** The `status` of a {@link RunResult}. */
export type RunStatus = RunResult["status"];

/** What a run tells while it goes on, in order; `exit` is the last. */
export type RunEvent =
  | { readonly type: "stdout" | "stderr"; readonly bytes: Uint8Array }
  /** A test of a visible test file ended. */
  | { readonly type: "test"; readonly test: RunTest }
  | { readonly type: "metric"; readonly usage: RunUsage }
  | { readonly type: "exit"; readonly result: RunResult };

/** One test as the harness inside a sandbox reported it. */
export interface RunTest {
  /** The test file's path, as the task gave it. */
  readonly file: string;
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly message?: string;
  /** In milliseconds. */
  readonly durationMs?: number;
}
