import type { FileRecord } from "../files/file-record.js";
import { isTestFile } from "../graph/test-files.js";

const GENERATED =
  /(?:^|\/)(?:generated|__generated__|gen)\/|[._-](?:generated|gen|pb|pb2|pb2_grpc|g|designer)\.[^./]+$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$|(?:^|\/)zz_generated[^/]*$/i;
const VENDORED =
  /(?:^|\/)(?:vendor|vendored|_vendor|third_party|thirdparty|external|node_modules|bower_components)\//i;
const MINIFIED = /[.-]min\.[cm]?js$|\.bundle\.js$/i;
/** Bytes per line above which nobody wrote it. */
const LONG_LINES = 400;

/** Who wrote a file, and for what. */
export type FileKind = "source" | "test" | "machine-made";

const TEST = 0.3;
const TEST_ASKED = 0.8;
const MACHINE_MADE = 0.05;

/** What a file is, by its path, and by the length of its lines. What others wrote and the project only carries counts as made. */
export function fileKind({ path, size, symbols }: FileRecord): FileKind {
  const lines = symbols.reduce((last, { endLine }) => Math.max(last, endLine), 0);
  const minified = MINIFIED.test(path) || (lines > 0 && size / lines > LONG_LINES && size > 20_000);
  if (minified || GENERATED.test(path) || VENDORED.test(path)) return "machine-made";
  return isTestFile(path) ? "test" : "source";
}

/**
 * How much of its rank a file keeps by what it is, 0 to 1.
 * @param asksTests whether tests are what the task is about
 */
export function kindWeight(kind: FileKind, asksTests: boolean): number {
  if (kind === "machine-made") return MACHINE_MADE;
  return kind === "test" ? (asksTests ? TEST_ASKED : TEST) : 1;
}

/** Whether a task speaks of tests. */
export function asksForTests(task: string): boolean {
  return /\b(?:tests?|specs?|testing)\b/i.test(task);
}
