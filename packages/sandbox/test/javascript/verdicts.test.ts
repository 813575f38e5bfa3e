import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { isolateDriver } from "../../src/drivers/isolate.js";
import { quickjsDriver } from "../../src/drivers/quickjs.js";
import { nodeHarnessFolder } from "../../src/one-shot/package-files.js";
import { withDriver } from "../drivers/one-shot.js";

interface Outcome {
  readonly tests: readonly string[];
  readonly finished: boolean;
}

const HEAD = `import test, { describe, it, before, after, beforeEach, afterEach } from "node:test";\nimport assert from "node:assert";\n`;
const SOLUTION = "export const double = (x) => 2 * x;\nexport class Box { constructor(v) { this.v = v } }\n";

/** Test files by what they show; each is run by Node itself and in the shim. */
const FILES: Readonly<Record<string, string>> = {
  "passes, fails, throws": `${HEAD}test("a", () => {}); test("b", () => assert.equal(1, 2)); test("c", () => { throw new TypeError("x") }); test("d", async () => { await null; throw "text" });`,
  "suites and nesting": `${HEAD}describe("outer", () => { it("one", () => {}); describe("inner", () => { it("two", () => assert.ok(false)); it("three", async () => {}); }); });`,
  "skip and todo": `${HEAD}test.skip("a", () => assert.fail()); test.todo("b", () => assert.fail()); test("c", { skip: true }, () => assert.fail()); test("d", { todo: "later" }, () => assert.fail()); describe.skip("s", () => { it("x", () => assert.fail()) }); test("e", (t) => { t.skip("no") });`,
  "hooks in order": `${HEAD}const log = []; describe("s", () => { before(() => log.push("B")); beforeEach(() => log.push("b")); afterEach(() => log.push("a")); after(() => log.push("A")); it("1", () => log.push("1")); it("2", () => log.push("2")); }); test("order", () => assert.deepEqual(log, ["B", "b", "1", "a", "b", "2", "a", "A"]));`,
  "a before hook that fails": `${HEAD}describe("s", () => { before(() => { throw new Error("no") }); it("1", () => {}); it("2", () => {}); }); test("other", () => {});`,
  "a beforeEach hook that fails": `${HEAD}describe("s", () => { beforeEach(() => { throw new Error("no") }); it("1", () => {}); });`,
  subtests: `${HEAD}test("t", async (t) => { await t.test("1", () => {}); await t.test("2", async (u) => { await u.test("3", () => assert.ok(0)) }); }); test("u", () => {});`,
  "a callback test": `${HEAD}test("good", (t, done) => setTimeout(done, 5)); test("bad", (t, done) => setTimeout(() => done(new Error("x")), 5));`,
  "a timeout": `${HEAD}test("slow", { timeout: 30 }, () => new Promise((resolve) => setTimeout(resolve, 300))); test("fast", { timeout: 2000 }, () => {});`,
  "timers in tests": `${HEAD}test("waits", async () => { const start = Date.now(); await new Promise((r) => setTimeout(r, 20)); assert.ok(Date.now() - start >= 15); }); test("immediate", () => new Promise((r) => setImmediate(r)));`,
  "a top-level error after tests": `${HEAD}test("a", () => {}); throw new Error("top");`,
  "a solution in CommonJS style": `const test = require("node:test"); const assert = require("node:assert/strict"); const { double } = require("./solution.js"); test("doubles", () => assert.equal(double(4), 8)); test("wrong", () => assert.deepEqual([double(1)], ["2"]));`,
  "a script that passes": `import { double } from "./solution.js"; import assert from "assert"; assert.equal(double(2), 4);`,
  "a script that fails": `import { double } from "./solution.js"; import assert from "assert"; assert.equal(double(2), 5);`,
  "a script that fails later": `(async () => { await null; throw new Error("late") })();`,
  "a script that fails in a timer": `setTimeout(() => { throw new Error("late") }, 5);`,
  "a script that sets its exit code": `console.log("x"); process.exitCode = 2;`,
  "a script that exits early": `process.exit(0);`,
  "no tests": `import { double } from "./solution.js";\nexport const used = double;`,
  "does not parse": `const x = ;`,
  "a missing export": `import { triple } from "./solution.js"; triple(1);`,
  "a missing module": `import "./nothing.js"; console.log(1);`,
  "top-level await that is never settled": `await new Promise(() => {}); console.log(1);`,
  "assertions on errors": `${HEAD}test("throws", () => assert.throws(() => { throw new RangeError("far") }, { name: "RangeError", message: /fa/ })); test("rejects", async () => { await assert.rejects(Promise.reject(new Error("x")), /x/) }); test("wrong class", () => assert.throws(() => { throw new Error("x") }, TypeError));`,
  "classes and identity": `${HEAD}import { Box } from "./solution.js"; test("instance", () => assert.ok(new Box(1) instanceof Box)); test("deep", () => assert.deepStrictEqual(new Box([1, { a: 2 }]), new Box([1, { a: 2 }]))); test("not plain", () => assert.deepStrictEqual({ v: 1 }, new Box(1)));`,
  "only by name": `${HEAD}it("one", () => {}); test(function named() {}); test(() => {});`,
};

/** The label stands for the file as a whole, under whatever name. */
function outcomeOf(
  lines: readonly { test?: { name: string; status: string }; finished?: string }[],
): Outcome {
  return {
    tests: lines.flatMap(({ test: one }) => (one ? [`${one.name}: ${one.status}`] : [])).sort(),
    finished: lines.some((line) => line.finished !== undefined),
  };
}

async function underNode(source: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "agentos-verdicts-"));
  try {
    for (const [path, content] of Object.entries({ "solution.js": SOLUTION, "a.test.js": source })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const args = [
      `--test-reporter=${join(nodeHarnessFolder(), "harness.mjs")}`,
      join(nodeHarnessFolder(), "harness.mjs"),
      "test",
      "nonce",
      "label",
      "a.test.js",
      "detect",
    ];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: {},
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    let text = "";
    (child.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
    });
    await new Promise((resolve) => child.on("close", resolve));
    const lines = text.split("\n").filter((line) => line.startsWith("nonce "));
    return outcomeOf(lines.map((line) => JSON.parse(line.slice("nonce ".length)) as { finished?: string }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const factory of [isolateDriver, quickjsDriver]) {
  await withDriver(factory, factory.name, ({ run }) => {
    describe(`verdicts in ${factory.name} equal Node's`, () => {
      test.each(Object.entries(FILES))("%s", async (_name, source) => {
        const planned = [{ path: "a.test.js", label: "label", style: "detect" as const }];
        const { report } = await run(
          { "solution.js": SOLUTION, "a.test.js": source },
          { tests: { nonce: "nonce", files: planned } },
        );
        const tests = (report?.tests ?? []).map((one) => ({ test: one }));
        const finished = (report?.finished ?? []).map((file) => ({ finished: file }));
        expect(outcomeOf([...tests, ...finished])).toEqual(await underNode(source));
      });
    });
  });
}
