import type { RunTest } from "@agentos/core";
import type { DriverJob } from "../driver.js";

/** A job as it crosses to a child, by `v8.serialize`: a length of four bytes, little endian, then the bytes. */
export type ChildJob = Pick<
  DriverJob,
  "language" | "files" | "entry" | "args" | "stdin" | "limits" | "tests" | "half"
> & {
  /** Whether more than `stdin` comes, at descriptor 0. */
  readonly moreInput: boolean;
  /** Why files could not be prepared for the run, by path. */
  readonly problems: ReadonlyMap<string, string>;
};

/** What a child says on its report descriptor, one JSON text a line. */
export type ChildMessage =
  /** Loaded, and waiting for its job. */
  | { readonly type: "ready" }
  /** Cannot load, or broke by a fault that is not the program's. */
  | { readonly type: "broken"; readonly message: string }
  | { readonly type: "test"; readonly test: RunTest }
  | { readonly type: "finished"; readonly file: string }
  /** The judge's half of a separated verdict cannot keep the tests apart from the candidate. */
  | { readonly type: "unseparable"; readonly reason: string }
  /** What else a harness reports: why tests are not to be kept apart, what it saw of a cheat. */
  | { readonly type: "note"; readonly note: Readonly<Record<string, unknown>> }
  /** `wrote`: bytes of stdout and of stderr, so that the host knows when it has read all of them. */
  | { readonly type: "end"; readonly end: ChildEnd; readonly wrote: readonly [number, number] };

/** How the program ended, as far as the child can tell. */
export type ChildEnd =
  | { readonly status: "exited"; readonly exitCode: number }
  | { readonly status: "invalid"; readonly message: string }
  | { readonly status: "memory" | "wall-time" };

/** The descriptor of the child that carries the job in and the reports out. */
export const REPORT_DESCRIPTOR = 3;

/** The descriptor of the child that leads to the other half of a separated verdict. */
export const LINK_DESCRIPTOR = 4;

/** A frame on the link is its length (four bytes, little endian) and as many bytes of UTF-8; no more than these. */
export const MAX_FRAME_BYTES: number = 64 * 1024 * 1024;

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
    case "unseparable":
      return typeof message["reason"] === "string"
        ? { type: "unseparable", reason: message["reason"].slice(0, 500) }
        : undefined;
    case "note": {
      const { note } = message;
      return typeof note === "object" && note !== null ? { type: "note", note: { ...note } } : undefined;
    }
    case "test": {
      const test = parseTest(message["test"]);
      return test && { type: "test", test };
    }
    case "end": {
      const end = parseEnd(message["end"]);
      const [stdout, stderr] = Array.isArray(message["wrote"]) ? (message["wrote"] as unknown[]) : [];
      return end && { type: "end", end, wrote: [Number(stdout ?? 0), Number(stderr ?? 0)] };
    }
    default:
      return undefined;
  }
}

function parseTest(value: unknown): RunTest | undefined {
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
