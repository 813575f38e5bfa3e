import assert from "node:assert/strict";
import type { History } from "../contracts.js";
import type { Commit } from "../words/commit.js";
import type { ConformanceCase } from "./index.js";

/** A commit that a history under test is to hold. */
export interface PlannedCommit {
  readonly message: string;
  /** Whole contents of files by path; `undefined` deletes. */
  readonly files: Readonly<Record<string, string | undefined>>;
}

const PLAN: readonly PlannedCommit[] = [
  { message: "begin", files: { "a.txt": "one\ntwo\nthree\n", "dir/b.txt": "b\n" } },
  { message: "change\n\nWith a body: ü", files: { "a.txt": "one\nTWO\nthree\nfour\n" } },
  { message: "take away", files: { "dir/b.txt": undefined, "line\nbreak ü.txt": "x\n" } },
];

async function all(history: History, query?: Parameters<History["commits"]>[0]): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  for await (const commit of history.commits(query)) commits.push(commit);
  return commits;
}

/**
 * What every {@link History} must hold.
 * @param create gives the history of a new project in which these commits were made one after the other, at least a second apart; of none:
 *   of a project without a past
 */
export function historyConformance(
  create: (plan: readonly PlannedCommit[]) => Promise<History>,
): readonly ConformanceCase[] {
  return [
    {
      name: "a project without a past has no commits",
      run: async () => {
        const history = await create([]);
        assert.deepEqual(await all(history), []);
        assert.deepEqual(await history.blame("a.txt"), []);
      },
    },
    {
      name: "commits come newest first, whole, with their files and what they follow",
      run: async () => {
        const commits = await all(await create(PLAN));
        assert.deepEqual(
          commits.map(({ message }) => message),
          PLAN.map(({ message }) => message).reverse(),
        );
        assert.deepEqual(
          commits.map(({ parents }) => parents),
          [[commits[1]?.id], [commits[2]?.id], []],
        );
        const files = commits.map((commit) =>
          commit.files.map(({ path, status }) => `${status} ${path}`).sort(),
        );
        assert.deepEqual(files, [
          ["added line\nbreak ü.txt", "deleted dir/b.txt"],
          ["modified a.txt"],
          ["added a.txt", "added dir/b.txt"],
        ]);
        const times = commits.map(({ time }) => time);
        assert.deepEqual(
          times,
          [...times].sort((one, other) => other - one),
        );
      },
    },
    {
      name: "limit, paths and since narrow what is asked for",
      run: async () => {
        const history = await create(PLAN);
        const [, second] = await all(history);
        assert.equal((await all(history, { limit: 2 })).length, 2);
        assert.equal((await all(history, { paths: ["dir"] })).length, 2);
        assert.equal((await all(history, { since: second?.time ?? 0 })).length, 2);
      },
    },
    {
      name: "a diff has the lines that came and went",
      run: async () => {
        const history = await create(PLAN);
        const [, second] = await all(history);
        const diffs = await history.diff(second?.id ?? "");
        assert.equal(diffs.length, 1);
        const lines = diffs[0]?.hunks.flatMap((hunk) => hunk.lines.filter((line) => !line.startsWith(" ")));
        assert.deepEqual(lines, ["-two", "+TWO", "+four"]);
      },
    },
    {
      name: "blame tells who changed each line last",
      run: async () => {
        const history = await create(PLAN);
        const [, second, first] = await all(history);
        const blamed = (await history.blame("a.txt")).map(({ line, lines, commit }) => [line, lines, commit]);
        assert.deepEqual(blamed, [
          [1, 1, first?.id],
          [2, 1, second?.id],
          [3, 1, first?.id],
          [4, 1, second?.id],
        ]);
      },
    },
    {
      name: "whoever cancels gets ABORTED",
      run: async () => {
        const history = await create(PLAN);
        const aborted = (error: unknown): boolean => (error as { code?: unknown }).code === "ABORTED";
        await assert.rejects(all(history, { signal: AbortSignal.abort() }), aborted);
        await assert.rejects(history.blame("a.txt", { signal: AbortSignal.abort() }), aborted);
      },
    },
  ];
}
