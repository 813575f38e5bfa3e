import { throwIfAborted } from "@agentos/core";

/** Options of {@link mapConcurrently}. */
export interface PoolOptions {
  /** How many calls may be under way at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** Called after each item. */
  readonly onDone?: () => void;
}

/**
 * Maps items with a bounded number of calls at once; results keep the order of the items. After the first failure or an
 * abort no further call starts, and the calls under way are awaited before it throws.
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  options: PoolOptions,
): Promise<readonly Result[]> {
  const results = new Array<Result>(items.length);
  const queue = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        throwIfAborted(options.signal);
        results[index] = await work(item, index);
        options.onDone?.();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: options.concurrency }, worker));
  const failure = workers.find((one) => one.status === "rejected");
  if (failure) throw failure.reason;
  return results;
}
