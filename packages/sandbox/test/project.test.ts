import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Language, Task } from "@agentos/core";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox({ projectFiles: 50, projectBytes: 100_000 });

describe.skipIf(!opened)("projects", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "agentos-project-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (files: Record<string, string>): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  const task = (language: Language): Task => ({ id: "p", prompt: "Change it.", language, project: root });
  const judge = (language: Language, files: Record<string, string | null>, affectedTests: string[] = []) =>
    sandbox.verify(task(language), { id: "c", files }, { affectedTests });
  /** Every path with its content, size and time of change. */
  const snapshot = (folder = root): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return [path, ...snapshot(path)];
      return entry.isFile() ? [`${path} ${statSync(path).mtimeMs} ${readFileSync(path, "utf8")}`] : [path];
    });

  test("affected tests judge a change, and the project stays what it was", async () => {
    write({
      "src/double.ts": "export const double = (x: number): number => x;\n",
      "test/double.test.ts":
        'import test from "node:test";\nimport assert from "node:assert";\nimport { double } from "../src/double.js";\ntest("doubles", () => assert.equal(double(3), 6));\n',
      "package.json": '{ "type": "module" }',
    });
    const before = snapshot();
    const right = { "src/double.ts": "export const double = (x: number): number => 2 * x;\n" };
    const passed = await judge("typescript", right, ["test/double.test.ts"]);
    expect(passed).toMatchObject({ passed: true, basis: "affected-tests" });
    expect(passed.tests.map((item) => item.name)).toEqual(["doubles"]);
    const failed = await judge("typescript", { "src/new.ts": "export {}" }, ["test/double.test.ts"]);
    expect(failed).toMatchObject({ passed: false, basis: "affected-tests" });
    const cheat = { ...right, "src/double.ts": "export const double = 0;", "test/double.test.ts": "" };
    expect((await judge("typescript", cheat, ["test/double.test.ts"])).passed).toBe(false);
    expect(snapshot()).toEqual(before);
  });

  test("dependencies behind a link that leads out of the project are not shown", async () => {
    const outside = mkdtempSync(join(tmpdir(), "agentos-project-"));
    writeFileSync(join(outside, "secret.txt"), "SECRET");
    write({
      "package.json": "{}",
      "a.js": "",
      "a.test.js":
        'const fs = require("fs");\nif (fs.existsSync("node_modules/secret.txt")) throw new Error("shown");\n',
    });
    symlinkSync(outside, join(root, "node_modules"));
    try {
      expect(await judge("javascript", { "a.js": "1" }, ["a.test.js"])).toMatchObject({ passed: true });
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test("a candidate that cannot be put into the project fails; nothing throws", async () => {
    write({ "package.json": "{}", "a.js": "", file: "", "a.test.js": "if (1 > 2) throw 1;\n" });
    mkdirSync(join(root, "node_modules"));
    const dependency = await judge("javascript", { "node_modules/x/index.js": "" }, ["a.test.js"]);
    expect(dependency).toMatchObject({ passed: false, reason: expect.stringContaining("dependencies") });
    const under = await judge("javascript", { "file/b.js": "" });
    expect(under).toMatchObject({ passed: false, reason: expect.stringContaining("needs a folder there") });
    const hidden = [{ path: "file/MARKER.test.js", content: "" }];
    const visible = [{ path: "b.test.js", content: "if (1 > 2) throw 1;" }];
    const change = { id: "c", files: { "a.js": "1" } };
    const verdict = await sandbox.verify({ ...task("javascript"), tests: { visible, hidden } }, change);
    expect(verdict.passed).toBe(false);
    expect(JSON.stringify(verdict)).not.toContain("MARKER");
  });

  test("a candidate's file name is no option of the build check", async () => {
    write({ "package.json": "{}" });
    const files = {
      "--require=./a.js": "",
      "a.js": 'require("fs").writeFileSync("b.js", ""); process.exit(0);',
      "b.js": "this does not parse(",
    };
    expect(await judge("javascript", files)).toMatchObject({ passed: false, basis: "build" });
  });

  test("affected tests that are not there are told", async () => {
    const verdict = await judge("python", { "note.txt": "x" }, ["no_such_test.py"]);
    expect(verdict.reason).toContain("no_such_test.py");
  });

  test("tests that a candidate changes judge as they were; those that it brings have to pass as well", async () => {
    write({ "a.py": "x = 1\n", "test_a.py": "import a\nassert a.x == 1\n", "test_b.py": "assert 1\n" });
    const tests = ["test_a.py", "test_b.py", "test_new.py", "test_gone.py"];
    const files = { "test_a.py": "raise SystemExit(1)\n", "test_b.py": "assert 1\n" };
    const verdict = await judge("python", { ...files, "test_new.py": "assert 2\n" }, tests);
    expect(verdict).toMatchObject({ passed: true, basis: "affected-tests" });
    expect(verdict.reason).toContain("Not in the project, and so not run: test_gone.py.");
    expect(verdict.reason).toContain("Brought by the candidate itself: test_new.py.");
    expect(verdict.reason).toContain(
      "Run as the project has them, not as the candidate changes them: test_a.py.",
    );
    const failing = await judge("python", { ...files, "test_new.py": "assert 0, 'new'\n" }, tests);
    expect(failing.passed).toBe(false);
    // What the project's own tests find comes first.
    const both = await judge("python", { "a.py": "x = 2\n", "test_new.py": "assert 2\n" }, tests);
    expect(both).toMatchObject({ passed: false, reason: expect.stringContaining("test_a.py") });
  });

  test("whether a candidate fits is told without running it", async () => {
    write({ "a.py": "x = 1\n" });
    const unfit = (files: Record<string, string | null>, patch?: string) =>
      sandbox.unfit(task("python"), { id: "c", files, ...(patch !== undefined && { patch }) });
    expect(await unfit({ "a.py": "x = 2\n" })).toBeUndefined();
    expect(await unfit({ ".git/hooks/post-checkout": "x" })).toContain("belongs to git");
    expect(await unfit({ "sub/.git": "x" })).toContain("belongs to git");
    expect(await unfit({}, "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 7\n+x = 8\n")).toContain(
      "does not fit",
    );
    expect(await unfit({}, "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 8\n")).toBeUndefined();
  });

  test("a deleted file is gone", async () => {
    write({ "a.py": "x = 1\n", "test_a.py": "import a\nassert a.x == 1\n" });
    expect((await judge("python", { "b.py": "" }, ["test_a.py"])).passed).toBe(true);
    const verdict = await judge("python", { "a.py": null }, ["test_a.py"]);
    expect(verdict.passed).toBe(false);
    expect(verdict.reason).toContain("ModuleNotFoundError");
  });

  test("dependencies are shown, and cannot be changed", async () => {
    write({
      "node_modules/left/package.json": '{ "name": "left", "main": "index.js" }',
      "node_modules/left/index.js": "module.exports = 41;",
      "package.json": "{}",
      "a.test.js":
        'const fs = require("node:fs");\nconst assert = require("node:assert");\nassert.equal(require("left"), 41);\nassert.throws(() => fs.writeFileSync("node_modules/left/index.js", "0"));\n',
    });
    expect((await judge("javascript", { "b.js": "" }, ["a.test.js"])).reason).toBe("The test passed.");
    expect(readFileSync(join(root, "node_modules/left/index.js"), "utf8")).toBe("module.exports = 41;");
  });

  test("without tests it is type-checked where the compiler is installed", async () => {
    write({
      "tsconfig.json":
        '{ "compilerOptions": { "strict": true, "lib": ["ES2022"], "types": [], "skipLibCheck": true } }',
      "src/a.ts": "export const a: number = 1;\n",
      "package.json": "{}",
    });
    mkdirSync(join(root, "node_modules"));
    const typescript = dirname(dirname(createRequire(import.meta.url).resolve("typescript")));
    execFileSync("cp", ["-rL", typescript, join(root, "node_modules/typescript")]);
    const good = await judge("typescript", {
      "src/b.ts": 'import { a } from "./a";\nexport const b: number = a;\n',
    });
    expect(good).toMatchObject({ passed: true, basis: "types" });
    const bad = await judge("typescript", {
      "src/b.ts": 'import { a } from "./a";\nexport const b: string = a;\n',
    });
    expect(bad).toMatchObject({ passed: false, basis: "types" });
    expect(bad.reason).toContain("TS2322");
  }, 60_000);

  test.each([
    ["python", { "a.py": "x = 1\n" }, { "a.py": "def x(:\n" }],
    ["javascript", { "a.js": "let x = 1;\n" }, { "a.js": "let x = ;\n" }],
    ["typescript", { "a.ts": "let x: number = 1;\n" }, { "a.ts": "let x: = 1;\n" }],
    ["go", { "a/a.go": "package a\n\nvar X = 1\n" }, { "a/a.go": "package a\n\nvar X int = true\n" }],
  ] as const)(
    "else it is built: %s",
    async (language, good, bad) => {
      write({ "README.md": "", ...(language === "go" ? { "go.mod": "module example\n\ngo 1.19\n" } : {}) });
      const passed = await judge(language, { ...good });
      expect(passed.reason).toBe("The build check passed.");
      expect(passed.basis).toBe("build");
      const failed = await judge(language, { ...bad });
      expect(failed).toMatchObject({ passed: false, basis: "build" });
    },
    // The first Go run compiles the standard library.
    180_000,
  );

  test("git decides what is shown, and links that lead out are not followed", async () => {
    const outside = mkdtempSync(join(tmpdir(), "agentos-outside-"));
    try {
      writeFileSync(join(outside, "secret.txt"), "planted");
      write({
        ".gitignore": "ignored.txt\n",
        "ignored.txt": "x",
        "kept.txt": "x",
        "t.py":
          "import os\nassert sorted(path for path in os.listdir('.') if os.path.exists(path)) == ['.gitignore', 'inner.txt', 'kept.txt', 'new.py', 't.py'], os.listdir('.')\n",
      });
      symlinkSync(join(outside, "secret.txt"), join(root, "out.txt"));
      symlinkSync(outside, join(root, "folder"));
      symlinkSync("kept.txt", join(root, "inner.txt"));
      execFileSync("git", ["init", "-q", root]);
      expect(await judge("python", { "new.py": "" }, ["t.py"])).toMatchObject({ passed: true });
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  test("a project that is missing or too large is a coded error", async () => {
    const missing = { ...task("python"), project: join(root, "none") };
    await expect(sandbox.verify(missing, { id: "c", files: { "a.py": "" } })).rejects.toMatchObject({
      code: "SANDBOX_PROJECT_UNREADABLE",
    });
    write(Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}.py`, ""])));
    await expect(judge("python", { "a.py": "" })).rejects.toMatchObject({
      code: "SANDBOX_PROJECT_TOO_LARGE",
    });
    rmSync(root, { recursive: true });
    write({ "large.txt": "x".repeat(100_001) });
    await expect(judge("python", { "a.py": "" })).rejects.toMatchObject({
      code: "SANDBOX_PROJECT_TOO_LARGE",
    });
  });
});
