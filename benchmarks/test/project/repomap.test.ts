import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { aiderRanking } from "../../project/aider-ranking.js";
import { repomapPart } from "../../project/repomap.js";

const file = (path: string, definitions: readonly string[], uses: Readonly<Record<string, number>> = {}) => ({
  path,
  definitions,
  uses,
});

test("aider's ranking follows names, and those of the message tenfold", () => {
  const files = [
    file("a.ts", ["alpha"]),
    file("b.ts", ["beta"]),
    file("_c.ts", ["_gamma"]),
    file("user.ts", [], { alpha: 4, beta: 1, _gamma: 4 }),
  ];
  // √4 against √1, and a name with `_` in front a tenth.
  expect(aiderRanking(files, "nothing").slice(0, 3)).toEqual(["a.ts", "b.ts", "_c.ts"]);
  expect(aiderRanking(files, "beta is wrong").slice(0, 2)).toEqual(["b.ts", "a.ts"]);
  const users = [...files.slice(0, 2), file("one.ts", [], { alpha: 1 }), file("other.ts", [], { beta: 1 })];
  expect(aiderRanking(users, "see one.ts")[0]).toBe("a.ts");
  expect(aiderRanking(users, "see other.ts")[0]).toBe("b.ts");
  expect([...aiderRanking(files, "")].sort()).toEqual(files.map(({ path }) => path).sort());
});

test("the map is measured on the commits of a repository, each as it was before", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agentos-bench-repomap-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const repo = join(folder, "shop");
  const git = (...args: string[]): void => {
    const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...person, ...args]);
  };
  git("init", "-q", "-b", "main", repo);
  const commit = async (message: string, path: string, content: string): Promise<void> => {
    await writeFile(join(repo, path), content);
    git("-C", repo, "add", "-A");
    git("-C", repo, "commit", "-q", "-m", message);
  };
  for (let at = 0; at < 12; at += 1) await commit("begin", `part${at}.ts`, `export const part${at} = 1;\n`);
  await commit("a new file is no task", "cart.ts", "export function cartTotal() {}\n");
  await commit("the total of a cart", "cart.ts", "export function cartTotal() { return 1; }\n");
  await commit("words only", "README.md", "# Shop\n");
  const { metrics, notes } = await repomapPart({
    ...{ data: "", repo, repos: [repo], show: false, signal: new AbortController().signal },
    folder: join(folder, "work"),
    progress: { write: () => {} },
  });
  expect(notes).toEqual(["repomap: shop, 1 commits"]);
  const value = (name: string): number | undefined => metrics.find((metric) => metric.name === name)?.value;
  expect(value("repomap.shop.recall10")).toBe(1);
  expect(value("repomap.shop.recall10_with_tests")).toBe(1);
  expect(value("repomap.over_budget_pct")).toBeUndefined();
});
