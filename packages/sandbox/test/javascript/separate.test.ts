import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { isolateDriver } from "../../src/drivers/isolate.js";
import { namespaceDriver } from "../../src/drivers/namespace.js";
import { quickjsDriver } from "../../src/drivers/quickjs.js";
import { Sandbox } from "../../src/index.js";
import { candidate, task } from "../helpers.js";

const SOLUTION = `
export function add(a, b) { return a + b; }
export class Box {
  static made = 0;
  static of(v) { return new Box(v); }
  #v;
  constructor(v) { this.#v = v; this.tag = "t"; Box.made++; }
  get value() { return this.#v; }
  set value(x) { this.#v = x; }
  twice() { return this.#v * 2; }
}
export function sort(a, f) { a.sort(f); return a; }
export async function later(x) { await new Promise((r) => setTimeout(r, 20)); if (x < 0) throw new RangeError("neg"); return { x }; }
export function* count3() { yield 1; yield 2; yield 3; }
export function debounce(f, ms) { let t; return function (...a) { clearTimeout(t); t = setTimeout(() => f.apply(this, a), ms); }; }
export let count = 0;
export function increment() { count++; }
export class NotFound extends Error { constructor(m) { super(m); this.name = "NotFound"; this.extra = 1; } }
export function boom() { throw new NotFound("boom"); }
export function makeStack() { return { items: [], push(x) { this.items.push(x); return this; }, get size() { return this.items.length; } }; }
export function counter(options) { return () => options.now() + options.start; }
export function crash() { setTimeout(() => { throw new Error("late"); }, 1); }
export default (x) => x;
`;

const TESTS = `
import test from "node:test";
import assert from "node:assert/strict";
import loose from "node:assert";
import same, * as all from "./solution.js";
import { add, Box, sort, later, count3, debounce, count, increment, NotFound, boom, makeStack, counter } from "./solution.js";
test("functions", () => { assert.equal(add(1, 2), 3); assert.equal(all.add(1, 2), 3); assert.equal(typeof add, "function"); assert.equal(add.length, 2); assert.equal(same("x"), "x"); });
test("classes", () => {
  const box = new Box(4);
  assert.equal(box.value, 4);
  box.value = 5;
  assert.equal(box.twice(), 10);
  assert.ok(box instanceof Box && Box.of(1) instanceof Box);
  assert.deepEqual(Object.keys(box), ["tag"]);
  assert.equal(box.tag, "t");
  assert.equal(Box.made, 2);
});
test("a subclass in the tests", () => { class Half extends Box { half() { return this.value / 2; } } assert.equal(new Half(6).half(), 3); });
test("an instance is no data", () => { assert.notDeepEqual(new Box(1), { tag: "t" }); assert.throws(() => loose.equal(new Box(1), 1)); });
test("arguments are changed in place", () => { const a = [3, 1, 2]; assert.equal(sort(a, (x, y) => x - y), a); assert.deepEqual(a, [1, 2, 3]); });
test("promises", async () => { assert.deepEqual(await later(3), { x: 3 }); await assert.rejects(later(-1), RangeError); });
test("generators", () => assert.deepEqual([...count3()], [1, 2, 3]));
test("timers and this", async () => { let n = 0; const o = { k: 7, d: debounce(function () { n += this.k; }, 10) }; o.d(); o.d(); await new Promise((r) => setTimeout(r, 80)); assert.equal(n, 7); });
test("live bindings", () => { assert.equal(count, 0); increment(); assert.equal(count, 1); });
test("errors", () => { assert.throws(boom, NotFound); assert.throws(boom, /boom/); assert.throws(boom, { name: "NotFound", extra: 1 }); assert.throws(boom, Error); });
test("objects with methods", () => { const s = makeStack(); assert.equal(s.push(1).push(2), s); assert.equal(s.size, 2); assert.deepEqual(s.items, [1, 2]); });
test("options that are kept", () => { const options = { now: () => 1, start: 1 }; const next = counter(options); options.start = 5; assert.equal(next(), 6); });
test("fails with the frame of the candidate", () => boom());
`;

for (const [name, factory] of [
  ["bubblewrap", namespaceDriver],
  ["isolated-vm", isolateDriver],
  ["quickjs", quickjsDriver],
] as const) {
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-separate-"));
  const found = await factory.probe({ cacheDir });
  const works = requirement(name, found.available, found.available ? "" : found.reason);
  describe.skipIf(!works)(`separate verdicts in JavaScript on ${factory.name}`, async () => {
    if (!works) return;
    const sandbox = await Sandbox.open({ cacheDir, drivers: [factory] });
    afterAll(async () => {
      await sandbox.close();
      rmSync(cacheDir, { recursive: true, force: true });
    });
    const judge = (content: string, solution = SOLUTION, mode?: "append") =>
      sandbox.verify(
        task("javascript", [{ path: mode ? "tests.js" : "a.test.js", content, ...(mode && { mode }) }]),
        candidate("solution.js", solution),
        { limits: { wallMs: 8000 } },
      );

    test("what tests do with a module", async () => {
      const { tests, integrity } = await judge(TESTS);
      expect(integrity).toBe("separate");
      const failed = tests.filter(({ status }) => status !== "passed");
      expect(
        failed.map((item) => item.name),
        JSON.stringify(failed),
      ).toEqual(["fails with the frame of the candidate"]);
      expect(failed[0]?.message).toMatch(/NotFound: boom[\s\S]*boom \(solution\.js:\d+/);
    });

    test("several files each have modules of their own", async () => {
      const content = `const test = require("node:test"); const assert = require("node:assert"); const s = require("./solution.js");\ntest("fresh", () => { assert.equal(s.count, 0); s.increment(); });\n`;
      const files = ["a.test.js", "b.test.js", "c.test.js"].map((path) => ({ path, content }));
      const verdict = await sandbox.verify(task("javascript", files), candidate("solution.js", SOLUTION));
      expect(verdict.tests.map((item) => item.status)).toEqual(["passed", "passed", "passed"]);
      expect(verdict.integrity).toBe("separate");
    });

    test("a script reads and sets the names of the entry", async () => {
      const script = `const assert = require("node:assert");\nassert.equal(twice(2), 4);\nstate = 5;\nassert.equal(read(), 5);\n`;
      const { passed, integrity, reason } = await judge(
        script,
        "let state = 1;\nfunction twice(x) { return 2 * x; }\nconst read = () => state;\n",
        "append",
      );
      expect([passed, integrity, reason]).toEqual([true, "separate", "The test passed."]);
    });

    test("an error that the candidate's timer throws fails a test", async () => {
      const content = `import test from "node:test"; import { crash } from "./solution.js";\ntest("late", async () => { crash(); await new Promise((r) => setTimeout(r, 60)); });\n`;
      expect((await judge(content)).passed).toBe(false);
    });

    test("a module that does not load fails with its own error", async () => {
      const content = `import { add } from "./solution.js";\nif (add(1, 1) !== 2) throw new Error();\n`;
      const thrown = await judge(content, `throw new RangeError("at once");\nexport const add = 1;\n`);
      expect(thrown.reason).toContain("RangeError: at once");
      const broken = await judge(content, "export const add = ;\n");
      expect(broken.reason).toContain("SyntaxError");
    });

    test("tests that need the candidate in their own process are judged there, and it says so", async () => {
      const clock = `const assert = require("node:assert"); const s = require("./solution.js");\nconst now = Date.now; Date.now = () => 5; assert.equal(s.now(), 5); Date.now = now;\n`;
      const verdict = await judge(clock, "exports.now = () => Date.now();\n");
      expect([verdict.passed, verdict.integrity]).toEqual([true, "shared"]);
    });
  });
}
