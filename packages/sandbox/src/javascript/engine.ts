import type { RealmControls } from "./realm/host.js";

/** A control of the realm that takes and returns plain values only. */
export type PlainControl = Exclude<keyof RealmControls, "define" | "valueOf" | "describe">;

/** What happened while the engine ran code of the program. Errors are text. */
export type Evaluation =
  | { readonly ok: true }
  /** `syntax`: it does not parse or link, so that nothing of it ran. */
  | { readonly ok: false; readonly syntax: boolean; readonly text: string };

/**
 * One context of a JavaScript engine with a realm in it. Whatever the program throws comes back as text; what the engine
 * itself cannot go on after (memory, time) is thrown as an {@link EngineStop}.
 */
export interface JavaScriptContext {
  /** Compiles a file as CommonJS and hands the wrapper to the realm. Returns "" or why it does not parse. */
  compileCommonJs(path: string, source: string): string;
  /** Compiles a file as an ES module. Returns "" or why it does not parse. */
  compileModule(path: string, source: string): string;
  /** Evaluates an ES module that starts the run. A top-level await may leave it unfinished. */
  evaluateModule(path: string, source: string): Evaluation;
  /** Calls the realm. `undefined`: the call itself was lost to an error, which is among the uncaught ones. */
  call<Name extends PlainControl>(
    name: Name,
    ...args: Parameters<RealmControls[Name]>
  ): ReturnType<RealmControls[Name]> | undefined;
  /** Runs what was promised, and hands over the errors that nobody caught since the last time. */
  drain(): readonly string[];
}

/** The engine ended the program. */
export class EngineStop extends Error {
  readonly status: "memory" | "wall-time";

  constructor(status: "memory" | "wall-time") {
    super(status);
    this.status = status;
  }
}

/** What a context asks of the program that it runs. The same as the realm asks of its host, without the engine's part. */
export interface ContextHost {
  write(descriptor: 1 | 2, text: string): void;
  report(json: string): void;
  readInput(): string;
  exit(code: number): void;
  fail(text: string): void;
  send(text: string): void;
  receive(): string;
  now(): number;
  resolve(specifier: string, referrer: string): string;
  formatOf(path: string): string;
  textOf(path: string): string;
  /** The text of the ES module that a resolved id stands for. Throws a `SyntaxError` when it has none. */
  moduleText(id: string): string;
}

/** Makes contexts. */
export interface JavaScriptEngine {
  createContext(host: ContextHost, settings: string): JavaScriptContext;
}
