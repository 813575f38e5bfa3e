import { createBuiltins } from "./builtins.js";
import { CommonJs } from "./common-js.js";
import { createConsole } from "./console.js";
import { createFileSystem } from "./file-system.js";
import { defineGlobals } from "./globals.js";
import { Halves } from "./halves.js";
import type { RealmControls, RealmHost, RealmSettings } from "./host.js";
import { describeThrown } from "./inspect.js";
import { createProcess } from "./process.js";
import { TestRunner } from "./test-runner.js";
import { Timers } from "./timers.js";

/**
 * Turns a bare JavaScript context into one that programs and tests written for Node run in: modules, `node:test`,
 * `node:assert`, `console`, timers, `process`. Runs inside the context, before any code of the program.
 */
export function createRealm(host: RealmHost, settings: RealmSettings): RealmControls {
  const timers = new Timers(() => host.now());
  const functions = timers.functions();
  const process = createProcess(host, settings);
  const console = createConsole(host);
  const setTimeout = functions["setTimeout"] as (run: () => void, ms: number) => unknown;
  const clearTimeout = functions["clearTimeout"] as (handle: unknown) => void;
  const runner = new TestRunner(host, (run, ms) => {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  });
  const performance = { now: () => host.now(), timeOrigin: Date.now() - host.now(), mark() {}, measure() {} };
  const builtins = createBuiltins({
    test: runner.exports(),
    process: process.object,
    console,
    timers: functions,
    timersPromises: timers.promises(),
    performance,
    fileSystem: createFileSystem(host),
  });
  const commonJs: CommonJs = new CommonJs(
    host,
    (name) => builtins.get(name),
    (module) => halves.judge?.valueOf(module),
  );
  const halves = new Halves({
    host,
    valueOf: (path) => commonJs.valueOf(path),
    throwLater: (error) => {
      setTimeout(() => {
        throw error;
      }, 0);
    },
  });
  defineGlobals({ ...functions, console, performance, process: process.object, global: globalThis });
  const requireEntry = commonJs.requireFor(settings.entry);
  // ES modules may use `require`, too: tests and candidates are often written for different module systems.
  defineGlobals({ require: requireEntry });
  let loaded = false;
  const moduleValue = (id: string, namespace?: unknown): unknown => {
    if (id === settings.taken) return halves.take(namespace);
    if (id !== settings.loaded) return commonJs.valueOf(id);
    loaded = true;
    return undefined;
  };
  Object.defineProperty(globalThis, settings.valueFunction, { value: moduleValue });

  let failed = false;
  const uncaught = (text: string): void => {
    if (halves.uncaught(text)) return;
    if (runner.uncaught(text)) return;
    failed = true;
    // As in Node, nothing runs after an error that nobody caught.
    host.fail(text);
  };
  const guarded = <Value>(run: () => Value, otherwise: Value): Value => {
    try {
      return run();
    } catch (error) {
      if (!process.emit("uncaughtException", error)) uncaught(describeThrown(error));
      return otherwise;
    }
  };
  return {
    define: (path, wrapper) => commonJs.define(path, wrapper),
    requireEntry: (path) => {
      try {
        commonJs.valueOf(path);
        loaded = true;
        return "";
      } catch (error) {
        return describeThrown(error);
      }
    },
    valueOf: moduleValue,
    exportNames: (id) => JSON.stringify(Object.keys(Object(commonJs.valueOf(id)))),
    turn: () => {
      const wait = guarded(() => timers.turn(), 0);
      const { judge } = halves;
      if (!judge?.wantsTurn) return wait;
      guarded(() => judge.turn(wait < 0 ? undefined : wait), undefined);
      return 0;
    },
    begin: (label, style, active) => runner.begin(label, style, active),
    uncaught,
    settle: () => {
      guarded(() => process.emit("beforeExit", process.exitCode()), false);
      runner.settle();
    },
    conclude: () => {
      guarded(() => process.emit("exit", process.exitCode()), false);
      if (!runner.conclude(loaded, process.exitCode())) failed = true;
    },
    describe: describeThrown,
    // 13 is Node's code for a top-level await that is never settled.
    startJudge: () => halves.startJudge(),
    prepareJudge: (given) => halves.prepareJudge(given),
    standIn: (module) => halves.standIn(module),
    leave: () => halves.leave(),
    startCandidate: () => halves.startCandidate(),
    serve: () => halves.serve(),
    hasTaken: () => halves.hasTaken(),
    hasNews: () => halves.hasNews(),
    answerLoaded: (path, kind, problem) => halves.answerLoaded(path, kind, problem),
    answerTurn: (alive) => halves.answerTurn(alive),
    exitCode: () => process.exitCode() || (!loaded ? 13 : failed ? 1 : 0),
  };
}
