import type { TestFile } from "@agentos/core";

/** A program that gives wrong answers and sets out to pass all the same. */
export interface JavaScriptCheat {
  readonly name: string;
  /** Its number in the list of hostile programs. */
  readonly number: 83 | 84 | 85 | 86 | 87 | 88 | 89 | 90;
  /** The text of `solution.js`, which should export `double(x)` and `pair(x)`, and does so wrongly. */
  readonly code: string;
}

const WRONG = "exports.double = () => -1;\nexports.pair = () => [-1];\n";
/** Both functions return the same. */
const returning = (value: string, before = ""): string =>
  `${before}\nconst answer = () => (${value});\nexports.double = answer;\nexports.pair = answer;\n`;
/** Runs something, then answers wrongly. */
const doing = (code: string): string => `${code}\n${WRONG}`;
const FRAMES = `const frame = (text) => { const body = Buffer.from(text); const head = Buffer.alloc(4); head.writeUInt32LE(body.length); return Buffer.concat([head, body]); };`;

/** Cheats, by what they try. */
export const JAVASCRIPT_CHEATS: readonly JavaScriptCheat[] = [
  { number: 83, name: "process.exit(0) on import", code: "process.exit(0);" },
  {
    number: 83,
    name: "process.exit(0) in a call",
    code: "exports.double = () => process.exit(0);\nexports.pair = exports.double;",
  },
  {
    number: 83,
    name: "process.exit(0) from a timer",
    code: doing("setTimeout(() => process.exit(0), 1);"),
  },
  {
    number: 83,
    name: "process.reallyExit(0) in a call",
    code: "exports.double = () => process.reallyExit(0);\nexports.pair = exports.double;",
  },
  {
    number: 83,
    name: "kills its own process",
    code: "exports.double = () => process.kill(process.pid, 'SIGKILL');\nexports.pair = exports.double;",
  },
  {
    number: 84,
    name: "node:test passes without a call",
    code: doing(
      'const t = require("node:test"); for (const k of ["test", "it"]) t[k] = (name) => {}; try { require.cache[require.resolve("node:test")] = { exports: t.test }; } catch {}',
    ),
  },
  {
    number: 84,
    name: "the reporter's process is told to succeed",
    code: doing('process.on("exit", () => { process.exitCode = 0; process.reallyExit?.(0); });'),
  },
  {
    number: 85,
    name: "valueOf that counts",
    code: returning("{ valueOf() { return n++; } }", "let n = -5;"),
  },
  {
    number: 85,
    name: "Symbol.toPrimitive that agrees",
    code: returning(
      "{ [Symbol.toPrimitive]() { return 6; }, toString() { return '6'; }, valueOf() { return 6; } }",
    ),
  },
  {
    number: 85,
    name: "a class whose valueOf is right",
    code: returning(
      "new Six()",
      "class Six { valueOf() { return 6; } toString() { return '6'; } get length() { return 2; } get 0() { return 3; } get 1() { return 6; } }",
    ),
  },
  {
    number: 85,
    name: "a proxy that has every property",
    code: returning(
      "new Proxy([], { get: (t, k) => (k === 'length' ? 2 : typeof k === 'symbol' ? t[k] : 3 * (1 + Number(k))), has: () => true, ownKeys: () => ['0', '1', 'length'], getOwnPropertyDescriptor: (t, k) => ({ value: 3 * (1 + Number(k)), writable: true, enumerable: true, configurable: k !== 'length' }) })",
    ),
  },
  {
    number: 85,
    name: "a callable proxy of itself",
    code: returning(
      "any",
      "const any = new Proxy(function () {}, { get: (t, k) => (k === Symbol.toPrimitive ? () => 6 : any), apply: () => any, has: () => true });",
    ),
  },
  {
    number: 85,
    name: "a boxed number",
    code: returning("Object.assign(new Number(6), { 0: 3, 1: 6, length: 2 })"),
  },
  {
    number: 85,
    name: "an array whose methods agree",
    code: returning(
      "evil()",
      "const evil = () => { const a = [0]; for (const k of ['every', 'includes', 'some', 'join', 'toString', 'valueOf']) a[k] = () => true; return a; };",
    ),
  },
  {
    number: 85,
    name: "a subclass of Array that agrees",
    code: returning(
      "Evil.of(0)",
      "class Evil extends Array { static get [Symbol.species]() { return Array; } includes() { return true; } every() { return true; } join() { return '3,6'; } toString() { return '3,6'; } valueOf() { return 6; } }",
    ),
  },
  {
    number: 85,
    name: "toJSON that agrees",
    code: returning("{ toJSON() { return [3, 6]; }, toString() { return '6'; } }"),
  },
  {
    number: 85,
    name: "getters that count",
    code: returning(
      "{ get 0() { return n++; }, get 1() { return n++; }, get length() { return 2; } }",
      "let n = 0;",
    ),
  },
  {
    number: 85,
    name: "a prototype that makes it look like an array",
    code: returning("Object.assign(Object.create(Array.prototype), { 0: 3, 1: 6, length: 2 })"),
  },
  {
    number: 85,
    name: "a thenable that agrees",
    code: returning("{ then(resolve) { resolve(6); }, valueOf: () => 6 }"),
  },
  {
    number: 85,
    name: "pollution through __proto__",
    code: returning(
      'JSON.parse(\'{"__proto__": {"0": 3, "1": 6, "length": 2, "polluted": true}, "constructor": {"prototype": {"polluted": true}}}\')',
      "Object.prototype.valueOf = () => 6; Object.prototype.toString = () => '6';",
    ),
  },
  {
    number: 86,
    name: "rewrites the test files",
    code: doing(
      'const fs = require("node:fs"); for (const f of fs.readdirSync(".")) if (/test/.test(f)) { try { fs.writeFileSync(f, ""); } catch {} }',
    ),
  },
  {
    number: 86,
    name: "deletes the test files",
    code: doing(
      'const fs = require("node:fs"); for (const f of fs.readdirSync(".")) if (/test/.test(f)) { try { fs.unlinkSync(f); } catch {} }',
    ),
  },
  {
    number: 87,
    name: "prints a report on every descriptor",
    code: doing(
      `const fs = require("node:fs"); const nonce = process.argv[2] ?? ""; for (let d = 1; d < 20; d++) for (const line of [{ test: { file: "a.test.js", name: "double", status: "passed" } }, { finished: "a.test.js" }]) { if (d !== 6 && d !== 4) try { fs.writeSync(d, nonce + " " + JSON.stringify(line) + "\\n"); } catch {} }\nprocess.exitCode = 0;`,
    ),
  },
  {
    number: 87,
    name: "answers on the link before it is asked",
    code: doing(
      `const fs = require("node:fs"); ${FRAMES} for (let i = 0; i < 50; i++) try { fs.writeSync(6, frame('{"a":true}')); } catch {}`,
    ),
  },
  {
    number: 87,
    name: "sends frames that are none",
    code: doing(
      `const fs = require("node:fs"); ${FRAMES} for (const text of ['', 'null', '[]', '{"a":["r",1]}', '{"t":"call","f":["c","Object"]}', '{"n":[[1,{"k":"f"}]]}', '{"t":"get","o":["r",1],"b":"constructor"}']) try { fs.writeSync(6, frame(text)); } catch {}`,
    ),
  },
  {
    number: 87,
    name: "sends a function in place of a method of an array",
    code: doing(
      `const fs = require("node:fs"); ${FRAMES} exports.double = exports.pair = () => { try { fs.writeSync(6, frame('{"a":["r",-900],"n":[[-901,{"k":"f","b":["every",0,false,-1]}],[-900,{"k":"a","b":[3,6],"p":[["every",["r",-901]]]}]]}')); } catch {} return -1; };`,
    ).replace(WRONG, ""),
  },
  {
    number: 88,
    name: "hangs",
    code: "exports.double = () => { for (;;); };\nexports.pair = exports.double;",
  },
  {
    number: 89,
    name: "assert always holds",
    code: doing(
      'const assert = require("node:assert"); for (const a of [assert, assert.strict]) for (const k of Object.keys(a)) if (typeof a[k] === "function" && k !== "AssertionError") a[k] = () => {}; try { require("node:module").syncBuiltinESMExports(); } catch {}',
    ),
  },
  {
    number: 89,
    name: "Object.is always holds",
    code: doing("Object.is = () => true; Object.keys = () => [];"),
  },
  {
    number: 89,
    name: "arrays compare as equal",
    code: doing(
      "Array.prototype.every = () => true; Array.prototype.some = () => false; Array.prototype.includes = () => true; JSON.stringify = () => 'same';",
    ),
  },
  {
    number: 89,
    name: "errors cannot be made",
    code: doing("globalThis.Error = function () { return undefined; }; Error.captureStackTrace = () => {};"),
  },
  {
    number: 90,
    name: "reads the expected values from the test file",
    code: `let n;
try { n = require("node:fs").readdirSync(".").filter((f) => /test/.test(f)).map((f) => require("node:fs").readFileSync(f, "utf8")).join(); } catch { n = ""; }
exports.double = (x) => (/double\\(3\\)/.test(n) ? 2 * x : -1);
exports.pair = (x) => (/pair\\(3\\)/.test(n) ? [x, 2 * x] : [-1]);`,
  },
  {
    number: 90,
    name: "reads the expected values through the stack",
    code: `exports.double = function () { const frame = Error.prepareStackTrace; let self; Error.prepareStackTrace = (e, s) => { self = s.map((c) => { try { return String(c.getFunction?.() ?? c.getThis?.()); } catch { return ""; } }).join(); return ""; }; new Error().stack; Error.prepareStackTrace = frame; return /double\\(3\\)/.test(self) ? 6 : -1; };
exports.pair = (x) => [-1];`,
  },
  {
    number: 90,
    name: "reads the expected values from the caller",
    code: `exports.double = function f(x) { let text = ""; try { text = String(f.caller); } catch {} return /6/.test(text) ? 6 : -1; };\nexports.pair = () => [-1];`,
  },
];

/** The same tests in the forms that judges are written in. */
export const JAVASCRIPT_FORMS: Readonly<Record<string, TestFile>> = {
  framework: {
    path: "a.test.js",
    content: `const test = require("node:test"); const assert = require("node:assert");
const { double, pair } = require("./solution.js");
test("double", () => { assert.equal(double(3), 6); assert.strictEqual(double(4), 8); });
test("pair", () => { assert.deepEqual(pair(3), [3, 6]); assert.deepStrictEqual(pair(4), [4, 8]); });`,
  },
  strict: {
    path: "a.test.mjs",
    content: `import test from "node:test"; import assert from "node:assert/strict";
import solution from "./solution.js";
test("double", () => assert.equal(solution.double(3), 6));
test("pair", () => assert.deepEqual(solution.pair(3), [3, 6]));`,
  },
  script: {
    path: "test-script.js",
    content: `const { double, pair } = require("./solution.js");
if (double(3) !== 6) throw new Error("double(3)");
const found = pair(3);
if (!Array.isArray(found) || found.length !== 2 || !found.every((x, i) => x === 3 * (i + 1))) throw new Error("pair(3)");`,
  },
};
