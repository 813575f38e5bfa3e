import { isAgentOSError, type Logger } from "@agentos/core";
import type { Store } from "@agentos/store";
import { byTime } from "./outcomes/form.js";
import { OUTCOME_COLLECTION, type OutcomeRecord, recordProblem } from "./outcomes/record.js";

/** Every readable record of a store in time order, and how many could not be read. */
export async function readRecords(
  store: Store,
  logger: Logger,
): Promise<{ readonly records: readonly OutcomeRecord[]; readonly unreadable: number }> {
  const records: OutcomeRecord[] = [];
  let unreadable = 0;
  const passOver = (outcomeId: string, problem: string): void => {
    unreadable += 1;
    logger.warn({ outcomeId, problem }, "A stored outcome cannot be read and is passed over.");
  };
  let after: string | undefined;
  for (let done = false; !done; ) {
    try {
      const range = after === undefined ? {} : { after };
      for await (const [key, value] of store.collection<unknown>(OUTCOME_COLLECTION).entries(range)) {
        after = key;
        const problem = recordProblem(key, value);
        if (problem === undefined) records.push(value as OutcomeRecord);
        else passOver(key, problem);
      }
      done = true;
    } catch (error) {
      // One damaged value ends the walk; the walk goes on behind it.
      const key = isAgentOSError(error, "STORE_CORRUPT") ? error.details["key"] : undefined;
      if (typeof key !== "string") throw error;
      after = key;
      passOver(key, "it is not JSON");
    }
  }
  return { records: records.sort(inTime), unreadable };
}

function inTime({ outcome: left }: OutcomeRecord, { outcome: right }: OutcomeRecord): number {
  return byTime({ at: left.at, outcomeId: left.id }, { at: right.at, outcomeId: right.id });
}
