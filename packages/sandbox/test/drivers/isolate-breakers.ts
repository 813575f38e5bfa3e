import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import type { RunStatus } from "@agentos/core";
import { findCgroups } from "../../src/drivers/namespace/cgroup.js";
import { childrenOfThis, limits, MEBIBYTE, type OpenedDriver, shown } from "./one-shot.js";

/** Programs that break an engine, by what they try; the numbers are the catalogue's. */
const BREAKERS: Readonly<Record<string, string>> = {
  "8 a catastrophic regex": "/^(a+)+$/.test('a'.repeat(50) + 'b')",
  "8 a regex that backtracks in memory":
    "/(x+x+)+y/.exec('x'.repeat(1e6)); /(?:a|b|ab)*c/.exec('ab'.repeat(1e6))",
  "9 microtasks without end": "const again = () => Promise.resolve().then(again); again()",
  "9 microtasks that multiply": "const split = async () => { split(); split(); await null }; split()",
  "10 arrays": "const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length + 0.5))",
  "10 one long string": "let text = 'x'; for (;;) text += text + 'y'",
  "10 strings that are flattened":
    "const kept = []; for (let i = 0; ; i++) kept.push(('x' + i).repeat(1e6).split('').reverse().join(''))",
  "10 maps and sets": "const map = new Map(); for (let i = 0; ; i++) map.set({ i }, new Set([i, [i]]))",
  "10 closures": "let last; for (;;) { const before = last; last = () => before }",
  "10 big integers": "let n = 2n; for (;;) n = n ** 2n + 1n",
  "10 symbols and properties": "const o = {}; for (let i = 0; ; i++) o[Symbol(i)] = o['key' + i] = i",
  "10 classes and code":
    "const kept = []; for (let i = 0; ; i++) kept.push(new Function('return class { m' + i + '() { return ' + i + ' } }')())",
  "13 recursion": "const f = () => f() + 1; f()",
  "13 recursion by getters and toJSON":
    "const o = { get a() { return this.a }, toJSON() { return JSON.stringify(this) } }; try { o.a } catch {} JSON.stringify(o)",
  "13 recursion by proxies":
    "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x; Object.keys(p)",
  "13 recursion that is caught for ever": "const f = () => { try { f() } finally { f() } }; f()",
  "14 a giant spread": "Math.max(...new Array(3e7).fill(1))",
  "14 a giant apply and concat":
    "const a = new Array(2 ** 25).fill(0); [].concat(...new Array(200).fill(a)); String.fromCharCode.apply(null, a)",
  "14 the longest arrays": "new Array(2 ** 32 - 2).fill(0); Array.from({ length: 2 ** 31 })",
  "15 JSON.parse amplification":
    "let text = '[]'; for (;;) { text = '[' + text + ',' + text + ']'; JSON.parse(text) }",
  "15 deep JSON": "JSON.parse('['.repeat(1e7)); JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))",
  "16 native buffers": "const kept = []; for (;;) kept.push(new Uint8Array(16 * 1024 * 1024).fill(1))",
  "16 native buffers that nothing touches":
    "const kept = []; for (;;) kept.push(new ArrayBuffer(64 * 1024 * 1024))",
  "16 shared buffers":
    "const kept = []; for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(16 * 1024 * 1024)).fill(1))",
  "16 buffers in WebAssembly":
    "const kept = []; for (;;) { const m = new WebAssembly.Memory({ initial: 1, maximum: 65536 }); m.grow(1000); new Uint8Array(m.buffer).fill(1); kept.push(m) }",
  "17 a parser overflow":
    "(0, eval)('['.repeat(5e6)); (0, eval)('a?'.repeat(1e6)); new Function('{'.repeat(1e6))",
  "17 a giant function": "new Function('return ' + '1+'.repeat(3e6) + '1')()",
  "17 a giant regex":
    "new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5)); new RegExp('(a{1,1000}){1,1000}{1,100}'.slice(0, 26))",
  "18 a large object across the bridge": "console.log('x'.repeat(3e8))",
  "18 a large exit code, name and error":
    "process.exitCode = { valueOf: () => 'x'.repeat(2e8) }; throw new Error('x'.repeat(2e8))",
  "70 constructors":
    "const F = console.log.constructor; F('return this')().constructor.constructor('return process')().kill?.(0)",
  "71 prepareStackTrace that throws":
    "Error.prepareStackTrace = () => { throw new Error('again') }; Object.defineProperty(Error, 'stackTraceLimit', { get() { throw 1 } }); null.x",
  "71 prepareStackTrace that recurses":
    "Error.prepareStackTrace = (e, frames) => new Error(String(frames)).stack; new Error('x').stack",
  "72 proxies everywhere":
    "const trap = new Proxy(function () {}, { get: () => trap, apply: () => trap, construct: () => trap, getPrototypeOf: () => trap }); throw trap",
  "73 Symbol.species":
    "class Own extends Array { static get [Symbol.species]() { return function (n) { return new Proxy([], { set() { throw new Own(1e6) } }) } } } Own.from({ length: 1e6 }).map((x) => x)",
  "74 prototypes":
    "for (const p of [Object, Array, Function, String, Promise, Map, Symbol, Error].map((c) => c.prototype)) for (const k of Object.getOwnPropertyNames(p)) { try { Object.defineProperty(p, k, { get() { throw 1 }, configurable: true }) } catch {} } Promise.reject(1)",
  "75 rejections without end": "for (let i = 0; i < 1e6; i++) Promise.reject(new Error('x' + i))",
  "76 AggregateErrors in each other":
    "let e = new Error('x'); for (let i = 0; i < 1e6; i++) e = new AggregateError([e, e], 'y', { cause: e }); throw e",
  "76 an error that is its own cause":
    "const e = new AggregateError([]); e.cause = e; e.errors.push(e, new Proxy(e, {})); throw e",
  "77 WebAssembly tags":
    "const t = new WebAssembly.Tag({ parameters: ['i32', 'externref'] }); for (let i = 0; i < 1e6; i++) { try { throw new WebAssembly.Exception(t, [i, t], { traceStack: true }) } catch (e) { e.getArg(t, 1) } } throw new WebAssembly.Exception(t, [1, {}])",
  "77 tables without end":
    "const kept = []; for (;;) kept.push(new WebAssembly.Table({ initial: 1e6, element: 'externref' }))",
  "78 imports of itself": "const go = () => import('./main.js?' + Math.random()).then(go, go); go(); go()",
  "79 references and finalizers":
    "const r = new FinalizationRegistry(() => { for (;;); }); for (;;) { const o = new Array(1e4); r.register(o, 1); new WeakRef(o) }",
  "80 resized buffers":
    "const b = new ArrayBuffer(1024, { maxByteLength: 2 ** 28 }); const v = new Uint8Array(b); for (let i = 0; i < 1e4; i++) { b.resize?.((i * 7919) % (2 ** 26)); v[i] = 1; v.fill(2) } process.stdout.write(v)",
  "80 buffers resized while they are sorted":
    "const b = new ArrayBuffer(8e5, { maxByteLength: 8e5 }); const v = new Float64Array(b); v.map((_, i) => -i); v.sort((x, y) => { b.resize?.(8); return y - x })",
  "a comparison that lies":
    "const a = Array.from({ length: 1e5 }, Math.random); for (;;) a.sort(() => { a.length = 0; a.push(...new Array(1e4)); return Math.random() - 0.5 })",
  "a wait on shared memory": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "generators and async iteration":
    "async function* g() { yield* g() } (async () => { for await (const x of g()); })(); function* h() { yield* h() } [...h()]",
  "structured clones": "let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; structuredClone(o)",
  "international formats":
    "for (let i = 0; ; i++) new Intl.DateTimeFormat('en-u-ca-' + i % 2 ? 'en' : 'de', { timeZone: 'UTC' }).formatToParts(i)",
};

/** How such a program may end. `internal`: the engine crashed, in a process of its own. */
const ENDS: readonly RunStatus[] = ["exited", "invalid", "memory", "wall-time", "output", "internal"];

/**
 * Runs breakers, four at a time, and looks after the host: it lives, it has not grown, an ordinary program still works, and
 * nothing is left. Returns how often each end was seen.
 */
export async function runBreakers(
  { run, driver }: OpenedDriver,
  count: number,
): Promise<ReadonlyMap<string, number>> {
  const programs = Object.entries(BREAKERS);
  const ends = new Map<string, number>();
  const before = process.memoryUsage().rss;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const [name = "", program = ""] = programs[next++ % programs.length] ?? [];
      const bounds = limits({ wallMs: 1500, memoryBytes: 64 * MEBIBYTE });
      const { result } = await run({ "main.js": program }, { limits: bounds });
      assert.ok(ENDS.includes(result.status), `${name}: ${shown(result)}`);
      ends.set(result.status, (ends.get(result.status) ?? 0) + 1);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  const control = await run({ "main.js": "console.log([1, 2, 3].map((x) => 2 * x).join())" });
  assert.equal(control.result.stdout, "2,4,6\n", shown(control.result));
  const grown = process.memoryUsage().rss - before;
  assert.ok(grown < 100 * MEBIBYTE, `the host grew by ${Math.round(grown / MEBIBYTE)} MiB`);
  await driver.close();
  await wait(500);
  assert.deepEqual(childrenOfThis(), []);
  const parent = findCgroups();
  const groups = parent ? [parent.memory, parent.pids].flatMap((folder) => readdirSync(folder)) : [];
  assert.deepEqual(
    groups.filter((name) => name.startsWith(`agentos.${process.pid}_`)),
    [],
  );
  return ends;
}
