import { setTimeout } from "node:timers/promises";
import { abortedError, throwIfAborted } from "@agentos/core";

/** Waits, without keeping the process alive. Throws `ABORTED`. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal, ref: false });
  } catch (error) {
    if (signal?.aborted) throw abortedError(signal);
    throw error;
  }
}

/** Waits for somebody else's work, which goes on when the wait is ended. Throws `ABORTED`, and what the work throws. */
export async function untilAborted(work: Promise<void> | undefined, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  if (signal === undefined) return work;
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(abortedError(signal));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
