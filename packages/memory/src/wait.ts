import { setTimeout } from "node:timers/promises";
import { abortedError, throwIfAborted } from "@agentos/core";

/** Waits. Throws `ABORTED`. */
export async function wait(
  ms: number,
  options: {
    readonly signal?: AbortSignal;
    /** Whether the process may end meanwhile. @default false */
    readonly unref?: boolean;
  } = {},
): Promise<void> {
  const { signal, unref = false } = options;
  try {
    await setTimeout(ms, undefined, { signal, ref: !unref });
  } catch (error) {
    if (signal?.aborted) throw abortedError(signal);
    throw error;
  }
}

/**
 * Does work and waits for it; when the wait is ended, the work may go on. Nothing is begun at an aborted signal. Throws
 * `ABORTED`, and what the work throws.
 */
export async function untilAborted<Result>(
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  throwIfAborted(signal);
  if (signal === undefined) return work();
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(abortedError(signal));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
