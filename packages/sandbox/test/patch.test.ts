import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { patchedPaths, readCandidate } from "@agentos/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Sandbox } from "../src/index.js";
import { applyPatch, patchOf } from "../src/patch.js";

const reader = (files: Readonly<Record<string, string>>) => (path: string) =>
  Object.hasOwn(files, path) ? files[path] : undefined;

const FILES = { "src/a.js": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n", old: "text\n", "é b.txt": "1\n" };

/** What `git diff` says after `change`, in a repository that holds `FILES`. */
function gitDiff(change: (root: string) => void): string {
  const root = mkdtempSync(join(tmpdir(), "agentos-patch-"));
  const git = (...args: string[]): string => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
  try {
    git("init", "-q");
    for (const [path, content] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    git("add", ".");
    git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", "before");
    change(root);
    git("add", "-A");
    return git("diff", "--cached", "-M");
  } finally {
    rmSync(root, { recursive: true });
  }
}

describe("patches", () => {
  test("what git writes is applied: changed, new, empty, deleted, renamed, and names in quotes", () => {
    const patch = gitDiff((root) => {
      writeFileSync(join(root, "src/a.js"), FILES["src/a.js"].replace("two", "2").replace("seven\n", "7"));
      writeFileSync(join(root, "new.txt"), "new\n");
      writeFileSync(join(root, "empty"), "");
      execFileSync("mv", [join(root, "old"), join(root, "moved")]);
      writeFileSync(join(root, "é b.txt"), "2\n");
    });
    const patched = applyPatch(reader(FILES), patch);
    expect(patched).toEqual({
      ok: true,
      files: {
        "src/a.js": "one\n2\nthree\nfour\nfive\nsix\n7",
        "new.txt": "new\n",
        empty: "",
        old: null,
        moved: "text\n",
        "é b.txt": "2\n",
      },
    });
    expect([...patchedPaths(patch)].sort()).toEqual(
      ["empty", "moved", "new.txt", "old", "src/a.js", "é b.txt"].sort(),
    );
  });

  test("a plain diff is applied at the place where it fits, whatever its line says; line ends may differ", () => {
    const patch =
      "--- src/a.js\t2024-01-01\n+++ src/a.js\t2024-01-02\n@@ -40,3 +40,3 @@\n four\n-five\n+5\n six\n";
    const windows = { "src/a.js": FILES["src/a.js"].replaceAll("\n", "\r\n") };
    expect(applyPatch(reader(FILES), patch)).toMatchObject({
      files: { "src/a.js": expect.stringContaining("four\n5\nsix") },
    });
    expect(applyPatch(reader(windows), patch)).toMatchObject({
      files: { "src/a.js": expect.stringContaining("four\r\n5\r\nsix") },
    });
  });

  test.each([
    ["no diff at all", "hello", "changes no file"],
    ["a hunk that is cut off", "--- a/old\n+++ b/old\n@@ -1,9 +1,9 @@\n text\n", "cannot be read"],
    [
      "the second hunk does not fit",
      "--- a/src/a.js\n+++ b/src/a.js\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n@@ -5,2 +5,2 @@\n five\n-VI\n+6\n",
      'hunk 2 of 2 (line 5) does not fit "src/a.js"',
    ],
    [
      "a file that is not there",
      "--- a/none\n+++ b/none\n@@ -1 +1 @@\n-a\n+b\n",
      '"none", which is not there',
    ],
    [
      "a new file that is there",
      "--- /dev/null\n+++ b/old\n@@ -0,0 +1 @@\n+a\n",
      '"old", which is there already',
    ],
    ["a path that leads out", "--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-a\n+b\n", 'has the part ".."'],
    ["an absolute path", "--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n", "is absolute"],
    ["binary", "diff --git a/old b/old\nBinary files a/old and b/old differ\n", "as binary"],
    [
      "a deletion of more than it says",
      "--- a/src/a.js\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-one\n",
      "holds more",
    ],
  ])("one that does not fit says why: %s", (_, patch, reason) => {
    expect(applyPatch(reader(FILES), patch)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  test("what is written as a patch, git applies", () => {
    const root = mkdtempSync(join(tmpdir(), "agentos-patch-"));
    const text = fc
      .array(fc.constantFrom("a", "b", "", "\r", "ö", "-- x", "+"), { maxLength: 12 })
      .chain((lines) => fc.boolean().map((end) => lines.join("\n") + (end ? "\n" : "")));
    const path = fc.constantFrom("f", "d/g h", "ä", 'q"', "back\\slash", "tab\tname");
    try {
      execFileSync("git", ["init", "-q", root]);
      fc.assert(
        fc.property(path, fc.option(text), fc.option(text), (name, before, after) => {
          if (before === after) return;
          const place = join(root, name);
          mkdirSync(dirname(place), { recursive: true });
          rmSync(place, { force: true });
          if (before !== null) writeFileSync(place, before);
          const bytes = (content: string | null) => (content === null ? undefined : Buffer.from(content));
          const patch = patchOf([{ path: name, before: bytes(before), after: bytes(after) }]);
          execFileSync("git", ["-C", root, "apply", "--whitespace=nowarn", "-"], {
            input: patch,
            stdio: ["pipe", "pipe", "pipe"],
          });
          expect(existsSync(place) ? readFileSync(place, "utf8") : null).toBe(after);
          rmSync(place, { force: true });
        }),
        { numRuns: 60, seed: 1 },
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test("a candidate has either files or a patch", () => {
    const patch = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
    expect(readCandidate({ id: "c", patch })).toEqual({ id: "c", files: {}, patch });
    const wrong = (value: object) => expect(() => readCandidate({ id: "c", ...value }));
    wrong({}).toThrow(/at least one file, unless there is a patch/);
    wrong({ files: { a: "" }, patch }).toThrow(/left out where there is a patch/);
    wrong({ patch: "hello" }).toThrow(/unified diff that names a file/);
    wrong({ patch: patch.replaceAll("/x", "/../x") }).toThrow(/must be a relative path/);
  });
});

describe("patches as candidates", () => {
  let sandbox: Sandbox;
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-patch-"));
  beforeAll(async () => {
    sandbox = await Sandbox.open({ cacheDir });
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(cacheDir, { recursive: true });
  });
  const task = {
    id: "t",
    prompt: "Double.",
    language: "javascript" as const,
    files: { "factor.js": "exports.factor = 2;\n" },
    tests: {
      visible: [
        { path: "a.test.js", content: 'require("assert").equal(require("./solution").double(2), 4);\n' },
      ],
    },
  };
  const patch =
    "--- /dev/null\n+++ b/solution.js\n@@ -0,0 +1,2 @@\n+const { factor } = require('./factor');\n+exports.double = (x) => factor * x;\n";

  test("one that fits is judged, one that does not is a failed verdict that names file and hunk", async () => {
    expect(await sandbox.verify(task, readCandidate({ id: "c", patch }))).toMatchObject({ passed: true });
    const unfit =
      "--- a/factor.js\n+++ b/factor.js\n@@ -1 +1 @@\n-exports.factor = 3;\n+exports.factor = 4;\n";
    expect(await sandbox.verify(task, readCandidate({ id: "c", patch: unfit }))).toMatchObject({
      passed: false,
      reason: 'The candidate cannot be judged: hunk 1 of 1 (line 1) does not fit "factor.js".',
      tests: [{ status: "missing" }],
    });
  });
});
