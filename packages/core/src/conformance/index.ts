/**
 * Conformance suites of the contracts that core declares. Runner-agnostic: hand each case to the test runner you use.
 * @module
 */
import assert from "node:assert/strict";
import type { Journal, JournalEntry } from "../contracts.js";

export { historyConformance, type PlannedCommit } from "./history.js";

/** One case of a conformance suite; every package's suites are lists of these. `run` rejects when the case fails. */
export interface ConformanceCase {
  /** Unique within the suite. */
  readonly name: string;
  /** Why it does not apply to what is tested; then `run` must not be called. */
  readonly skip?: string;
  run(): Promise<void>;
}

/** What every {@link Journal} must hold. `create` gives a new, empty one for each case. */
export function journalConformance(create: () => Promise<Journal>): readonly ConformanceCase[] {
  const entry = (solveId: string, index: number, data: unknown = null): JournalEntry => ({
    solveId,
    index,
    type: "step",
    at: 1_000 + index,
    data,
  });
  return [
    {
      name: "an unknown solve has no entries",
      run: async () => assert.deepEqual(await (await create()).read("nobody"), []),
    },
    {
      name: "entries come back in order and whole",
      run: async () => {
        const journal = await create();
        const data = { text: "ü\u0000\n", list: [1, null, { deep: true }] };
        for (let index = 0; index < 12; index += 1) await journal.append(entry("a", index, data));
        const read = await journal.read("a");
        assert.deepEqual(
          read.map((one) => one.index),
          [...Array(12).keys()],
        );
        assert.deepEqual(read[11], entry("a", 11, data));
      },
    },
    {
      name: "solves do not see each other's entries, also where one id begins with the other",
      run: async () => {
        const journal = await create();
        await journal.append(entry("a", 0));
        await journal.append(entry("a:b", 0));
        await journal.append(entry("ab", 0));
        assert.equal((await journal.read("a")).length, 1);
        assert.equal((await journal.read("ab")).length, 1);
        assert.deepEqual([...(await journal.solves())].sort(), ["a", "a:b", "ab"]);
      },
    },
    {
      name: "a gap or a repeated index is refused",
      run: async () => {
        const journal = await create();
        await journal.append(entry("a", 0));
        await assert.rejects(journal.append(entry("a", 0)));
        await assert.rejects(journal.append(entry("a", 2)));
        await journal.append(entry("a", 1));
        assert.equal((await journal.read("a")).length, 2);
      },
    },
  ];
}
