import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timeSortedIds } from "@agentos/core";
import { Store } from "@agentos/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProjectIdentities, type ProjectIdentity, plainAddress } from "../src/project-identity.js";

let base: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "agentos-identity-")));
});
afterEach(() => rm(base, { recursive: true, force: true }));

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", ["-C", folder, ...identity, ...args], { encoding: "utf8" }).trim();
}

async function repository(name: string): Promise<string> {
  const root = join(base, name);
  await mkdir(root);
  git(root, "init", "-q");
  return root;
}

async function identityOf(root: string, dir: string = join(root, ".agentos")): Promise<ProjectIdentity> {
  const store = await Store.open({ dir: join(dir, "store") });
  try {
    return await new ProjectIdentities(store, timeSortedIds()).of(root, dir);
  } finally {
    await store.close();
  }
}

describe("the identity of a project", () => {
  it("is git's first commit, the same in a clone", async () => {
    const root = await repository("a");
    git(root, "commit", "-q", "--allow-empty", "-m", "first");
    const first = git(root, "rev-parse", "HEAD");
    git(root, "commit", "-q", "--allow-empty", "-m", "second");
    expect(await identityOf(root)).toEqual({ id: `git:${first}`, from: "root-commit" });
    git(base, "clone", "-q", root, "b");
    expect((await identityOf(join(base, "b"))).id).toBe(`git:${first}`);
  });

  it("is the remote in a shallow clone, whose oldest commit is not the first", async () => {
    const root = await repository("a");
    git(root, "commit", "-q", "--allow-empty", "-m", "first");
    git(root, "commit", "-q", "--allow-empty", "-m", "second");
    git(base, "clone", "-q", "--depth", "1", `file://${root}`, "b");
    git(join(base, "b"), "remote", "set-url", "origin", "https://me:secret@Example.org/x/y.git");
    expect(await identityOf(join(base, "b"))).toEqual({ id: "remote:example.org/x/y", from: "remote" });
  });

  it("of a folder in a repository is its own", async () => {
    const root = await repository("a");
    git(root, "commit", "-q", "--allow-empty", "-m", "first");
    await mkdir(join(root, "packages", "p"), { recursive: true });
    const inner = await identityOf(join(root, "packages", "p"));
    expect(inner.id).toBe(`${(await identityOf(root)).id}/packages/p`);
  });

  it("is generated without git, and kept: when opened again, when moved, when a commit is made", async () => {
    const root = join(base, "plain");
    await mkdir(root);
    const first = await identityOf(root);
    expect(first.from).toBe("generated");
    expect(await identityOf(root)).toEqual(first);
    const moved = join(base, "moved");
    await rename(root, moved);
    expect(await identityOf(moved)).toEqual(first);
    git(moved, "init", "-q");
    await writeFile(join(moved, "x"), "x");
    git(moved, "add", "x");
    git(moved, "commit", "-q", "-m", "first");
    expect(await identityOf(moved)).toEqual(first);
  });

  it("is another one when another repository takes the place in a shared store, and the same when history is rewritten", async () => {
    const shared = join(base, "shared");
    const root = await repository("a");
    git(root, "commit", "-q", "--allow-empty", "-m", "first");
    const [first, own] = [await identityOf(root, shared), await identityOf(root)];
    git(root, "commit", "-q", "--amend", "--allow-empty", "-m", "another first");
    expect(await identityOf(root)).toEqual(own);
    await rm(root, { recursive: true });
    await repository("a");
    git(root, "commit", "-q", "--allow-empty", "-m", "one of another repository");
    const second = await identityOf(root, shared);
    expect(second.id).not.toBe(first.id);
    expect(await identityOf(root, shared)).toEqual(second);
  });

  it("is found without starting a program that the repository names", async () => {
    const root = await repository("hostile");
    git(root, "commit", "-q", "--allow-empty", "-m", "first");
    const ran = join(base, "ran");
    await writeFile(join(base, "program.sh"), `#!/bin/sh\ntouch ${ran}\nexit 1\n`, { mode: 0o755 });
    git(root, "config", "core.repositoryformatversion", "1");
    git(root, "config", "extensions.partialClone", "origin");
    git(root, "config", "remote.origin.url", join(base, "nowhere"));
    git(root, "config", "remote.origin.uploadpack", join(base, "program.sh"));
    // With its objects gone, git would fetch them from the promised remote.
    await rm(join(root, ".git", "objects"), { recursive: true });
    await mkdir(join(root, ".git", "objects"));
    await identityOf(root);
    await expect(stat(ran)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("differs between projects that share a folder", async () => {
    const dir = join(base, "shared");
    await mkdir(join(base, "one"));
    await mkdir(join(base, "two"));
    const one = await identityOf(join(base, "one"), dir);
    expect((await identityOf(join(base, "two"), dir)).id).not.toBe(one.id);
  });
});

describe("the address of a remote", () => {
  it.each([
    ["git@github.com:owner/name.git", "github.com/owner/name"],
    ["ssh://git@github.com:22/owner/name.git", "github.com/owner/name"],
    ["https://GitHub.com/owner/name", "github.com/owner/name"],
    ["https://user:token@github.com/owner/name.git/", "github.com/owner/name"],
    ["github.com:owner/name", "github.com/owner/name"],
    ["/srv/git/name.git", "srv/git/name"],
  ])("%s is %s", (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});
