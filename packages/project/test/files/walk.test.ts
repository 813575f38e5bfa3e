import { execFileSync } from "node:child_process";
import { chmod, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IgnoredPaths } from "../../src/files/ignored-paths.js";
import { type Walked, walk as walkWith } from "../../src/files/walk.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

const walk = (root: string, own: readonly string[], signal?: AbortSignal): Promise<Walked> =>
  walkWith(new IgnoredPaths(root, { own }), { signal });

test("leaves out what git leaves out, and .git, node_modules and .agentos always", async () => {
  const root = await temporaryFolder({
    ".gitignore": "*.log\n/build/\n!keep.log\ntemp\n",
    ".git/info/exclude": "private.txt\n",
    ".git/config": "",
    "node_modules/a/index.js": "",
    "packages/b/node_modules/c.js": "",
    ".agentos/store/1": "",
    "a.log": "",
    "keep.log": "",
    "build/out.js": "",
    "src/build/kept.js": "",
    "src/temp/x.js": "",
    "src/.gitignore": "!a.log\nlocal.js\n",
    "src/a.log": "",
    "src/local.js": "",
    "local.js": "",
    "private.txt": "",
    "dist/kept.js": "",
  });
  const { paths } = await walk(root, []);
  expect(paths).toEqual([
    ".gitignore",
    "dist/kept.js",
    "keep.log",
    "local.js",
    "src/.gitignore",
    "src/a.log",
    "src/build/kept.js",
  ]);
  expect((await walk(root, ["*.log", "!build/"])).paths).not.toContain("keep.log");
  expect((await walk(root, ["!build/"])).paths).toContain("build/out.js");
});

test("follows no link: not to a file, a folder, itself, or out of the root", async () => {
  const outside = await temporaryFolder({ "secret.js": "x" });
  const root = await temporaryFolder({ "a/b.js": "" });
  await symlink(outside, join(root, "out"));
  await symlink(join(outside, "secret.js"), join(root, "secret.js"));
  await symlink("..", join(root, "a", "loop"));
  await symlink("nowhere", join(root, "dangling"));
  expect(await walk(root, [])).toEqual({ paths: ["a/b.js"], unreadable: [], repositories: [] });
});

test("what a stronger rule lets in again is judged by the weaker rules only below", async () => {
  const root = await temporaryFolder({
    ".gitignore": "a/b/\n*.log\n",
    "a/.gitignore": "!b/\n",
    "a/b/kept.js": "",
    "a/b/x.log": "",
    "a/b/c/kept.js": "",
  });
  const { paths } = await walk(root, []);
  expect(paths).toEqual([".gitignore", "a/.gitignore", "a/b/c/kept.js", "a/b/kept.js"]);
});

test("passes over pipes", async () => {
  const root = await temporaryFolder({ "a.js": "" });
  execFileSync("mkfifo", [join(root, "pipe.js")]);
  expect((await walk(root, [])).paths).toEqual(["a.js"]);
});

test("names folders that it may not read, and goes on", async ({ skip }) => {
  const root = await temporaryFolder({ "shut/a.js": "", "open/b.js": "" });
  await chmod(join(root, "shut"), 0o000);
  await chmod(root, 0o755);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot && process.seteuid === undefined) skip("cannot become an ordinary user here");
  try {
    // Nothing is shut to the superuser.
    if (isRoot) process.seteuid?.(65_534);
    expect(await walk(root, [])).toEqual({
      paths: ["open/b.js"],
      unreadable: ["shut"],
      repositories: [],
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
    await chmod(join(root, "shut"), 0o755);
  }
});

test("an aborted signal ends the walk", async () => {
  const root = await temporaryFolder({ "a.js": "" });
  await expect(walk(root, [], AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
});

test("agrees with git ls-files on random trees and rules", async ({ skip }) => {
  try {
    execFileSync("git", ["--version"]);
  } catch {
    skip("git is not installed");
  }
  const root = await temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "core.excludesFile=/dev/null", ...args], { cwd: root, encoding: "utf8" });
  git("init", "-q");
  const name = fc.constantFrom("a", "b", "c", "build", "A", "x.js", "y.log");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}.f`);
  const rule = fc
    .tuple(
      fc.constantFrom("", "!"),
      fc.constantFrom("", "/", "**/"),
      fc.constantFrom(
        "a",
        "b",
        "build",
        "*.f",
        "c.f",
        "a/b",
        "b",
        "c",
        "x.*",
        "?.f",
        "*",
        "a/*.f",
        "**/b/c.f",
        "[ab].f",
      ),
      fc.constantFrom("", "/", "/**", "/*"),
    )
    .map((parts) => parts.join(""));
  const rules = fc.array(rule, { maxLength: 4 }).map((lines) => `${lines.join("\n")}\n`);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(path, { maxLength: 8 }), rules, rules, async (paths, top, below) => {
      await rm(join(root, "work"), { recursive: true, force: true });
      await mkdir(join(root, "work"));
      const files = Object.fromEntries(paths.map((file) => [`work/${file}`, ""]));
      await writeFiles(root, { ...files, "work/.gitignore": top, "work/a/.gitignore": below });
      const expected = git("ls-files", "-z", "--others", "--exclude-standard", "work")
        .split("\0")
        .filter((file) => file !== "")
        .map((file) => file.slice("work/".length))
        .sort();
      expect((await walk(join(root, "work"), [])).paths).toEqual(expected);
      // Asked one by one it says the same.
      const ignored = new IgnoredPaths(join(root, "work"), { own: [] });
      const there = [...paths, ".gitignore", "a/.gitignore"];
      expect(there.filter((file) => !ignored.ignores(file)).sort()).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});

describe("as git does", () => {
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync("git", args, { cwd, encoding: "utf8", env: { ...process.env, HOME: "/nonexistent" } });

  test("the user's own rules for all projects are the weakest", async () => {
    const home = await temporaryFolder({ ignore: "*.log\n*.tmp\n" });
    const root = await temporaryFolder({
      "a.log": "",
      "b.tmp": "",
      "c/d.log": "",
      "e.js": "",
      ".git/info/exclude": "!b.tmp\n",
      "c/.gitignore": "!d.log\n",
    });
    const ignored = new IgnoredPaths(root, { own: [], globalIgnore: join(home, "ignore") });
    expect((await walkWith(ignored)).paths).toEqual(["b.tmp", "c/.gitignore", "c/d.log", "e.js"]);
    expect(ignored.ignores("a.log")).toBe(true);
    expect(ignored.ignores("c/d.log")).toBe(false);
    const absent = new IgnoredPaths(root, { own: [], globalIgnore: join(home, "absent") });
    expect((await walkWith(absent)).paths).toContain("a.log");
  });

  test("a repository within is another project, and so is a submodule; an empty .git is neither", async ({
    skip,
  }) => {
    try {
      execFileSync("git", ["--version"]);
    } catch {
      skip("git is not installed");
    }
    const root = await temporaryFolder({
      "a.js": "",
      "inner/b.js": "",
      "deep/sub/c.js": "",
      "empty/.git/config": "",
      "empty/d.js": "",
    });
    git(root, "init", "-q");
    git(join(root, "inner"), "init", "-q");
    await writeFiles(root, { "deep/sub/.git": "gitdir: ../../.git/modules/sub\n" });
    const { paths, repositories } = await walk(root, []);
    expect(paths).toEqual(["a.js", "empty/d.js"]);
    expect(repositories).toEqual(["deep/sub", "inner"]);
    const ignored = new IgnoredPaths(root, { own: [] });
    expect(["inner/b.js", "deep/sub/c.js", "deep/sub/x/y.js"].map((path) => ignored.ignores(path))).toEqual([
      true,
      true,
      true,
    ]);
    expect(ignored.ignores("empty/d.js")).toBe(false);
  });

  test("folders are told before they are listed, and those that are left out are not", async () => {
    const root = await temporaryFolder({
      ".gitignore": "out/\n",
      "out/a.js": "",
      "src/b.js": "",
      "src/c/d.js": "",
      "node_modules/e.js": "",
    });
    const folders: string[] = [];
    const ignored = new IgnoredPaths(root, { own: [] });
    const onFolder = (folder: string): void => {
      folders.push(folder);
    };
    await walkWith(ignored, { onFolder });
    expect(folders.sort()).toEqual(["", "src/", "src/c/"]);
    folders.length = 0;
    expect((await walkWith(ignored, { from: "src/", onFolder })).paths).toEqual(["src/b.js", "src/c/d.js"]);
    expect(folders.sort()).toEqual(["src/", "src/c/"]);
    expect((await walkWith(ignored, { from: "out/" })).paths).toEqual([]);
  });
});
