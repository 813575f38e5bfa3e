import { abortedError, isAgentOSError } from "@agentos/core";

/** How to send again. */
export interface RetryPolicy {
  readonly maxRetries: number;
  /** First pause in milliseconds; doubled each time. */
  readonly delayMs: number;
  /** Longest pause in milliseconds. */
  readonly maxDelayMs: number;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  /** Told before each pause. */
  readonly onRetry: (retry: number, delayMs: number, failure: Failure) => void;
}

/** A try that failed, and what to do about it. */
export class Failure {
  readonly error: unknown;
  readonly again: boolean;
  /** How long the endpoint asks to wait, in milliseconds. */
  readonly afterMs: number | undefined;

  constructor(error: unknown, options: { readonly again: boolean; readonly afterMs?: number }) {
    this.error = error;
    this.again = options.again;
    this.afterMs = options.afterMs;
  }
}

/** Tries until a try does not fail, fails for good, or was repeated often enough; then throws the last error. */
export async function withRetries<Value>(
  attempt: () => Promise<Value | Failure>,
  policy: RetryPolicy,
): Promise<Value> {
  for (let retry = 1; ; retry += 1) {
    const result = await attempt();
    if (!(result instanceof Failure)) return result;
    const tooLong = (result.afterMs ?? 0) > policy.maxDelayMs;
    if (!result.again || tooLong || retry > policy.maxRetries || isAgentOSError(result.error, "ABORTED")) {
      throw result.error;
    }
    const delayMs = result.afterMs ?? backoff(retry, policy);
    policy.onRetry(retry, delayMs, result);
    await pause(delayMs, policy.signal);
  }
}

/** Doubling with "equal jitter": half of the pause is fixed, half is random, so that clients spread out. */
function backoff(retry: number, policy: RetryPolicy): number {
  const full = Math.min(policy.maxDelayMs, policy.delayMs * 2 ** (retry - 1));
  return Math.round(full / 2 + (full / 2) * policy.random());
}

/** Reads a `Retry-After` header: seconds or an HTTP date. Milliseconds from now, or undefined. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortedError(signal));
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortedError(signal as AbortSignal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
