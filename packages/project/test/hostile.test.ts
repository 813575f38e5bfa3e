import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { withoutRuns } from "../src/files/ignore-rules.js";
import { manifestFacts } from "../src/files/manifests.js";
import { readText } from "../src/files/read-text.js";
import { firstDocLine } from "../src/outline/outliner.js";
import { ProjectIndex } from "../src/project-index.js";
import { temporaryFolder } from "./temporary.js";

const BLANKS = " ".repeat(100_000);

async function indexed(root: string): Promise<readonly string[]> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  const index = await ProjectIndex.open({ root, store });
  onTestFinished(async () => {
    await index.close();
    await store.close();
  });
  await index.index();
  return (await index.searchFiles("^", { regex: true })).map(({ path }) => path);
}

test("rules that are a link to an endless device, or a pipe, are none", { timeout: 20_000 }, async () => {
  const root = await temporaryFolder({ "a.ts": "1\n", "sub/b.ts": "2\n" });
  await symlink("/dev/zero", join(root, ".gitignore"));
  if (process.platform !== "win32") execFileSync("mkfifo", [join(root, "sub", ".gitignore")]);
  expect(await indexed(root)).toEqual(["a.ts", "sub/b.ts"]);
});

test("rules that name any folders many times over end, and mean the same", { timeout: 20_000 }, async () => {
  expect(withoutRuns("**/**/x\n!**/**/y\na/**/**/**/b\nc/**")).toBe("**/x\n!**/y\na/**/b\nc/**");
  const root = await temporaryFolder({ ".gitignore": `a${"/**".repeat(14)}/b\n` });
  const deep = join(root, "a", ..."x".repeat(40));
  await mkdir(deep, { recursive: true });
  await writeFile(join(deep, "b"), "left out\n");
  await writeFile(join(deep, "c"), "there\n");
  expect(await indexed(root)).toEqual([".gitignore", `a/${"x/".repeat(40)}c`]);
});

test("blanks without end in manifests and comments take no time", { timeout: 5_000 }, () => {
  expect(manifestFacts("Cargo.toml", `[${BLANKS}\n[ package ]\nname = "a-b"\n`)).toEqual({
    rustLibrary: { name: "a_b", path: "src/lib.rs" },
  });
  expect(firstDocLine(`// x${" ".repeat(3_900)}y`)).toMatch(/^x/);
  expect(firstDocLine("/** What it is. */")).toBe("What it is.");
});

test("a path of a record that leads out of the root is not read", async () => {
  const root = await temporaryFolder({ "project/a.ts": "1\n", "secret.txt": "secret\n" });
  const project = join(root, "project");
  expect(await readText(project, "../secret.txt", 1_000)).toEqual({ status: "gone" });
  expect(await readText(project, "a.ts", 1_000)).toMatchObject({ status: "text" });
});
