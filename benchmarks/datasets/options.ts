import { coreError, type TaskTests, type TestFile, type Visibility } from "@agentos/core";

/** Options of every loader. */
export interface DatasetOptions {
  /** The folder that holds the data sets, one folder each, as published. */
  readonly data: string;
  /** Whether the published tests become hidden or visible tests of the tasks. @default "hidden" */
  readonly visibility?: Visibility;
  /** Ends the reading; the iteration then throws `ABORTED`. */
  readonly signal?: AbortSignal;
}

const KEYS: readonly string[] = ["data", "visibility", "signal"];

/** Checks a loader's options and fills in the defaults. */
export function readOptions(options: DatasetOptions): DatasetOptions & { readonly visibility: Visibility } {
  const problems = Object.keys(options)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `unknown key ${key}`);
  if (typeof options.data !== "string" || options.data === "") problems.push("data: name a folder");
  if (options.visibility !== undefined && !["hidden", "visible"].includes(options.visibility)) {
    problems.push('visibility: use "hidden" or "visible"');
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    problems.push("signal: pass an AbortSignal");
  }
  if (problems.length > 0) {
    throw coreError("OPTIONS_INVALID", `Dataset options: ${problems.join("; ")}.`, { details: { problems } });
  }
  return { ...options, visibility: options.visibility ?? "hidden" };
}

/** Puts test files under the wanted visibility. */
export function testsOf(visibility: Visibility, files: readonly TestFile[]): TaskTests {
  return visibility === "hidden" ? { hidden: files } : { visible: files };
}
