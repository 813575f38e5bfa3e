import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GitHistory } from "../../src/history/git-history.js";
import {
  changedForSimilar,
  changedOfLate,
  changedTogether,
  type PastCommit,
  readPast,
} from "../../src/history/past.js";
import { withoutTrailers } from "../../src/history/trailers.js";
import { temporaryFolder } from "../temporary.js";
import { commit, git, repository } from "./repository.js";

const YEAR_MS = 365 * 86_400_000;

function past(...commits: readonly (Partial<PastCommit> & Pick<PastCommit, "paths">)[]): PastCommit[] {
  return commits.map((each) => ({ time: 0, terms: new Set<string>(), ...each }));
}

test("files are known by the names that they have now, and sweeps are passed over", async () => {
  const root = join(await temporaryFolder(), "project");
  repository(root);
  const sweep = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`many/${at}.ts`, "x\n"]));
  commit(root, "sweep", sweep, 1_000);
  commit(root, "make carts\n\nSigned-off-by: Ada <a@b.c>", { "a.ts": "one\ntwo\nthree\n" }, 2_000);
  git(root, ["mv", "a.ts", "b.ts"]);
  commit(root, "rename once", {}, 3_000);
  git(root, ["mv", "b.ts", "c.ts"]);
  commit(root, "rename twice", {}, 4_000);
  const commits = await readPast(new GitHistory({ root }));
  expect(commits.map(({ paths }) => paths)).toEqual([["c.ts"], ["c.ts"], ["c.ts"]]);
  expect([...(commits[2]?.terms ?? [])]).toEqual(["cart"]);
});

test("the cosine of two files over commits, damped by size and age, worked out by hand", () => {
  const commits = past(
    { paths: ["a", "b"], time: YEAR_MS },
    { paths: ["a", "b", "c"], time: YEAR_MS },
    { paths: ["b", "d"], time: 0 },
  );
  // Weights 1, ½ and ½: a 1.5, b 2, c ½; together a and b 1.5, a and c ½.
  const found = changedTogether(commits, "a");
  expect([...found.keys()]).toEqual(["b", "c"]);
  expect(found.get("b")).toEqual({ score: 1.5 / Math.sqrt(1.5 * 2), commits: 2 });
  expect(found.get("c")?.score).toBeCloseTo(0.5 / Math.sqrt(1.5 * 0.5), 9);
});

test("changing together is mutual and between 0 and 1", () => {
  const path = fc.constantFrom("a", "b", "c", "d", "e");
  const commits = fc.array(
    fc.record({
      paths: fc.uniqueArray(path, { minLength: 1 }),
      time: fc.nat(10 * YEAR_MS),
      terms: fc.constant(new Set<string>()),
    }),
  );
  fc.assert(
    fc.property(commits, path, path, (given, one, other) => {
      const there = changedTogether(given, one).get(other);
      const back = changedTogether(given, other).get(one);
      expect(there?.commits).toBe(back?.commits);
      expect(there?.score ?? 0).toBeCloseTo(back?.score ?? 0, 9);
      expect(there?.score ?? 0).toBeGreaterThanOrEqual(0);
      expect(there?.score ?? 0).toBeLessThanOrEqual(1);
    }),
  );
});

test("commits of like messages give their files by rarity and size, worked out by hand", () => {
  const commits = past(
    { paths: ["a"], terms: new Set(["cart", "tax"]) },
    { paths: ["a", "b"], terms: new Set(["cart"]) },
    { paths: ["c"], terms: new Set(["user"]) },
  );
  const scores = changedForSimilar(commits, "the tax of a cart");
  const [cart, tax] = [Math.log(1 + 3 / 2), Math.log(1 + 3)];
  expect(scores.get("a")).toBeCloseTo((cart + tax) ** 2 / 6 + cart ** 2 / 5 / Math.SQRT2, 9);
  expect(scores.get("b")).toBeCloseTo(cart ** 2 / 5 / Math.SQRT2, 9);
  expect(scores.has("c")).toBe(false);
});

test("what changed of late counts more the later it was and the fewer files changed", () => {
  const scores = changedOfLate(past({ paths: ["a", "b"] }, { paths: ["a"] }));
  expect(scores.get("a")).toBeCloseTo(0.5 + 2 ** (-1 / 50), 9);
  expect(scores.get("b")).toBe(0.5);
});

test("trailers are taken off, and a message that is one line is kept", () => {
  expect(withoutTrailers("fix: a\n\nBody: no\nmore\n\nSigned-off-by: A <b>\nCo-authored-by: C <d>\n")).toBe(
    "fix: a\n\nBody: no\nmore",
  );
  expect(withoutTrailers("Fix: it\n")).toBe("Fix: it");
});
