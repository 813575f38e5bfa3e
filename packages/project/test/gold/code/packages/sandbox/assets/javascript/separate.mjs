// The candidate's half of a separated verdict: loads its modules when the judge asks and answers the judge's calls. One
// process serves one judge, and another one the next. Nothing here is trusted by the judge.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import { EntryScope, SCOPE_HOOK } from "../../src/javascript/remote/candidate.ts";
import { Remote } from "../../src/javascript/remote/remote.ts";
import { receive, send } from "./link.mjs";

export { warmUp } from "../../src/javascript/remote/warm-up.ts";

/** Exit code that asks for a process for the next judge. */
const NEXT = 99;
const leave = process.reallyExit.bind(process);
const { setImmediate, setTimeout, clearTimeout } = globalThis;

/** Serves one judge. `text`: the half as JSON; `successor`: whether another process served one before. */
export async function serve(text, successor) {
  const half = JSON.parse(text);
  process.argv.length = 1;
  const root = process.cwd();
  const fileOf = (path) => `${root}/${path}`;
  // ES modules may use `require` here, as in the harness.
  globalThis.require = createRequire(fileOf(half.entry));
  hookEntry(fileOf(half.entry));
  const remote = new Remote({
    side: "candidate",
    send,
    receive,
    isProxy: types.isProxy,
    onOther: ({ t }) => other(remote, t, text, successor),
  });
  const scope = new EntryScope(remote);
  const loop = new EventLoop(remote);
  const load = loader(fileOf, globalThis.require);

  let greeted = false;
  for (;;) {
    const frame = remote.serve();
    if (!frame) leave(0);
    try {
      if (frame.t === "hello" && !greeted) {
        greeted = true;
        remote.answerRaw("welcome");
      } else if (frame.t === "load") {
        const [kind, value] = await loop.untilIdle(load(remote.read(frame.b)));
        remote.answerRaw([kind, remote.write(value)]);
      } else if (frame.t === "turn") remote.answerRaw(await loop.turn(remote.read(frame.b)));
      else if (!scope.answer(frame)) other(remote, frame.t, text, successor);
    } catch (error) {
      remote.answerThrown(error);
    }
  }
}

/** Lets the entry hand out its scope. */
function hookEntry(file) {
  if (!/\.[mc]?[jt]s$/.test(file) || !existsSync(file)) return;
  if (!readFileSync(file, "utf8").endsWith(SCOPE_HOOK)) appendFileSync(file, SCOPE_HOOK);
}

/** The judge leaves, or another one greets. The next judge is served by a process of its own. */
function other(remote, request, text, successor) {
  if (request !== "hello") {
    remote.answerRaw(true);
    if (receive() === undefined) leave(0);
  }
  // It greets once more.
  send('{"a":"again"}');
  if (successor) leave(NEXT);
  const words = [...process.execArgv, "/harness/harness.mjs", "half", text, "successor"];
  const stdio = ["inherit", "inherit", "inherit", "ignore", "ignore", "ignore", 6];
  let status = NEXT;
  while (status === NEXT) status = spawnSync(process.execPath, words, { stdio }).status;
  leave(status ?? 1);
}

/** Loads a module. Its exports cross as an object, or as what a CommonJS file exports. */
function loader(fileOf, require) {
  return async (path) => {
    if (path.endsWith(".json")) return ["json", require(fileOf(path))];
    const namespace = await import(pathToFileURL(fileOf(path)).href);
    const cached = require.cache[realpathSync(fileOf(path))];
    const common = cached && !types.isModuleNamespaceObject(cached.exports);
    return common ? ["commonjs", cached.exports] : ["module", namespace];
  };
}

/** This process's event loop, which runs only while the judge waits for it. */
class EventLoop {
  #remote;
  #wake;
  #idle;

  constructor(remote) {
    this.#remote = remote;
    process.on("beforeExit", () => this.#idle?.());
    process.on("uncaughtException", (error) => {
      remote.addUncaught(error);
      this.#wake?.();
    });
    remote.onSettled = () => this.#wake?.();
  }

  /** Lets timers and promises run until there is something to tell, nothing is left to run, or the time is over. */
  turn(milliseconds) {
    return new Promise((resolve) => {
      let over = false;
      const finish = (alive) => {
        // What was to wake this turn may come during a later one.
        if (over) return;
        over = true;
        clearTimeout(timer);
        this.#wake = undefined;
        this.#idle = undefined;
        resolve(alive);
      };
      const timer = setTimeout(() => finish(true), milliseconds);
      timer.unref();
      let woken = false;
      this.#wake = () => {
        if (!woken) setImmediate(() => setImmediate(() => finish(true)));
        woken = true;
      };
      this.#idle = () => finish(false);
      setImmediate(() => {
        if (this.#remote.hasNews) this.#wake?.();
      });
    });
  }

  /** Work that may never end is over when nothing is left to run. */
  untilIdle(work) {
    return new Promise((resolve, reject) => {
      this.#idle = () => reject(new Error("A top-level await of the module is never settled."));
      work.then(resolve, reject);
    }).finally(() => {
      this.#idle = undefined;
    });
  }
}
