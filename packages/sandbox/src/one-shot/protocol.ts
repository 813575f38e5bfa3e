import type { DriverJob, ReportedTest } from "../driver.js";

/** A job as it crosses to a child, by `v8.serialize`: a length of four bytes, little endian, then the bytes. */
export type ChildJob = Pick<
  DriverJob,
  "language" | "files" | "entry" | "args" | "stdin" | "limits" | "tests"
> & {
  /** Why files could not be prepared for the run, by path. */
  readonly problems: ReadonlyMap<string, string>;
};

/** What a child says on its report descriptor, one JSON text a line. */
export type ChildMessage =
  /** Loaded, and waiting for its job. */
  | { readonly type: "ready" }
  /** Cannot load, or broke by a fault that is not the program's. */
  | { readonly type: "broken"; readonly message: string }
  | { readonly type: "test"; readonly test: ReportedTest }
  | { readonly type: "finished"; readonly file: string }
  | { readonly type: "end"; readonly end: ChildEnd };

/** How the program ended, as far as the child can tell. */
export type ChildEnd =
  | { readonly status: "exited"; readonly exitCode: number }
  | { readonly status: "invalid"; readonly message: string }
  | { readonly status: "memory" | "wall-time" };

/** The descriptor of the child that carries the job in and the reports out. */
export const REPORT_DESCRIPTOR = 3;

/** A report line may be this long, in characters; a longer one ends the run as over its output limit. */
export const MAX_REPORT_LINE: number = 4 * 1024 * 1024;

/** Reads one message, or undefined for a line that is none. */
export function parseMessage(line: string): ChildMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const message = value as Record<string, unknown>;
  switch (message["type"]) {
    case "ready":
      return { type: "ready" };
    case "broken":
      return { type: "broken", message: String(message["message"]) };
    case "finished":
      return typeof message["file"] === "string" ? { type: "finished", file: message["file"] } : undefined;
    case "test": {
      const test = parseTest(message["test"]);
      return test && { type: "test", test };
    }
    case "end": {
      const end = parseEnd(message["end"]);
      return end && { type: "end", end };
    }
    default:
      return undefined;
  }
}

function parseTest(value: unknown): ReportedTest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, name, status, message, durationMs } = value as Record<string, unknown>;
  if (typeof file !== "string" || typeof name !== "string") return undefined;
  if (status !== "passed" && status !== "failed" && status !== "skipped") return undefined;
  return {
    file,
    name,
    status,
    ...(typeof message === "string" ? { message } : {}),
    ...(typeof durationMs === "number" ? { durationMs } : {}),
  };
}

function parseEnd(value: unknown): ChildEnd | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { status, exitCode, message } = value as Record<string, unknown>;
  if (status === "exited" && typeof exitCode === "number") return { status, exitCode };
  if (status === "invalid") return { status, message: String(message) };
  return status === "memory" || status === "wall-time" ? { status } : undefined;
}
