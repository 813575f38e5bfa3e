import type { AgentOSError } from "@agentos/core";
import { memoryError } from "../../errors.js";

/** Characters of an endpoint's own words that an error repeats. */
const MOST_WORDS = 300;

/** Why one try of a request gave no vectors. */
export class Failure {
  readonly error: AgentOSError;
  /** Whether another try may do better. */
  readonly again: boolean;
  /** How long the endpoint asks to wait, in milliseconds. */
  readonly afterMs: number | undefined;

  constructor(
    message: string,
    options: { readonly again: boolean; readonly afterMs?: number; readonly status?: number },
  ) {
    const { again, afterMs, status } = options;
    this.error = memoryError("MEMORY_EMBEDDER_FAILED", message, {
      details: status === undefined ? {} : { status },
    });
    this.again = again;
    this.afterMs = afterMs;
  }
}

/** Whether a status tells of a trouble that passes. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** What a `Retry-After` asks for, in milliseconds: seconds, or a date. */
export function retryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Words from outside, short and without the key, which endpoints like to repeat. */
export function safeWords(words: string, apiKey: string | undefined): string {
  const known = apiKey === undefined ? words : words.replaceAll(apiKey, "[key]");
  return known
    .replace(/\b(sk|pk)-[\w*-]{6,}/gi, "[key]")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MOST_WORDS);
}

/** The platform's "fetch failed" hides the reason in its cause, and that in the list of the addresses that it tried. */
export function reasonOf(error: unknown): string {
  const { message, code, cause, errors } = error as Error & { code?: unknown; errors?: unknown };
  if (cause instanceof Error) return reasonOf(cause);
  if (Array.isArray(errors) && errors[0] instanceof Error) return reasonOf(errors[0]);
  return message || String(code ?? error);
}
