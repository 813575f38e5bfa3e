import {
  type EmscriptenModuleLoaderOptions,
  newQuickJSWASMModule,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from "quickjs-emscripten";
import {
  type ContextHost,
  EngineStop,
  type Evaluation,
  type JavaScriptContext,
  type JavaScriptEngine,
  type PlainControl,
} from "./engine.js";
import { trackRejections, withTableExport } from "./quickjs-rejections.js";
import type { RealmControls } from "./realm/host.js";
import { type WasmExports, type WasmMemory, wasm } from "./web-assembly.js";

/** What the engine needs to know of its surroundings. */
export interface QuickJsEngineOptions {
  /** The bytes of the engine's module, from `@jitl/quickjs-wasmfile-release-sync/wasm`. */
  readonly wasm: Uint8Array;
  /** The realm's script; its value is `createRealm`. */
  readonly realm: string;
  readonly now: () => number;
}

/** Parts of quickjs-emscripten that are not in its types. */
interface Internals {
  readonly module: { _malloc(size: number): number; _free(pointer: number): void };
  readonly ffi: { QTS_DupValuePointer(context: number, value: number): number };
}

/**
 * Bytes of the engine's own stack. Together with the `--stack-size` of the process this leaves room for the frames of
 * WebAssembly, which lie on the native stack and are about three times as large.
 */
const STACK_BYTES = 1500 * 1024;

/** JavaScript in QuickJS, compiled to WebAssembly: an interpreter without any function of the host but the realm's. */
export class QuickJsEngine implements JavaScriptEngine {
  readonly #runtime: QuickJSRuntime;
  readonly #options: QuickJsEngineOptions;
  readonly #rejections: Rejections;
  #prepared: PreparedContext | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  /** Whether the interrupt handler has ended the program. */
  interrupted = false;

  private constructor(runtime: QuickJSRuntime, options: QuickJsEngineOptions, rejections: Rejections) {
    this.#runtime = runtime;
    this.#options = options;
    this.#rejections = rejections;
  }

  static async load(options: QuickJsEngineOptions): Promise<QuickJsEngine> {
    const module = new wasm.Module(withTableExport(options.wasm));
    let exports: WasmExports = {};
    let memory: WasmMemory | undefined;
    const instantiateWasm = (
      imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
      done: (instance: unknown) => void,
    ): WasmExports => {
      for (const value of Object.values(imports).flatMap((part) => Object.values(part))) {
        if (value instanceof wasm.Memory) memory = value;
      }
      const instance = new wasm.Instance(module, imports);
      exports = instance.exports;
      done(instance);
      return exports;
    };
    const emscriptenModule = { instantiateWasm } as unknown as EmscriptenModuleLoaderOptions;
    const library = await newQuickJSWASMModule(newVariant(RELEASE_SYNC, { emscriptenModule }));
    if (!memory) throw new Error("The memory of QuickJS was not found.");
    const runtime = library.newRuntime();
    runtime.setMaxStackSize(STACK_BYTES);
    const rejections = new Rejections(library as unknown as Internals, memory);
    const engine = new QuickJsEngine(runtime, options, rejections);
    const address = (runtime as unknown as { rt: { value: number } }).rt.value;
    const interrupt = (): void => runtime.setInterruptHandler(() => engine.#interrupt());
    trackRejections(exports, memory, address, interrupt, rejections.track);
    engine.#tryRejections();
    return engine;
  }

  /** Makes the next context ahead. */
  prepare(): void {
    this.#prepared ??= this.#prepare();
  }

  /** Sets the bounds of the run that comes. */
  limit(memoryBytes: number, deadline: number): void {
    this.#runtime.setMemoryLimit(memoryBytes);
    this.#deadline = deadline;
  }

  createContext(host: ContextHost, settings: string): JavaScriptContext {
    const prepared = this.#prepared ?? this.#prepare();
    this.#prepared = undefined;
    return new QuickJsContext(this, this.#runtime, this.#rejections, prepared, host, settings);
  }

  /** A context with the realm's code evaluated, but not started. */
  #prepare(): PreparedContext {
    const context = this.#runtime.newContext();
    const create = context.unwrapResult(context.evalCode(this.#options.realm, "realm", { type: "global" }));
    const wrap = context.unwrapResult(context.evalCode(WRAP_HOST, "realm"));
    return { context, create, wrap };
  }

  #interrupt(): boolean {
    this.interrupted ||= this.#options.now() > this.#deadline;
    return this.interrupted;
  }

  /** Fails when the hook does not work: without it, code that fails later would seem to pass. */
  #tryRejections(): void {
    const context = this.#runtime.newContext();
    this.#rejections.context = context;
    context
      .unwrapResult(context.evalCode("(async () => { throw 7 })(); Promise.reject(8).catch(() => {}); 0"))
      .dispose();
    this.#runtime.executePendingJobs();
    const seen = this.#rejections.take().map((handle) => context.dump(handle));
    if (JSON.stringify(seen) !== "[7]")
      throw new Error(`QuickJS does not tell of unhandled rejections: ${JSON.stringify(seen)}`);
  }
}

interface PreparedContext {
  readonly context: QuickJSContext;
  readonly create: QuickJSHandle;
  readonly wrap: QuickJSHandle;
}

/** Text crosses as a C string, which ends at a NUL and has no lone surrogates: what is written and read crosses as JSON. */
const WRAP_HOST =
  "(({ parse, stringify }, text) => (host) => { const { write, readInput } = host; host.write = (fd, value) => write(fd, stringify(text(value))); host.readInput = () => parse(readInput()); return host; })(JSON, String)";

/** Promises that were rejected and that nobody listens to. */
class Rejections {
  readonly #internals: Internals;
  readonly #memory: WasmMemory;
  readonly #open = new Map<bigint, QuickJSHandle>();
  /** The context whose values they are. */
  context: QuickJSContext | undefined;

  constructor(internals: Internals, memory: WasmMemory) {
    this.#internals = internals;
    this.#memory = memory;
  }

  readonly track = (context: number, promise: bigint, reason: bigint, isHandled: number): void => {
    if (isHandled !== 0) {
      this.#open.delete(promise);
      return;
    }
    // The promise is kept as well, so that no other can come to lie at its address.
    this.#keep(context, promise);
    const handle = this.#keep(context, reason);
    if (handle) this.#open.set(promise, handle);
  };

  /** The reasons, each once. */
  take(): QuickJSHandle[] {
    const handles = [...this.#open.values()];
    this.#open.clear();
    return handles;
  }

  #keep(context: number, value: bigint): QuickJSHandle | undefined {
    const { module, ffi } = this.#internals;
    const pointer = module._malloc(8);
    new DataView(this.#memory.buffer).setBigInt64(pointer, value, true);
    const copy = ffi.QTS_DupValuePointer(context, pointer);
    module._free(pointer);
    const memory = (
      this.context as unknown as { memory?: { heapValueHandle(pointer: number): QuickJSHandle } }
    )?.memory;
    return memory?.heapValueHandle(copy);
  }
}

/** What a module that is only tried imports first. */
const PARSED = ":parsed";

class QuickJsContext implements JavaScriptContext {
  readonly #engine: QuickJsEngine;
  readonly #runtime: QuickJSRuntime;
  readonly #rejections: Rejections;
  readonly #context: QuickJSContext;
  readonly #host: ContextHost;
  readonly #controls: QuickJSHandle;
  readonly #uncaught: string[] = [];
  #linkProblem = false;
  #imports = 0;

  constructor(
    engine: QuickJsEngine,
    runtime: QuickJSRuntime,
    rejections: Rejections,
    prepared: PreparedContext,
    host: ContextHost,
    settings: string,
  ) {
    this.#engine = engine;
    this.#runtime = runtime;
    this.#rejections = rejections;
    this.#host = host;
    this.#context = prepared.context;
    rejections.context = this.#context;
    runtime.setModuleLoader(
      (id) => this.#load(id),
      // What cannot be resolved goes on to the loader: an error given here is lost, and the loader asked for "".
      (base, specifier) => (specifier === PARSED ? PARSED : host.resolve(specifier, base)),
    );
    const context = this.#context;
    const parsed = context.unwrapResult(context.evalCode(`(${settings})`, "settings"));
    this.#controls = context.unwrapResult(
      context.callFunction(prepared.create, context.undefined, this.#hostObject(prepared.wrap), parsed),
    );
  }

  compileCommonJs(path: string, source: string): string {
    const text = source.startsWith("#!") ? `//${source}` : source;
    const wrapped = `(function (exports, require, module, __filename, __dirname) { ${text}\n})`;
    const result = this.#context.evalCode(wrapped, path, { type: "global" });
    if (result.error) return this.#describe(result.error);
    if (this.#context.typeof(result.value) !== "function") return "SyntaxError: Unexpected token ')'";
    const define = this.#context.getProp(this.#controls, "define");
    this.#context.callFunction(define, this.#context.undefined, this.#context.newString(path), result.value);
    return "";
  }

  compileModule(path: string, source: string): string {
    // An import that cannot be resolved, before all others, ends the work after parsing. (The engine's own way to compile
    // only reads a module as if it were an object, and now and then beyond the memory.)
    const text = source.startsWith("#!") ? `//${source}` : source;
    const result = this.#context.evalCode(`import "${PARSED}"; ${text}`, `${path}?`, { type: "module" });
    if (!result.error) return "";
    const problem = this.#describe(result.error);
    return problem.includes(PARSED) ? "" : problem.replaceAll(`${path}?`, path);
  }

  evaluateModule(path: string, source: string): Evaluation {
    this.#linkProblem = false;
    const result = this.#context.evalCode(source, path, { type: "module" });
    this.#checkStop();
    if (!result.error) {
      // A module that failed at once is a rejected promise, too.
      return { ok: true };
    }
    const text = this.#describe(result.error);
    const syntax = this.#linkProblem || (text.startsWith("SyntaxError") && !text.includes("\n"));
    return { ok: false, syntax, text };
  }

  call<Name extends PlainControl>(
    name: Name,
    ...args: Parameters<RealmControls[Name]>
  ): ReturnType<RealmControls[Name]> | undefined {
    const context = this.#context;
    const handles = args.map((arg) =>
      typeof arg === "string" ? context.newString(arg) : arg === true ? context.true : context.false,
    );
    const run = context.getProp(this.#controls, name);
    const result = context.callFunction(run, context.undefined, ...handles);
    run.dispose();
    this.#checkStop();
    if (result.error) {
      this.#uncaught.push(this.#describe(result.error));
      return undefined;
    }
    const value = context.dump(result.value) as ReturnType<RealmControls[Name]>;
    result.value.dispose();
    return value;
  }

  drain(): readonly string[] {
    while (this.#runtime.hasPendingJob()) {
      const result = this.#runtime.executePendingJobs();
      this.#checkStop();
      if (result.error) this.#uncaught.push(this.#describe(result.error));
    }
    for (const reason of this.#rejections.take()) this.#uncaught.push(this.#describe(reason));
    return this.#uncaught.splice(0);
  }

  #load(id: string): string | { error: Error } {
    if (id === PARSED) return { error: new Error(PARSED) };
    if (id.startsWith("!")) return { error: new Error(id.slice(1)) };
    try {
      return this.#host.moduleText(id);
    } catch (error) {
      this.#linkProblem = true;
      return { error: error as Error };
    }
  }

  #hostObject(wrap: QuickJSHandle): QuickJSHandle {
    const context = this.#context;
    const host = this.#host;
    const object = context.newObject();
    const add = (name: string, run: (...args: QuickJSHandle[]) => QuickJSHandle | undefined): void => {
      const handle = context.newFunction(name, (...args) => run(...args) ?? context.undefined);
      context.setProp(object, name, handle);
      handle.dispose();
    };
    const text = (handle: QuickJSHandle | undefined): string => (handle ? context.getString(handle) : "");
    const number = (handle: QuickJSHandle | undefined): number => (handle ? context.getNumber(handle) : 0);
    add(
      "write",
      (descriptor, content) =>
        void host.write(number(descriptor) === 2 ? 2 : 1, String(JSON.parse(text(content)))),
    );
    add("report", (json) => void host.report(text(json)));
    add("exit", (code) => void host.exit(number(code)));
    add("fail", (message) => void host.fail(text(message)));
    add("readInput", () => context.newString(JSON.stringify(host.readInput())));
    add("now", () => context.newNumber(host.now()));
    add("resolve", (specifier, referrer) => context.newString(host.resolve(text(specifier), text(referrer))));
    add("formatOf", (path) => context.newString(host.formatOf(text(path))));
    add("textOf", (path) => context.newString(host.textOf(text(path))));
    add("send", (frame) => void host.send(text(frame)));
    add("receive", () => context.newString(host.receive()));
    add("importModule", (path) => this.#importModule(text(path)));
    return context.unwrapResult(context.callFunction(wrap, context.undefined, object));
  }

  #importModule(path: string): QuickJSHandle {
    const source = `import * as namespace from ${JSON.stringify(`/${path}`)}; export { namespace };`;
    const result = this.#context.evalCode(source, `:require-${this.#imports++}`, { type: "module" });
    if (result.error) throw new Error(this.#describe(result.error));
    const namespace = this.#context.getProp(result.value, "namespace");
    if (this.#context.typeof(namespace) === "undefined") {
      throw new Error(`require() cannot be used on ${path}: it has a top-level await. Use import().`);
    }
    return namespace;
  }

  #describe(error: QuickJSHandle): string {
    this.#checkStop();
    const describe = this.#context.getProp(this.#controls, "describe");
    const result = this.#context.callFunction(describe, this.#context.undefined, error);
    if (result.error) return JSON.stringify(this.#context.dump(result.error));
    return this.#context.getString(result.value).trimEnd();
  }

  #checkStop(): void {
    if (this.#engine.interrupted) throw new EngineStop("wall-time");
  }
}
