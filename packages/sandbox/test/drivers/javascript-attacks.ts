import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import type { RunStatus } from "@agentos/core";
import { describe, test } from "vitest";
import { childrenOfThis, limits, MEBIBYTE, type OpenedDriver, shown } from "./one-shot.js";

interface Attack {
  /** Its number in the catalogue, and what it tries. */
  readonly name: string;
  readonly program: string;
  /** How the run may end. */
  readonly statuses: readonly RunStatus[];
  /** What a harmless program of the same kind prints. */
  readonly control?: { readonly program: string; readonly prints: string };
  readonly wallMs?: number;
  /** Text that must be on stdout: the attack's own report that it got nothing. */
  readonly prints?: string;
}

const HOST_PROBE = `
function reach(value) {
  // Whatever belongs to the host shows as a process, a require or a global with them.
  const seen = [];
  for (const make of [() => value.constructor.constructor("return globalThis")(), () => value.constructor.constructor("return this")()]) {
    try {
      const found = make();
      const outer = found.process;
      if (outer && outer.binding) seen.push("binding");
      if (outer && outer.mainModule) seen.push("mainModule");
      if (outer && outer.env && Object.keys(outer.env).length > 0) seen.push("env");
      if (found.WebSocket || found.fetch) seen.push("fetch");
      if (found !== globalThis) seen.push("another global");
    } catch {}
  }
  return seen.length === 0 ? "nothing" : seen.join();
}`;

const ATTACKS: readonly Attack[] = [
  {
    name: "1 busy loop",
    program: "console.log('on'); for (;;) {}",
    statuses: ["wall-time"],
    wallMs: 700,
    prints: "on",
  },
  {
    name: "2 waits for ever",
    program: "setInterval(() => {}, 1000); console.log('on')",
    statuses: ["wall-time"],
    wallMs: 700,
    prints: "on",
    control: { program: "setTimeout(() => console.log('done'), 30)", prints: "done" },
  },
  {
    name: "8 catastrophic regex",
    program: "/^(a+)+$/.test('a'.repeat(40) + 'b')",
    statuses: ["wall-time"],
    wallMs: 700,
    control: { program: "console.log(/^(a+)+$/.test('aaa'))", prints: "true" },
  },
  {
    name: "9 microtask starvation",
    program:
      "const again = () => Promise.resolve().then(again); again(); setTimeout(() => console.log('never'), 0)",
    statuses: ["wall-time", "memory"],
    wallMs: 700,
    control: { program: "Promise.resolve().then(() => console.log('once'))", prints: "once" },
  },
  {
    name: "10 touched allocation",
    program: "const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length + 0.5))",
    statuses: ["memory"],
    control: { program: "console.log(new Array(1e5).fill(1).length)", prints: "100000" },
  },
  {
    name: "13 infinite recursion",
    program: "const f = () => f() + 1; try { f() } catch (error) { console.log('caught') }",
    statuses: ["exited"],
    prints: "caught",
    control: { program: "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); console.log(f(3000))", prints: "3000" },
  },
  {
    name: "14 giant spread",
    program: "Math.max(...new Array(3e7).fill(1))",
    statuses: ["exited", "memory"],
    control: { program: "console.log(Math.max(...new Array(1000).fill(7)))", prints: "7" },
  },
  {
    name: "15 JSON.parse amplification",
    program: "let text = '[]'; for (;;) { text = '[' + text + ',' + text + ']'; JSON.parse(text) }",
    statuses: ["memory", "exited", "wall-time"],
    wallMs: 5000,
    control: { program: "console.log(JSON.parse('[1,[2]]')[1][0])", prints: "2" },
  },
  {
    name: "16 native buffers",
    program: "const kept = []; for (;;) kept.push(new Uint8Array(16 * 1024 * 1024).fill(1))",
    statuses: ["memory"],
    control: { program: "console.log(new Uint8Array(1024 * 1024).fill(3)[9])", prints: "3" },
  },
  {
    name: "17 parser overflow by a giant eval",
    program: "try { (0, eval)('['.repeat(2e6)) } catch (error) { console.log('caught') }",
    statuses: ["exited", "memory"],
    control: { program: "console.log((0, eval)('1 + 1'))", prints: "2" },
  },
  {
    name: "18 a large object across the bridge",
    program: "console.log('x'.repeat(3 * 1024 * 1024)); const { test } = require('node:test');",
    statuses: ["output"],
    control: { program: "console.log('x'.repeat(1000).length)", prints: "1000" },
  },
  { name: "31 endless stdout", program: "for (;;) console.log('y'.repeat(999))", statuses: ["output"] },
  { name: "32 stderr flood", program: "for (;;) console.error('y'.repeat(999))", statuses: ["output"] },
  {
    name: "33 a lone surrogate",
    program: "process.stdout.write('a\\ud800b')",
    statuses: ["exited"],
    prints: "a\ufffdb",
    control: { program: "process.stdout.write('\\u{1F600}')", prints: "\u{1F600}" },
  },
  { name: "34 NUL bytes", program: "process.stdout.write('a\\0b')", statuses: ["exited"], prints: "a\0b" },
  {
    name: "70 constructor.constructor",
    program: `${HOST_PROBE}\nfor (const value of [console.log, process.exit, setTimeout, require, process, require("node:test"), setTimeout(() => {}, 1)]) console.log(reach(value))`,
    statuses: ["exited"],
    prints: `${"nothing\n".repeat(7)}`,
  },
  {
    name: "71 prepareStackTrace and CallSite",
    program: `${HOST_PROBE}
const found = [];
Error.prepareStackTrace = (error, frames) => { for (const frame of Array.isArray(frames) ? frames : []) found.push(frame.getThis?.(), frame.getFunction?.()); return "" };
try { require("no-such-module") } catch (error) { void error.stack }
void new Error("x").stack;
console.log(found.filter((value) => value !== undefined && value !== globalThis).map(reach).filter((text) => text !== "nothing").join() || "nothing")`,
    statuses: ["exited"],
    prints: "nothing",
  },
  {
    name: "72 proxy traps",
    program: `${HOST_PROBE}
const caught = [];
const trap = new Proxy(function () {}, { get: (target, key, receiver) => { caught.push(receiver); return key === Symbol.toPrimitive ? () => "x" : trap }, apply: (target, self, args) => { caught.push(self, ...args); return "x" }, has: () => true, getPrototypeOf: (target) => { caught.push(target); return null } });
try { require("node:util").inspect(trap) } catch {}
try { require(trap) } catch {}
try { process.exitCode = trap } catch {}
try { setTimeout(trap, trap) } catch {}
process.exitCode = 0;
console.log((caught.map((value) => { try { return reach(value) } catch { return "nothing" } }).filter((text) => text !== "nothing").join() || "nothing"))`,
    statuses: ["exited"],
    prints: "nothing",
  },
  {
    name: "73 Symbol.species that returns itself",
    program:
      "class Own extends Array { static get [Symbol.species]() { return Own } } const list = Own.from([1, 2, 3]); console.log(list.map((x) => x + 1).length, list.constructor === Own)",
    statuses: ["exited"],
    prints: "3 true",
  },
  {
    name: "74 polluted prototypes",
    program:
      "for (const proto of [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype]) for (const key of ['then', 'type', 'status', 'exitCode', 'toJSON', 'length0', 'map', 'push', 'call', 'apply']) { try { Object.defineProperty(proto, key, { value: () => 0, writable: true, configurable: true }) } catch {} }",
    statuses: ["exited"],
  },
  {
    name: "75 an unhandled rejection",
    program: "console.log('on'); Promise.reject(new Error('nobody listens'))",
    statuses: ["exited"],
    prints: "on",
    control: { program: "Promise.reject(new Error('x')).catch(() => console.log('heard'))", prints: "heard" },
  },
  {
    name: "76 AggregateError smuggling",
    program: `${HOST_PROBE}\ntry { require("no-such") } catch (error) { const all = new AggregateError([error]); console.log(all.errors.map(reach).join()) }`,
    statuses: ["exited"],
    prints: "nothing",
  },
  {
    name: "77 WebAssembly",
    program:
      "if (typeof WebAssembly === 'undefined') console.log('nothing'); else { const m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); new WebAssembly.Instance(m); console.log('nothing') }",
    statuses: ["exited"],
    prints: "nothing",
  },
  {
    name: "78 dynamic import",
    program:
      "Promise.allSettled(['node:fs/promises', 'fs/promises', 'node:child_process', 'data:text/javascript,export default 1', 'file:///etc/passwd', '../../../etc/passwd'].map((name) => { try { return import(name) } catch (error) { return Promise.reject(error) } })).then((all) => console.log(all.map((one) => one.status).join()))",
    statuses: ["exited"],
    prints: "rejected,rejected,rejected,rejected,rejected,rejected",
  },
  {
    name: "79 references kept past their use",
    program: `${HOST_PROBE}\nconst kept = Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name]).filter(Boolean); setTimeout(() => console.log(kept.map(reach).filter((text) => text !== "nothing").join() || "nothing"), 20)`,
    statuses: ["exited"],
    prints: "nothing",
  },
  {
    name: "80 resized buffers",
    program:
      "const buffer = new ArrayBuffer(8, { maxByteLength: 64 }); const view = new Uint8Array(buffer); if (buffer.resize) buffer.resize(0); console.log(String(view[0])); process.stdout.write(view);",
    statuses: ["exited"],
  },
];

/** Attacks on a JavaScript driver, each with its control and with a file and a port of the host as sentinels. */
export function javascriptAttacks({ run, driver }: OpenedDriver): void {
  describe("hostile programs", () => {
    for (const attack of ATTACKS) {
      test(attack.name, async () => {
        const before = process.memoryUsage().rss;
        const bounds = limits({ wallMs: attack.wallMs ?? 20_000, memoryBytes: 96 * MEBIBYTE });
        const { result } = await run({ "main.js": attack.program }, { limits: bounds });
        assert.ok(attack.statuses.includes(result.status), shown(result));
        if (attack.prints !== undefined)
          assert.equal(result.stdout.trimEnd(), attack.prints.trimEnd(), shown(result));
        if (attack.control) {
          const control = (await run({ "main.js": attack.control.program })).result;
          assert.equal(control.stdout.trimEnd(), attack.control.prints, shown(control));
          assert.equal(control.status, "exited");
        }
        assert.ok(process.memoryUsage().rss - before < 60 * MEBIBYTE, "the host grew");
      });
    }

    test("sentinels: no file, port or secret of the host is reached", async () => {
      const folder = mkdtempSync(join(tmpdir(), "sentinel-"));
      const file = join(folder, "secret.txt");
      writeFileSync(file, "planted-secret");
      let connections = 0;
      const server = createServer(() => connections++);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      process.env["AGENTOS_PLANTED"] = "planted-secret";
      try {
        const address = server.address();
        const port = typeof address === "object" ? address?.port : 0;
        const attempts = [
          `require("node:fs").readFileSync(${JSON.stringify(file)}, "utf8")`,
          `require("node:fs").writeFileSync(${JSON.stringify(file)}, "changed")`,
          `require("node:fs").readFileSync("/proc/self/environ", "utf8")`,
          `require("node:net").connect(${port}, "127.0.0.1")`,
          `require("node:http").get("http://127.0.0.1:${port}/")`,
          `require("node:child_process").execSync("cat ${file}").toString()`,
          `process.binding("fs")`,
          `process.env.AGENTOS_PLANTED.length && JSON.stringify(process.env)`,
          `fetch("http://127.0.0.1:${port}/")`,
          `new WebSocket("ws://127.0.0.1:${port}/")`,
        ];
        const program = attempts.map(
          (code) => `try { console.log(String(${code})) } catch { console.log("refused") }`,
        );
        const { result } = await run({ "main.js": program.join("\n") });
        assert.equal(result.stdout, "refused\n".repeat(attempts.length), shown(result));
        await wait(100);
        assert.equal(connections, 0);
        assert.equal(readFileSync(file, "utf8"), "planted-secret");
      } finally {
        delete process.env["AGENTOS_PLANTED"];
        await new Promise((resolve) => server.close(resolve));
        rmSync(folder, { recursive: true });
      }
    });

    const judge = async (solution: string, testText: string): Promise<string> => {
      const { report } = await run(
        { "solution.js": solution, "solution.test.js": testText },
        { tests: { nonce: "n", files: [{ path: "solution.test.js", label: "t", style: "detect" }] } },
      );
      return report?.finished.length === 1 &&
        report.tests.length > 0 &&
        report.tests.every((one) => one.status === "passed")
        ? "passed"
        : "failed";
    };
    const TEST = `import test from "node:test"; import assert from "node:assert/strict"; import { double } from "./solution.js"; test("doubles", () => assert.equal(double(3), 6));`;

    test.each([
      ["83 exits 0 before the tests", "process.exit(0); export const double = (x) => x;"],
      ["83 exits 0 in the test", "export const double = () => process.exit(0);"],
      ["88 hangs on a promise", "await new Promise(() => {}); export const double = (x) => x;"],
      [
        "89 replaces the clock and the timers",
        "Date.now = () => 0; globalThis.setTimeout = () => 0; Math.random = () => 0; export const double = (x) => x;",
      ],
      [
        "84 replaces JSON.stringify and array methods",
        "JSON.stringify = () => '{}'; Array.prototype.push = () => 0; export const double = (x) => x;",
      ],
      [
        "85 returns what is equal to everything",
        "export const double = () => ({ valueOf: () => 6, toString: () => '6', [Symbol.toPrimitive]: () => 6 });",
      ],
      [
        "87 prints a forged report",
        `console.log('{"type":"test","test":{"file":"t","name":"doubles","status":"passed"}}'); console.log('{"type":"finished","file":"t"}'); export const double = (x) => x;`,
      ],
      [
        "throws nothing but rejects later",
        "Promise.reject(new Error('late')); export const double = (x) => x;",
      ],
    ])("%s does not pass", async (_name, solution) => {
      assert.equal(await judge(solution, TEST), "failed");
      assert.equal(await judge("export const double = (x) => 2 * x;", TEST), "passed");
    });

    test("82 nothing of one run or file is seen by the next", async () => {
      const leave = "globalThis.left = 1; Object.prototype.left = 2; require('node:assert').left = 3;";
      const look =
        "console.log(typeof globalThis.left, typeof ({}).left, typeof require('node:assert').left)";
      await run({ "main.js": leave });
      assert.equal((await run({ "main.js": look })).result.stdout, "undefined undefined undefined\n");
      const files = { "a.js": `${leave} require("node:assert").ok(true)`, "b.js": look };
      const planned = ["a.js", "b.js"].map((path) => ({ path, label: path, style: "script" as const }));
      const { result } = await run(files, { tests: { nonce: "n", files: planned } });
      assert.equal(result.stdout, "undefined undefined undefined\n");
    });

    test("runs leave no process but the spare, and closing leaves none", async () => {
      for (let round = 0; round < 50; round++) {
        const { result } = await run({ "main.js": "console.log(1)" });
        assert.equal(result.stdout, "1\n", shown(result));
      }
      const own = childrenOfThis().filter((command) => command.includes(`children/${driver.name}`));
      assert.ok(own.length <= 1, own.join("\n"));
      await driver.close();
      assert.deepEqual(
        childrenOfThis().filter((command) => command.includes(`children/${driver.name}`)),
        [],
      );
      await assert.rejects(run({ "main.js": "1" }), { code: "CLOSED" });
    }, 120_000);
  });
}
