import type { Language, RunLimits, RunStatus } from "@agentos/core";

/** Names of the drivers that the hostile programs are written for. */
export type DriverName = "namespace" | "isolate" | "quickjs" | "pyodide";

/** Every {@link DriverName}. */
export const DRIVER_NAMES: readonly DriverName[] = ["namespace", "isolate", "quickjs", "pyodide"];

/** A harmless program of the same kind, which must work: a sandbox that refuses everything contains everything. */
export interface Control {
  readonly program: string;
  /** What it prints, without white space at the ends. */
  readonly prints: string;
  readonly limits?: RunLimits;
}

interface CaseFacts {
  /** What it tries, in a few words. Unique among the cases of its drivers and language. */
  readonly name: string;
  /** Its numbers in the catalogue. */
  readonly numbers: readonly number[];
  readonly drivers: readonly DriverName[];
  readonly language: Language;
  /** It waits more than it works, so that others may run beside it. @default false */
  readonly waits?: boolean;
}

/** A program that is run. {@link Plant} says what the words in `@` stand for; `@CLASS@` is the name of its file. */
export interface ProgramCase extends CaseFacts {
  readonly kind: "program";
  readonly program: string;
  /** Further files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A program that is run, and ends, before. */
  readonly before?: string;
  readonly limits?: RunLimits;
  /** The labels that are right for how it ends. */
  readonly ends: readonly RunStatus[];
  /** All that it may print, without white space at the ends. @default anything */
  readonly prints?: string;
  /** What must be among what it prints: that the attack was reached at all. */
  readonly reports?: string;
  /**
   * It prints a line for each attempt: its number, and "refused" when it got nothing. Every number of the case must be
   * there, and every line must say so.
   */
  readonly attempts?: boolean;
  /** Files that it asks to have handed back, and whether each may be. */
  readonly artifacts?: Readonly<Record<string, "handed back" | "refused" | "either">>;
  readonly control: Control;
}

/** A solution that wants a verdict it does not deserve, and an honest one, which must pass. */
export interface CheatCase extends CaseFacts {
  readonly kind: "cheat";
  readonly solution: Readonly<Record<string, string>>;
  readonly honest: Readonly<Record<string, string>>;
  readonly test: { readonly path: string; readonly content: string };
  readonly limits?: RunLimits;
}

/** A request that must be refused with `SANDBOX_REQUEST_INVALID` before anything of it is written. */
export interface RequestCase extends CaseFacts {
  readonly kind: "request";
  readonly files: Readonly<Record<string, string>>;
  readonly entry: string;
  readonly control: Control;
}

/** One hostile program. */
export type HostileCase = ProgramCase | CheatCase | RequestCase;
