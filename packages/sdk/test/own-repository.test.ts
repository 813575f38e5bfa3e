import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readCandidate, type Task, type Verdict } from "@agentos/core";
import { namespaceDriver } from "@agentos/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requirement } from "../../../test/require.js";
import { AgentOS } from "../src/index.js";

const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
const base = await realpath(await mkdtemp(join(tmpdir(), "agentos-own-")));
const probed = await namespaceDriver.probe({ cacheDir: base });
const works = requirement("bubblewrap", probed.available, probed.available ? "" : probed.reason);

/** What git says of this repository, to see that verdicts leave it alone. */
const state = (): string =>
  execFileSync("git", ["-C", root, "status", "--porcelain", "--", "packages/core"], { encoding: "utf8" });

describe.skipIf(!works)("this repository verifies patches to itself", () => {
  let agentos: AgentOS;
  beforeAll(async () => {
    agentos = await AgentOS.open({
      dir: join(base, "data"),
      project: root,
      limits: { wallMs: 120_000, memoryBytes: 2 * 1024 ** 3 },
    });
  }, 60_000);
  afterAll(async () => {
    await agentos.close();
    await rm(base, { recursive: true, force: true });
  });

  const task: Task = {
    id: "own",
    prompt: "Change how a message is cut.",
    language: "typescript",
    project: root,
  };

  const patchOf = (now: string): string => `--- a/packages/core/src/summary.ts
+++ b/packages/core/src/summary.ts
@@ -1,2 +1,2 @@
-  return line.length > limit ? \`\${line.slice(0, limit - 1)}…\` : line;
+  return ${now};
 }
`;

  it("one that breaks a function fails its affected tests, one that is harmless passes", async () => {
    const before = state();
    await agentos.project?.index();
    const affected = await agentos.project?.affectedTests(["packages/core/src/summary.ts"]);
    expect(affected).toContain("packages/core/test/summary.test.ts");
    // The whole repository leans on that function; its nearest tests are enough here.
    const affectedTests = affected?.filter((path) => path.startsWith("packages/core/test/summary"));
    const judge = (patch: string): Promise<Verdict> =>
      agentos.verify(task, readCandidate({ id: "c", patch }), { affectedTests });
    const harmless = await judge(
      patchOf("line.length > limit ? line.slice(0, limit - 1).concat('…') : line"),
    );
    expect(harmless).toMatchObject({ passed: true, basis: "affected-tests" });
    expect(harmless.tests.length).toBeGreaterThan(1);
    expect(harmless.runs[0]?.enforced).toContain("project below a writable layer");
    const broken = await judge(patchOf("line"));
    expect(broken.passed).toBe(false);
    expect(broken.tests.filter((item) => item.change === "broken").map((item) => item.name)).toEqual([
      expect.stringContaining("a summary is cut at the limit"),
    ]);
    const unfit = await judge(patchOf("line").replace("limit - 1", "limit - 2"));
    expect(unfit.reason).toContain('hunk 1 of 1 (line 1) does not fit "packages/core/src/summary.ts"');
    expect(state()).toBe(before);
  }, 240_000);

  it("without tests of its own, a change is judged by the tests that the index says it affects", async () => {
    const project = join(base, "small");
    const files = {
      "package.json": '{ "type": "module" }',
      "src/double.ts": "export const double = (x: number): number => 2 * x;\n",
      "src/other.ts": "export const other = 1;\n",
      "test/double.test.ts":
        'import test from "node:test";\nimport assert from "node:assert";\nimport { double } from "../src/double.js";\ntest("doubles", () => assert.equal(double(3), 6));\n',
      "test/other.test.ts":
        'import test from "node:test";\nimport { other } from "../src/other.js";\ntest("other", () => { if (other !== 2) throw new Error("never passes"); });\n',
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(project, path)), { recursive: true });
      await writeFile(join(project, path), content);
    }
    const small = await AgentOS.open({ dir: join(base, "small-data"), project });
    try {
      const change = { id: "small", prompt: "Change it.", language: "typescript" as const, project };
      const judge = (patch: string): Promise<Verdict> =>
        small.verify(change, readCandidate({ id: "c", patch }));
      const patch = (now: string): string =>
        `--- a/src/double.ts\n+++ b/src/double.ts\n@@ -1 +1 @@\n-export const double = (x: number): number => 2 * x;\n+export const double = (x: number): number => ${now};\n`;
      const good = await judge(patch("x + x"));
      expect(good).toMatchObject({ passed: true, basis: "affected-tests", tests: [{ name: "doubles" }] });
      const bad = await judge(patch("x"));
      expect(bad).toMatchObject({ passed: false, basis: "affected-tests", tests: [{ change: "broken" }] });
    } finally {
      await small.close();
    }
  }, 60_000);
});
