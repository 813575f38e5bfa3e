import type { DriverJob, Half, TestPlan, TestReport } from "../driver.js";
import type { FileNames } from "../javascript/file-names.js";

// What a language is, as data. Adding one is one object of this type and one entry of the conformance suite.

/** Everything that judging and running need to know of one language. */
export interface LanguageFacts {
  /** With its dot. */
  readonly extension: string;
  /** Files of a candidate that a test runner would pick up beside the task's own tests; they are left out. */
  readonly ownTests: RegExp | undefined;
  /** Files that steer test runners and builds of that language; a candidate's are left out when it is loose code. */
  readonly hooks: RegExp | undefined;
  /** Folders of installed dependencies in a project, which are shown read-only. */
  readonly dependencyFolders: readonly string[];
  /** Paths that can hold tests of a project. */
  readonly testPath: RegExp;
  /** Marks in the text of a test file that the harness cannot run by itself. */
  readonly foreignTests: RegExp;
  readonly toolchain: ToolchainFacts;
  /** How its files are built, run, tested and checked where programs of the system can be started. */
  readonly steps: LanguageSteps;
}

/** The tools that a language needs. */
export interface ToolchainFacts {
  readonly name: string;
  /** Absolute paths of the host where its program may be, best first. */
  readonly programs: () => readonly string[];
  /** Shell text that tries `$program` inside a sandbox and prints its version in the first line. */
  readonly trial: string;
  /** The lowest version that this package's harness runs on. */
  readonly lowest: readonly [major: number, minor: number];
  /** What would install it. */
  readonly remedy: string;
  /**
   * What is shown of a program that lies outside the system's folders: the file itself, or the folder that its `bin`
   * lies in. Absent: only the system's own programs are used.
   */
  readonly shows?: "program" | "folder";
  /** Further paths of the host that it reads, by its real path; those that exist are shown under the same path. */
  readonly reads?: (program: string) => readonly string[];
}

/** A toolchain that was found, and works, inside. */
export interface FoundToolchain {
  /** The program's path inside. */
  readonly program: string;
  readonly version: string;
}

/**
 * Shell text for each thing that is done with files. It runs in the working folder, where the files are, with the
 * toolchain's program in `$program` and the memory limit in MiB in `$heap`; the report channel is descriptor 3 and must not
 * be handed to the candidate where nothing is to be reported.
 */
export interface LanguageSteps {
  /** Runs one program: `$1` is its entry, the rest are its arguments. */
  readonly run: string;
  /** Runs a test plan; the arguments are those of `testArguments`. */
  readonly test: string;
  /** Runs the candidate's half of a separated verdict; the link is descriptor 6. */
  readonly half?: string;
  /** @default the half as JSON */
  readonly halfArguments?: (half: Half) => readonly string[];
  /** Builds or parses a project and runs nothing of it. The arguments are the files that were changed. */
  readonly check: string;
  /** How its interpreter is started ahead of a job. Absent for languages that are compiled. */
  readonly warm?: WarmSteps;
  readonly testArguments: (job: DriverJob, plan: TestPlan) => readonly string[];
  /** Environment of every step, beside the common one. */
  readonly environment?: (job: DriverJob) => Readonly<Record<string, string>>;
  /** A cache that builds read: made once for a machine, shown read-only. */
  readonly cache?: BuildCache;
  /** Compiles the harness's own files in a folder of the host, once for each version of the toolchain. */
  readonly compileHarness?: (folder: string, toolchain: FoundToolchain) => Promise<void>;
  /** A file that a build needs and that is written when the job has none of that name. */
  readonly manifest?: (toolchain: FoundToolchain) => { readonly path: string; readonly content: string };
  /**
   * How a file of a job is written: its name, and links to it; `taken` says which paths are files or folders.
   * @default under its own path, without links
   */
  readonly written?: (path: string, taken: (path: string) => boolean) => FileNames;
  /** Whether the time stamps of files matter to a build cache. @default false */
  readonly keepsTimes?: boolean;
  /** Whether one process may have more data than the run has memory, since it only reserves it. @default false */
  readonly reservesMemory?: boolean;
  /**
   * Where its runtime finds out by itself how large its heap may be. A run with a control group is shown a limit by which the
   * heap is the run's memory, and `$heap` is empty. Absent: it does not look there.
   */
  readonly heapFromGroup?: GroupHeap;
  /** The message of a program that did not parse, read off how it ended; undefined when it did. */
  readonly syntaxError?: (exitCode: number, stderr: string) => string | undefined;
  /** Reads the report channel of a test run. @default the framed lines of this package's harnesses */
  readonly report?: ReportReader;
}

/** How an interpreter waits for its job: see assets/warm.py. */
export interface WarmSteps {
  /** Starts it; `$1` says what it will become: program, tests, framework or candidate. */
  readonly start: string;
  /** The script that runs test plans, and the candidate's half of a separated verdict. @default what was started */
  readonly tests?: string;
  readonly half?: string;
  /** Whether a test file's text lets the test framework itself be started ahead, too. @default it never does */
  readonly framework?: (text: string) => boolean;
  /** Whether one process runs test plans of several files. */
  readonly severalFiles: boolean;
}

/** How a runtime makes its heap from the memory limit of its control group. */
export interface GroupHeap {
  /** The heap's share of the limit. */
  readonly share: number;
  /** Between these heaps, in bytes, it does so. */
  readonly leastBytes: number;
  readonly mostBytes: number;
}

/** A build cache of a language. */
export interface BuildCache {
  /** Where it is shown inside. */
  readonly target: string;
  /** Makes it where it is missing; the folder of the host that holds it. */
  readonly warm: (cacheDir: string, toolchain: FoundToolchain, signal: AbortSignal) => Promise<string>;
}

/** What a test run told. */
export interface RunTold {
  /** Lines of the report channel. */
  readonly lines: readonly string[];
  /** Folders or files whose code could not be built. */
  readonly invalid: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads what a test run told. `output`: what the tests printed, where that came over the report channel, too. */
export type ReportReader = (
  told: RunTold,
  job: DriverJob,
  plan: TestPlan,
) => TestReport & { readonly output?: string };

/** The message of an interpreter without the paths of the sandbox. */
export function cleanMessage(text: string): string {
  return text.replaceAll("file:///work/", "").replaceAll("/work/", "").trim().slice(0, 4000);
}

/** The nonce, then three words for each file: label, path, style. */
export function fileArguments(_job: DriverJob, plan: TestPlan): readonly string[] {
  return [plan.nonce, ...plan.files.flatMap(({ label, path, style }) => [label, path, style])];
}

/** The files of a plan that a framework runs, by framework and the folder that it is installed in. */
export function byFramework(plan: TestPlan): readonly {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly (readonly [path: string, label: string])[];
}[] {
  const groups = new Map<string, { name: string; folder: string; files: [string, string][] }>();
  for (const { framework, path, label } of plan.files) {
    if (!framework) continue;
    const key = JSON.stringify(framework);
    const group = groups.get(key) ?? { ...framework, files: [] };
    groups.set(key, group);
    group.files.push([path, label]);
  }
  return [...groups.values()];
}
