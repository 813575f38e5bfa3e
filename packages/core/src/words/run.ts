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

/** Bounds of one run. */
export interface RunLimits {
  /** Wall time in milliseconds. @default 10_000 */
  readonly wallMs?: number;
  /** Memory in bytes. @default 512 MiB */
  readonly memoryBytes?: number;
  /** Bytes kept of stdout and of stderr, each; a run that writes four times as much is ended. @default 1 MiB */
  readonly outputBytes?: number;
}

/** One execution to be made. */
export interface RunRequest {
  readonly language: Language;
  /** Files of the run by path relative to its working folder, with `/`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The file to run; it must be among `files`. */
  readonly entry: string;
  /** @default [] */
  readonly args?: readonly string[];
  /** What the program reads from its standard input. @default "" */
  readonly stdin?: string | Uint8Array;
  /** Guarantees that the run must have. @default the sandbox's own option, `["filesystem", "network"]` unless set */
  readonly needs?: Needs;
  readonly limits?: RunLimits;
  /** Name of the driver to use. @default the first that gives what is needed */
  readonly driver?: string;
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
  /** From the start of the run to its end, in milliseconds. */
  readonly durationMs: number;
}

/**
 * How a run ended. A program that fails, hangs or is killed is a result; only broken machinery throws.
 * - `exited`: by itself, with `exitCode`
 * - `invalid`: it could not be built or parsed, said in `message`
 * - `wall-time`, `memory`, `output`: over that limit
 * - `signal`: killed by `signal`, not by us
 * - `cancelled`: by the caller's AbortSignal
 */
export type RunResult = RunFacts &
  (
    | { readonly status: "exited"; readonly exitCode: number }
    | { readonly status: "invalid"; readonly message: string }
    | { readonly status: "wall-time" | "memory" | "output" | "cancelled" }
    | { readonly status: "signal"; readonly signal: string }
  );

/** The `status` of a {@link RunResult}. */
export type RunStatus = RunResult["status"];
