import type * as IsolatedVm from "isolated-vm";
import {
  type ContextHost,
  EngineStop,
  type Evaluation,
  type JavaScriptContext,
  type JavaScriptEngine,
  type PlainControl,
} from "./engine.js";
import type { RealmControls } from "./realm/host.js";

type Library = typeof IsolatedVm;
type Reference = IsolatedVm.Reference<(...args: unknown[]) => unknown>;

/** What the engine needs to know of its surroundings. */
export interface IsolateEngineOptions {
  readonly library: Library;
  /** The realm's script; its value is `createRealm`. */
  readonly realm: string;
  readonly memoryBytes: number;
  readonly onCatastrophe: () => never;
  readonly now: () => number;
}

/** A context with the realm's code in it, but not started. */
interface PreparedContext {
  readonly context: IsolatedVm.Context;
  /** Starts the realm with its settings as JSON text, and returns a function that calls a control of it by name. */
  readonly start: Reference;
  /** Whom the realm asks. */
  readonly asked: { host?: ContextHost; importModule?: (path: string) => unknown };
}

/** No control takes more arguments. They are named one by one: what spreads them, a program could replace. */
const START = `const create = $0, parse = JSON.parse;
return (settings) => {
  const controls = create({ write: (d, t) => $1(d, String(t)), report: $2, exit: $3, now: $4, resolve: (s, r) => $5(String(s), r),
    formatOf: $6, textOf: $7, importModule: $8, fail: $9, readInput: $10, send: $11, receive: $12 }, parse(settings));
  return (name, first, second, third) => controls[name](first, second, third);
};`;

/** JavaScript in an isolate of V8 with a heap of its own. All calls are synchronous, on this thread. */
export class IsolateEngine implements JavaScriptEngine {
  readonly #options: IsolateEngineOptions;
  readonly isolate: IsolatedVm.Isolate;
  readonly #realm: IsolatedVm.Script;
  #prepared: PreparedContext | undefined;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(options: IsolateEngineOptions) {
    this.#options = options;
    this.isolate = new options.library.Isolate({
      memoryLimit: Math.max(8, Math.floor(options.memoryBytes / (1024 * 1024))),
      onCatastrophicError: () => options.onCatastrophe(),
    });
    this.#realm = this.isolate.compileScriptSync(options.realm, { filename: "realm" });
  }

  /** Makes the next context ahead. */
  prepare(): void {
    this.#prepared ??= this.#prepare();
  }

  /** Sets when the program must have ended, on the clock. A second fence: the host kills it before that. */
  limit(deadline: number): void {
    this.#deadline = deadline;
  }

  /** The bounds of a call. */
  bounds(): { timeout?: number } {
    if (this.#deadline === Number.POSITIVE_INFINITY) return {};
    return { timeout: Math.max(1, Math.ceil(this.#deadline - this.#options.now())) };
  }

  createContext(host: ContextHost, settings: string): JavaScriptContext {
    const prepared = this.#prepared ?? this.#prepare();
    this.#prepared = undefined;
    return new IsolateContext(this, prepared, host, settings);
  }

  #prepare(): PreparedContext {
    const { Callback } = this.#options.library;
    const context = this.isolate.createContextSync();
    const create = this.#realm.runSync(context, { reference: true }) as Reference;
    const asked: PreparedContext["asked"] = {};
    const host = (): ContextHost => asked.host as ContextHost;
    const start = context.evalClosureSync(
      START,
      [
        create.derefInto(),
        new Callback((descriptor: 1 | 2, text: string) => host().write(descriptor, text)),
        new Callback((json: string) => host().report(json)),
        new Callback((code: number) => host().exit(code)),
        new Callback(() => host().now()),
        new Callback((specifier: string, referrer: string) => host().resolve(specifier, referrer)),
        new Callback((path: string) => host().formatOf(path)),
        new Callback((path: string) => host().textOf(path)),
        new Callback((path: string) => asked.importModule?.(String(path)) as IsolatedVm.Transferable),
        new Callback((text: string) => host().fail(text)),
        new Callback(() => host().readInput()),
        new Callback((text: string) => host().send(text)),
        new Callback(() => host().receive()),
      ],
      { result: { reference: true } },
    ) as Reference;
    return { context, start, asked };
  }
}

class IsolateContext implements JavaScriptContext {
  readonly #engine: IsolateEngine;
  readonly #isolate: IsolatedVm.Isolate;
  readonly #host: ContextHost;
  readonly #context: IsolatedVm.Context;
  readonly #control: Reference;
  readonly #modules = new Map<string, IsolatedVm.Module>();
  readonly #names = new Map<IsolatedVm.Module, string>();
  readonly #uncaught: string[] = [];

  constructor(
    engine: IsolateEngine,
    { context, start, asked }: PreparedContext,
    host: ContextHost,
    settings: string,
  ) {
    this.#engine = engine;
    this.#isolate = engine.isolate;
    this.#host = host;
    this.#context = context;
    asked.host = host;
    asked.importModule = (path) => {
      const module = this.#module(path);
      this.#link(module);
      module.evaluateSync(this.#engine.bounds());
      return module.namespace.derefInto();
    };
    this.#control = start.applySync(undefined, [settings], { result: { reference: true } }) as Reference;
  }

  compileCommonJs(path: string, source: string): string {
    // On one line with the text's first, so that lines keep their numbers.
    const head = "(function (exports, require, module, __filename, __dirname) { ";
    const text = source.startsWith("#!") ? `//${source}` : source;
    try {
      const script = this.#isolate.compileScriptSync(`${head}${text}\n})`, {
        filename: path,
        columnOffset: -head.length,
      });
      const wrapper = script.runSync(this.#context, { reference: true }) as Reference;
      if (wrapper.typeof !== "function") return "SyntaxError: Unexpected token ')'";
      this.#control.applySync(undefined, ["define", path, wrapper.derefInto()]);
      return "";
    } catch (error) {
      return this.#text(error);
    }
  }

  compileModule(path: string, source: string): string {
    try {
      const module = this.#isolate.compileModuleSync(source, { filename: path });
      this.#modules.set(path, module);
      this.#names.set(module, path);
      return "";
    } catch (error) {
      return this.#text(error);
    }
  }

  evaluateModule(path: string, source: string): Evaluation {
    let module: IsolatedVm.Module;
    try {
      module = this.#isolate.compileModuleSync(source, { filename: path });
      this.#names.set(module, path);
      this.#link(module);
    } catch (error) {
      const syntax = error instanceof Error && error.name === "SyntaxError";
      return { ok: false, syntax, text: this.#text(error) };
    }
    try {
      module.evaluateSync(this.#engine.bounds());
      return { ok: true };
    } catch (error) {
      return { ok: false, syntax: false, text: this.#text(error) };
    }
  }

  call<Name extends PlainControl>(
    name: Name,
    ...args: Parameters<RealmControls[Name]>
  ): ReturnType<RealmControls[Name]> | undefined {
    try {
      return this.#control.applySync(undefined, [name, ...args], this.#engine.bounds()) as ReturnType<
        RealmControls[Name]
      >;
    } catch (error) {
      // The realm's controls catch what the program throws: this is a rejection that nobody handled.
      this.#uncaught.push(this.#text(error));
      return undefined;
    }
  }

  drain(): readonly string[] {
    // Promises have run already: isolated-vm empties the queue at the end of every call.
    return this.#uncaught.splice(0);
  }

  #link(module: IsolatedVm.Module): void {
    module.instantiateSync(this.#context, (specifier, referrer) => {
      const id = this.#host.resolve(specifier, this.#names.get(referrer) ?? "");
      if (id.startsWith("!")) throw new Error(id.slice(1));
      return this.#module(id);
    });
  }

  #module(id: string): IsolatedVm.Module {
    // Finding a file's format compiles it.
    const text = this.#host.moduleText(id);
    let module = this.#modules.get(id);
    if (
      !module ||
      (!id.startsWith("builtin:") && this.#host.formatOf(id) !== "module" && !this.#standIns.has(id))
    ) {
      module = this.#isolate.compileModuleSync(text, { filename: id });
      this.#modules.set(id, module);
      this.#names.set(module, id);
      this.#standIns.add(id);
    }
    return module;
  }

  /** Ids whose module stands for something else. A CommonJS file may have been compiled as an ES module to try it. */
  readonly #standIns = new Set<string>();

  /** An error as text; throws when the isolate cannot go on. */
  #text(error: unknown): string {
    if (this.#isolate.isDisposed) throw new EngineStop("memory");
    if (!(error instanceof Error)) return `Uncaught ${String(error)}`;
    if (error.message === "Script execution timed out.") throw new EngineStop("wall-time");
    // Frames of this process are none of the program's; its own files have no scheme.
    const lines = (error.stack ?? String(error)).split("\n");
    return lines.filter((line) => !/^\s+at .*(?:file:|node:|realm:|<isolated-vm)/.test(line)).join("\n");
  }
}
