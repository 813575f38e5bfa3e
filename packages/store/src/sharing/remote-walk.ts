import { throwIfAborted } from "@agentos/core";
import type { LevelRange } from "../drivers/level-driver.js";
import type { Page } from "./messages.js";
import type { PendingRequests } from "./pending-requests.js";

/**
 * A walk that the owner does, page by page: the next page is asked for when the last one was taken. Each request says
 * where the walk stands, so that another owner can go on with it behind the last key.
 */
export async function* walkRemotely(
  pending: PendingRequests,
  walk: number,
  range: LevelRange,
): AsyncGenerator<readonly [key: Buffer, value: string]> {
  const { reverse, signal } = range;
  let { lower, openLower, upper, limit } = range;
  let ended = false;
  try {
    while (limit !== 0 && !ended) {
      throwIfAborted(signal);
      const [from, to] = [lower.toString("latin1"), upper.toString("latin1")];
      const body = { t: "page", walk, lower: from, openLower, upper: to, limit, reverse } as const;
      const { entries, done } = (await pending.ask(body, signal)) as Page;
      ended = done;
      for (const [text, value] of entries) {
        throwIfAborted(signal);
        const key = Buffer.from(text, "utf8");
        yield [key, value];
        if (reverse) upper = key;
        else [lower, openLower] = [key, true];
        if (limit > 0) limit -= 1;
      }
    }
  } finally {
    if (!ended) pending.tell({ t: "drop", walk });
  }
}
