import type { CommonJsWrapper, RealmHost } from "./host.js";

interface CommonJsModule {
  exports: unknown;
  readonly id: string;
  readonly filename: string;
  loaded: boolean;
  readonly children: unknown[];
  readonly paths: readonly string[];
}

/** Loads the job's files by `require`, and hands built-ins to whoever asks by id. */
export class CommonJs {
  readonly #host: RealmHost;
  readonly #builtin: (name: string) => unknown;
  readonly #standIn: (module: string) => unknown;
  readonly #wrappers = new Map<string, CommonJsWrapper>();
  readonly #modules = new Map<string, CommonJsModule>();
  #main: CommonJsModule | undefined;

  constructor(host: RealmHost, builtin: (name: string) => unknown, standIn: (module: string) => unknown) {
    this.#host = host;
    this.#builtin = builtin;
    this.#standIn = standIn;
  }

  define(path: string, wrapper: CommonJsWrapper): void {
    this.#wrappers.set(path, wrapper);
  }

  /** What a resolved id stands for: `builtin:NAME`, `stand-in:PATH` (a module of the candidate), or the path of a CommonJS, JSON or ES module. */
  valueOf(id: string): unknown {
    if (id.startsWith("builtin:")) return this.#builtin(id.slice("builtin:".length));
    if (id.startsWith("stand-in:")) return this.#standIn(id.slice("stand-in:".length));
    const known = this.#modules.get(id);
    if (known) return known.exports;
    const format = this.#host.formatOf(id);
    if (format.startsWith("!")) throw new SyntaxError(format.slice(1));
    if (format === "module") return this.#host.importModule(id);
    if (format === "json") return this.#loadJson(id);
    return this.#load(id);
  }

  #loadJson(path: string): unknown {
    const module = this.#module(path);
    try {
      module.exports = JSON.parse(this.#host.textOf(path));
    } catch (error) {
      this.#modules.delete(path);
      throw new SyntaxError(`${path}: ${(error as Error).message}`);
    }
    return module.exports;
  }

  #load(path: string): unknown {
    const wrapper = this.#wrappers.get(path);
    if (!wrapper) throw new Error(`Cannot find module '${path}'`);
    const module = this.#module(path);
    this.#main ??= module;
    const folder = path.includes("/") ? `/${path.slice(0, path.lastIndexOf("/"))}` : "/";
    try {
      wrapper.call(module.exports, module.exports, this.requireFor(path), module, `/${path}`, folder);
    } catch (error) {
      this.#modules.delete(path);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  #module(path: string): CommonJsModule {
    const module = { exports: {}, id: path, filename: `/${path}`, loaded: false, children: [], paths: [] };
    this.#modules.set(path, module);
    return module;
  }

  /** The `require` of a file. */
  requireFor(referrer: string): (specifier: string) => unknown {
    const resolve = (specifier: unknown): string => {
      if (typeof specifier !== "string") throw new TypeError('The "id" argument must be of type string.');
      const id = this.#host.resolve(specifier, referrer);
      if (id.startsWith("!")) throw Object.assign(new Error(id.slice(1)), { code: "MODULE_NOT_FOUND" });
      return id;
    };
    const require = (specifier: string): unknown => this.valueOf(resolve(specifier));
    return Object.assign(require, {
      resolve: (specifier: string) => `/${resolve(specifier)}`,
      main: this.#main,
      cache: {},
    });
  }
}
