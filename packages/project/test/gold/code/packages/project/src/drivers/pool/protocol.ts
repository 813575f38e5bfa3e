import { AgentOSError, isAgentOSError, type Language } from "@agentos/core";
import type { Dialect } from "../../source-parser.js";

/** What a worker is started with: the bounds of its TreeSitterParser, absent for its defaults. */
export interface ParserSettings {
  readonly parseTimeoutMs?: number;
  readonly maxTextLength?: number;
  readonly maxNodes?: number;
}

/** A question to a TreeSitterParser. `parseOnly` tells nothing of the text: it is there to measure what parsing alone costs. */
export type ParserQuestion =
  | {
      readonly method: "outline" | "names" | "metrics" | "parseOnly";
      readonly grammar: Dialect;
      readonly text: string;
    }
  | { readonly method: "facts"; readonly grammar: Language; readonly text: string };

/** What a worker is asked. It does one after another, in order. */
export interface WorkerRequest {
  readonly id: number;
  readonly question: ParserQuestion;
}

/** What a worker says. */
export type WorkerAnswer =
  /** Once, before anything is asked. */
  | { readonly type: "ready"; readonly outlineVersion: number }
  | { readonly type: "done"; readonly id: number; readonly value: unknown }
  /** An outline, as JSON: it takes a third of the time that a structured clone of it does. */
  | { readonly type: "outlined"; readonly id: number; readonly json: string }
  | { readonly type: "failed"; readonly id: number; readonly error: SentError }
  /** Its WebAssembly crashed and was started anew. */
  | { readonly type: "worn"; readonly reason: string };

/** An error as plain data: an error of AgentOS keeps its code, any other its text. */
export interface SentError {
  readonly code?: string;
  readonly message: string;
  readonly details?: unknown;
  readonly cause?: string;
}

export function sendError(error: unknown): SentError {
  if (!isAgentOSError(error)) return { message: textOf(error) };
  const { code, message, details, cause } = error;
  return { code, message, details, ...(cause === undefined ? {} : { cause: textOf(cause) }) };
}

export function receiveError({ code, message, details, cause }: SentError): Error {
  if (code === undefined) return new Error(message);
  return new AgentOSError(code, message, {
    details: details as Readonly<Record<string, unknown>>,
    ...(cause === undefined ? {} : { cause: new Error(cause) }),
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
