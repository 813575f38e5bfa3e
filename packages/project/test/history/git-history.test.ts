import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Commit, type History, isAgentOSError } from "@agentos/core";
import { historyConformance } from "@agentos/core/conformance";
import { Store } from "@agentos/store";
import { describe, expect, onTestFinished, test } from "vitest";
import { GitHistory } from "../../src/history/git-history.js";
import { ProjectIndex } from "../../src/project-index.js";
import { temporaryFolder } from "../temporary.js";
import { commit, git, repository } from "./repository.js";

async function newRepository(): Promise<string> {
  const folder = join(await temporaryFolder(), "project");
  repository(folder);
  return folder;
}

async function all(
  root: string,
  query: Parameters<GitHistory["commits"]>[0] = {},
): Promise<readonly Commit[]> {
  const commits: Commit[] = [];
  for await (const each of new GitHistory({ root }).commits(query)) commits.push(each);
  return commits;
}

const TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

test("commits come newest first with their files", async () => {
  const root = await newRepository();
  const first = commit(root, "begin\n\nA body.", { "a.ts": TEXT, "dir/b.ts": "b\n" }, 1_000);
  const second = commit(root, "go on", { "a.ts": `${TEXT}eight\n`, "dir/b.ts": undefined }, 2_000);
  expect(await all(root)).toEqual([
    {
      id: second,
      parents: [first],
      time: 2_000_000,
      author: "Ada",
      message: "go on",
      files: [
        { path: "a.ts", status: "modified" },
        { path: "dir/b.ts", status: "deleted" },
      ],
    },
    {
      id: first,
      parents: [],
      time: 1_000_000,
      author: "Ada",
      message: "begin\n\nA body.",
      files: [
        { path: "a.ts", status: "added" },
        { path: "dir/b.ts", status: "added" },
      ],
    },
  ]);
});

test("limit, paths and since narrow what is asked for", async () => {
  const root = await newRepository();
  commit(root, "1", { "a.ts": "1\n" }, 1_000);
  commit(root, "2", { "b/c.ts": "1\n", "a.ts": "2\n" }, 2_000);
  commit(root, "3", { "b/c.ts": "2\n" }, 3_000);
  const messages = async (query: Parameters<GitHistory["commits"]>[0]): Promise<readonly string[]> =>
    (await all(root, query)).map(({ message }) => message);
  expect(await messages({ limit: 2 })).toEqual(["3", "2"]);
  expect(await messages({ paths: ["a.ts"] })).toEqual(["2", "1"]);
  expect(await messages({ paths: ["b"] })).toEqual(["3", "2"]);
  expect(await messages({ paths: [] })).toEqual([]);
  expect(await messages({ since: 2_000_000 })).toEqual(["3", "2"]);
  expect((await all(root, { paths: ["b"], limit: 5 }))[1]?.files).toEqual([
    { path: "b/c.ts", status: "added" },
  ]);
});

test("a renamed file says what it was called", async () => {
  const root = await newRepository();
  commit(root, "1", { "old name.ts": TEXT });
  git(root, ["mv", "old name.ts", "new.ts"]);
  const id = commit(root, "2");
  expect((await all(root))[0]?.files).toEqual([
    { path: "new.ts", status: "renamed", oldPath: "old name.ts" },
  ]);
  expect(await new GitHistory({ root }).diff(id)).toEqual([
    { path: "new.ts", status: "renamed", oldPath: "old name.ts", hunks: [], binary: false, truncated: false },
  ]);
});

test("names and messages may hold anything that git lets in", async () => {
  const root = await newRepository();
  const names = ["ü😀.ts", "a\nb.ts", 'quote".ts', "tab\t.ts", "-x", ":(top)x", "M", "diff --git a"];
  const message = "M\n\nA\u0001\n:100644 000000 A\n\u001b[31mred\n\nR100\na\nb";
  const id = commit(root, message, Object.fromEntries(names.map((name) => [name, `${name}\n`])));
  const [only, ...rest] = await all(root);
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ id, message });
  expect(only?.files.map(({ path }) => path).sort()).toEqual([...names].sort());
  const history = new GitHistory({ root });
  const diffs = await history.diff(id);
  for (const name of names) {
    const lines = name.split("\n").map((line) => `+${line}`);
    expect(diffs.find(({ path }) => path === name)?.hunks[0]?.lines).toEqual(lines);
    expect((await all(root, { paths: [name] })).length).toBe(1);
    expect((await history.blame(name))[0]).toMatchObject({ line: 1, lines: lines.length, commit: id });
  }
});

test("a message that is empty, and an author without a name in Latin letters, take no other's place", async () => {
  const root = await newRepository();
  git(root, ["commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "", "--author", "Łü <x@y.z>"]);
  commit(root, "next", { "a.ts": "1\n" });
  const commits = await all(root);
  expect(commits.map(({ message, author }) => [message, author])).toEqual([
    ["next", "Ada"],
    ["", "Łü"],
  ]);
});

test("a merge lists no files, and its diff is that against its first parent", async () => {
  const root = await newRepository();
  commit(root, "base", { "a.ts": "1\n" }, 1_000);
  git(root, ["switch", "-q", "-c", "side"]);
  const side = commit(root, "side", { "b.ts": "1\n" }, 2_000);
  git(root, ["switch", "-q", "main"]);
  const main = commit(root, "main", { "c.ts": "1\n" }, 3_000);
  git(root, ["merge", "-q", "--no-ff", "-m", "merge", "side"], 4_000);
  const commits = await all(root);
  expect(commits.map(({ message }) => message)).toEqual(["merge", "main", "side", "base"]);
  expect(commits[0]).toMatchObject({ parents: [main, side], files: [] });
  const diffs = await new GitHistory({ root }).diff(commits[0]?.id ?? "");
  expect(diffs.map(({ path, status }) => [path, status])).toEqual([["b.ts", "added"]]);
});

test("hunks say which lines came and went, whatever the lines look like", async () => {
  const root = await newRepository();
  commit(root, "1", { "a.txt": `${TEXT}-- old\n`, "bin.dat": "a\0b", "end.txt": "no newline" });
  const after = `${TEXT.replace("two\n", "TWO\n2b\n")}++ new\ndiff --git a/x b/x\n@@ -1 +1 @@\n`;
  const id = commit(root, "2", { "a.txt": after, "bin.dat": "a\0c", "end.txt": "no newline now" });
  const [text, binary, end] = await new GitHistory({ root }).diff(id);
  expect(text).toEqual({
    path: "a.txt",
    status: "modified",
    binary: false,
    truncated: false,
    hunks: [
      {
        oldStart: 1,
        oldLines: 8,
        newStart: 1,
        newLines: 11,
        lines: [
          ...[" one", "-two", "+TWO", "+2b", " three", " four", " five", " six", " seven", "--- old"],
          ...["+++ new", "+diff --git a/x b/x", "+@@ -1 +1 @@"],
        ],
      },
    ],
  });
  expect(binary).toMatchObject({ path: "bin.dat", binary: true, hunks: [] });
  expect(end?.hunks[0]?.lines).toEqual(["-no newline", "+no newline now"]);
});

test("blame names the commit of each line, those in a row together", async () => {
  const root = await newRepository();
  const first = commit(root, "1", { "a.ts": "one\ntwo\nthree\n" }, 1_000);
  const second = commit(root, "2", { "a.ts": "one\nTWO\nthree\nfour\n" }, 2_000);
  writeFileSync(join(root, "a.ts"), "not committed\n");
  const line = (at: number, commitId: string, second_: number): object => ({
    line: at,
    lines: 1,
    commit: commitId,
    author: "Ada",
    time: second_ * 1_000,
  });
  const history = new GitHistory({ root });
  expect(await history.blame("a.ts")).toEqual([
    line(1, first, 1_000),
    line(2, second, 2_000),
    line(3, first, 1_000),
    line(4, second, 2_000),
  ]);
  expect(await history.blame("absent.ts")).toEqual([]);
});

test("a project below the root of its repository has what happened below it", async () => {
  const root = await newRepository();
  commit(root, "1", { "app/a.ts": "1\n", "other.ts": "1\n" });
  commit(root, "2", { "other.ts": "2\n" });
  const app = join(root, "app");
  expect((await all(app)).map(({ message, files }) => [message, files])).toEqual([
    ["1", [{ path: "a.ts", status: "added" }]],
  ]);
  expect(await new GitHistory({ root: app }).blame("a.ts")).toHaveLength(1);
});

test("a detached head and a shallow clone have the commits that are there", async () => {
  const root = await newRepository();
  const first = commit(root, "1", { "a.ts": "1\n" }, 1_000);
  commit(root, "2", { "a.ts": "2\n" }, 2_000);
  commit(root, "3", { "a.ts": "3\n" }, 3_000);
  const clone = join(await temporaryFolder(), "clone");
  git(root, ["clone", "-q", "--depth=2", `file://${root}`, clone]);
  expect((await all(clone)).map(({ message }) => message)).toEqual(["3", "2"]);
  git(root, ["checkout", "-q", "--detach", first]);
  expect((await all(root)).map(({ message }) => message)).toEqual(["1"]);
});

test("without a repository, and before the first commit, the history is empty", async () => {
  const root = await newRepository();
  const none = await temporaryFolder({ "a.ts": "1\n" });
  for (const folder of [root, none, join(none, "absent")]) {
    expect(await all(folder)).toEqual([]);
    expect(await new GitHistory({ root: folder }).blame("a.ts")).toEqual([]);
  }
});

test("without git the history is empty", async () => {
  const root = await newRepository();
  commit(root, "1", { "a.ts": "1\n" });
  const path = process.env["PATH"];
  process.env["PATH"] = await temporaryFolder();
  try {
    expect(await all(root)).toEqual([]);
    expect(await new GitHistory({ root }).blame("a.ts")).toEqual([]);
  } finally {
    process.env["PATH"] = path;
  }
});

test("a damaged repository raises", async () => {
  const root = await newRepository();
  const id = commit(root, "1", { "a.ts": "1\n" });
  const object = join(root, ".git/objects", id.slice(0, 2), id.slice(2));
  chmodSync(object, 0o600);
  writeFileSync(object, "broken");
  await expect(all(root)).rejects.toSatisfy((error) => isAgentOSError(error, "PROJECT_HISTORY_FAILED"));
});

test("what is no commit, no path of the project, or already cancelled is refused", async () => {
  const root = await newRepository();
  commit(root, "1", { "a.ts": "1\n" });
  const history = new GitHistory({ root });
  const raises = (promise: Promise<unknown>, code: string): Promise<void> =>
    expect(promise).rejects.toSatisfy((error) => isAgentOSError(error, code));
  await raises(history.diff("0".repeat(40)), "PROJECT_COMMIT_UNKNOWN");
  await raises(history.diff("--output=x"), "OPTIONS_INVALID");
  await raises(history.blame("../a.ts"), "PROJECT_PATH_OUTSIDE");
  await raises(all(root, { paths: ["/etc"] }), "PROJECT_PATH_OUTSIDE");
  await raises(all(root, { limit: 0 }), "OPTIONS_INVALID");
  await raises(all(root, { signal: AbortSignal.abort() }), "ABORTED");
  await raises(history.blame("a.ts", { signal: AbortSignal.abort() }), "ABORTED");
});

test("a reader may stop, or be cancelled, in the middle", async () => {
  const root = await newRepository();
  for (let at = 0; at < 5; at += 1) commit(root, `${at} ${"x".repeat(100_000)}`, { "a.ts": `${at}\n` });
  const history = new GitHistory({ root });
  for await (const { message } of history.commits()) {
    expect(message).toMatch(/^4/);
    break;
  }
  const controller = new AbortController();
  const read = async (): Promise<void> => {
    for await (const _commit of history.commits({ signal: controller.signal })) controller.abort();
  };
  await expect(read()).rejects.toSatisfy((error) => isAgentOSError(error, "ABORTED"));
});

describe.skipIf(process.platform === "win32")("a git that hangs", () => {
  /** Puts a git before all others that runs a script, having started another process, whose number it tells. */
  async function fakeGit(script: string, output: string): Promise<() => Promise<number>> {
    const folder = await temporaryFolder();
    const mark = join(folder, "started");
    writeFileSync(join(folder, "git"), `#!/bin/sh\nsleep 600 ${output} &\necho $! > '${mark}'\n${script}\n`);
    chmodSync(join(folder, "git"), 0o755);
    const path = process.env["PATH"];
    process.env["PATH"] = `${folder}:${path}`;
    onTestFinished(() => {
      process.env["PATH"] = path;
    });
    return async () => {
      await expect.poll(() => existsSync(mark) && readFileSync(mark, "utf8").trim()).toBeTruthy();
      return Number(readFileSync(mark, "utf8"));
    };
  }

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      // One that has ended and that nobody has asked for is still listed.
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  }

  const code = (expected: string) => (error: unknown) => isAgentOSError(error, expected);

  test.each([
    ["says nothing", "wait", ""],
    ["stops in the middle", "printf 'commit'; wait", ""],
    ["closes its output and does not end", "exec >&- 2>&-; wait", ">/dev/null 2>&1"],
    ["leaves a process with its output", "exit 0", ""],
  ])("%s: it is ended with what it started", async (_what, script, output) => {
    const child = await fakeGit(script, output);
    const root = await temporaryFolder();
    const history = new GitHistory({ root, timeoutMs: 300 });
    for (const ask of [
      async () => {
        for await (const _commit of history.commits()) break;
      },
      () => history.blame("a.ts"),
      () => history.diff("0".repeat(40)),
    ]) {
      const started = performance.now();
      await expect(ask()).rejects.toSatisfy(code("PROJECT_HISTORY_TIMEOUT"));
      expect(performance.now() - started).toBeLessThan(5_000);
      const pid = await child();
      await expect.poll(() => isAlive(pid)).toBe(false);
    }
  });

  test.each([
    ["says nothing", "wait", ""],
    ["closes its output and does not end", "exec >&- 2>&-; wait", ">/dev/null 2>&1"],
  ])("%s: who is cancelled waits no longer", async (_what, script, output) => {
    const child = await fakeGit(script, output);
    const controller = new AbortController();
    const asked = new GitHistory({ root: await temporaryFolder() }).blame("a.ts", {
      signal: controller.signal,
    });
    const pid = await child();
    setTimeout(() => controller.abort(), 50);
    await expect(asked).rejects.toSatisfy(code("ABORTED"));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test("a pipe in place of the settings of a repository holds nobody, and a map of it goes without the history", async () => {
    const root = await newRepository();
    commit(root, "1", { "a.ts": "export function first() {}\n" });
    rmSync(join(root, ".git/config"));
    execFileSync("mkfifo", [join(root, ".git/config")]);
    const history = new GitHistory({ root, timeoutMs: 300 });
    await expect(history.blame("a.ts")).rejects.toSatisfy(code("PROJECT_HISTORY_TIMEOUT"));
    await using store = await Store.open({ dir: join(await temporaryFolder(), "store") });
    let asked = 0;
    const counted: History = {
      version: 1,
      commits: (query) => {
        asked += 1;
        return history.commits(query);
      },
      diff: (id, options) => history.diff(id, options),
      blame: (path, options) => history.blame(path, options),
    };
    await using index = await ProjectIndex.open({ root, store, history: counted });
    await index.index();
    for (let round = 0; round < 3; round += 1) expect((await index.repoMap()).text).toContain("a.ts");
    expect(asked).toBe(1);
  });

  test("a reader who takes long is not taken for it", async () => {
    const root = await newRepository();
    for (let at = 0; at < 3; at += 1) commit(root, `${at} ${"x".repeat(100_000)}`, { "a.ts": `${at}\n` });
    const messages: string[] = [];
    for await (const { message } of new GitHistory({ root, timeoutMs: 400 }).commits()) {
      messages.push(message.slice(0, 1));
      await wait(600);
    }
    expect(messages).toEqual(["2", "1", "0"]);
  });
});

test("wrong options are refused by name", () => {
  const wrong = (options: object): string => {
    try {
      new GitHistory(options as never);
    } catch (error) {
      expect(error).toSatisfy((one) => isAgentOSError(one, "OPTIONS_INVALID"));
      return String(error);
    }
    return "";
  };
  expect(wrong({ root: "." })).toBe("");
  expect(wrong({ root: ".", timeout: 3 })).toContain("unknown key timeout");
  expect(wrong({})).toContain("root");
  expect(wrong({ root: "" })).toContain("root: must not be empty");
  for (const timeoutMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])
    expect(wrong({ root: ".", timeoutMs })).toContain("timeoutMs");
  expect(wrong({ root: ".", logger: {} })).toContain("logger");
});

test("nothing that a repository names is run", async () => {
  const root = await newRepository();
  const marks = await temporaryFolder();
  const program = join(marks, "program.sh");
  const mark = join(marks, "ran");
  writeFileSync(program, `#!/bin/sh\necho x > '${mark}'\ncat "$1" 2>/dev/null\n`);
  chmodSync(program, 0o755);
  commit(root, "1", { ".gitattributes": "* diff=evil filter=evil\n", "a.ts": "1\n" });
  const id = commit(root, "2", { "a.ts": "2\n" });
  for (const setting of [
    ...["core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external", "gpg.program"],
    ...["diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge"],
    ...["pager.log", "pager.blame", "core.gitProxy", "credential.helper", "alias.log"],
  ]) {
    git(root, ["config", setting, setting.startsWith("alias") ? `!${program}` : program]);
  }
  git(root, ["config", "log.showSignature", "true"]);
  git(root, ["config", "core.hooksPath", marks]);
  const environment = {
    GIT_EXTERNAL_DIFF: program,
    GIT_PAGER: program,
    GIT_SSH_COMMAND: program,
    GIT_DIR: marks,
    GIT_EXEC_PATH: marks,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.fsmonitor",
    GIT_CONFIG_VALUE_0: program,
  };
  Object.assign(process.env, environment);
  try {
    expect(await all(root)).toHaveLength(2);
    const history = new GitHistory({ root });
    expect((await history.diff(id))[0]?.hunks[0]?.lines).toEqual(["-1", "+2"]);
    expect(await history.blame("a.ts")).toHaveLength(1);
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
  expect(existsSync(mark)).toBe(false);
  // The trap works: git as it is called by hand runs the program.
  git(root, ["log", "-p"]);
  expect(existsSync(mark)).toBe(true);
});

for (const { name, run } of historyConformance(async (plan) => {
  const root = await newRepository();
  for (const [at, { message, files }] of plan.entries()) commit(root, message, files, 1_000 + at);
  return new GitHistory({ root });
})) {
  test(`conformance: ${name}`, run);
}
