// The candidate's half of a separated verdict: loads its modules when the judge asks and answers the judge's calls. One
// process serves one judge, and another one the next. Nothing here is trusted by the judge.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import { receive, send } from "./link.mjs";
import { EntryScope, Remote, SCOPE_HOOK } from "./remote.mjs";

/** Exit code that asks for a process for the next judge. */
const NEXT = 99;
const [, script, text, successor] = process.argv;
const half = JSON.parse(text);
process.argv.length = 1;
const leave = process.reallyExit.bind(process);
const { setImmediate, setTimeout, clearTimeout } = globalThis;
const root = process.cwd();
const fileOf = (path) => `${root}/${path}`;
const require = createRequire(fileOf(half.entry));
// ES modules may use `require` here, as in the harness.
globalThis.require = require;

if (/\.[mc]?[jt]s$/.test(half.entry) && existsSync(fileOf(half.entry))) {
  if (!readFileSync(fileOf(half.entry), "utf8").endsWith(SCOPE_HOOK))
    appendFileSync(fileOf(half.entry), SCOPE_HOOK);
}

const remote = new Remote({ side: "candidate", send, receive, isProxy: types.isProxy, onOther: other });

/** The judge leaves, or another one greets. The next judge is served by a process of its own. */
function other({ t }) {
  if (t !== "hello") {
    remote.answerRaw(true);
    if (receive() === undefined) leave(0);
  }
  // It greets once more.
  send('{"a":"again"}');
  if (successor) leave(NEXT);
  const words = [...process.execArgv, script, text, "successor"];
  const stdio = ["inherit", "inherit", "inherit", "ignore", "ignore", "ignore", 6];
  let status = NEXT;
  while (status === NEXT) status = spawnSync(process.execPath, words, { stdio }).status;
  leave(status ?? 1);
}

/** Loads a module. Its exports cross as an object, or as what a CommonJS file exports. */
async function load(path) {
  if (path.endsWith(".json")) return ["json", require(fileOf(path))];
  const namespace = await import(pathToFileURL(fileOf(path)).href);
  const cached = require.cache[realpathSync(fileOf(path))];
  const common = cached && !types.isModuleNamespaceObject(cached.exports);
  return common ? ["commonjs", cached.exports] : ["module", namespace];
}

const scope = new EntryScope(remote);

let wake;
let idle;
process.on("beforeExit", () => idle?.());
process.on("uncaughtException", (error) => {
  remote.addUncaught(error);
  wake?.();
});
remote.onSettled = () => wake?.();

/** Lets timers and promises run until there is something to tell, nothing is left to run, or the time is over. */
function turn(milliseconds) {
  return new Promise((resolve) => {
    let over = false;
    const finish = (alive) => {
      // What was to wake this turn may come during a later one.
      if (over) return;
      over = true;
      clearTimeout(timer);
      wake = undefined;
      idle = undefined;
      resolve(alive);
    };
    const timer = setTimeout(() => finish(true), milliseconds);
    timer.unref();
    let woken = false;
    wake = () => {
      if (!woken) setImmediate(() => setImmediate(() => finish(true)));
      woken = true;
    };
    idle = () => finish(false);
    setImmediate(() => {
      if (remote.hasNews) wake?.();
    });
  });
}

/** Work that may never end is over when nothing is left to run. */
function untilIdle(work) {
  return new Promise((resolve, reject) => {
    idle = () => reject(new Error("A top-level await of the module is never settled."));
    work.then(resolve, reject);
  }).finally(() => {
    idle = undefined;
  });
}

let greeted = false;
for (;;) {
  const frame = remote.serve();
  if (!frame) leave(0);
  try {
    if (frame.t === "hello" && !greeted) {
      greeted = true;
      remote.answerRaw("welcome");
    } else if (frame.t === "load") {
      const [kind, value] = await untilIdle(load(remote.read(frame.b)));
      remote.answerRaw([kind, remote.write(value)]);
    } else if (frame.t === "turn") remote.answerRaw(await turn(remote.read(frame.b)));
    else if (!scope.answer(frame)) other(frame);
  } catch (error) {
    remote.answerThrown(error);
  }
}
