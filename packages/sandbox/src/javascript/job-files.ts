import { Buffer } from "node:buffer";
import type { Half } from "../driver.js";
import { BUILTIN_NAMES } from "./names.js";
import { SCOPE_HOOK } from "./remote/candidate.js";

const EXTENSIONS = ["", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json"];
const INDEXES = ["/index.js", "/index.mjs", "/index.cjs", "/index.ts", "/index.json"];
const BUILTINS: ReadonlySet<string> = new Set(BUILTIN_NAMES);

/** The files of a job as a module loader sees them. */
export class JobFiles {
  readonly #files: ReadonlyMap<string, string | Uint8Array>;
  readonly #problems: ReadonlyMap<string, string>;
  readonly #half: Half | undefined;

  /**
   * @param problems messages by path of files that could not be turned into JavaScript
   * @param half what is special about the files of one half of a separated verdict
   */
  constructor(
    files: ReadonlyMap<string, string | Uint8Array>,
    problems: ReadonlyMap<string, string>,
    half?: Half,
  ) {
    this.#files = files;
    this.#problems = problems;
    this.#half = half;
  }

  /** The text of a file; undefined when there is none. */
  text(path: string): string | undefined {
    const content = this.#files.get(path);
    if (content === undefined) return undefined;
    const text = typeof content === "string" ? content : Buffer.from(content).toString("utf8");
    const entry = this.#half?.kind === "candidate" && this.#half.entry === path && /\.[mc]?[jt]s$/.test(path);
    return entry ? text + SCOPE_HOOK : text;
  }

  /** Paths of the files that may be modules. */
  sources(): readonly string[] {
    return [...this.#files.keys()].filter((path) => /\.[mc]?[jt]s$/.test(path));
  }

  /** Why a file could not be turned into JavaScript. */
  problem(path: string): string | undefined {
    return this.#problems.get(path);
  }

  /** The path that a specifier means, `builtin:NAME`, `stand-in:PATH`, or `!` and why it means nothing. */
  resolve(specifier: string, referrer: string): string {
    const bare = specifier.replace(/^node:/, "");
    const prefixed = bare !== specifier;
    if (BUILTINS.has(bare) && (prefixed || bare !== "test")) return `builtin:${bare}`;
    if (prefixed || !/^(?:\.{0,2}\/|\.{1,2}$|file:\/\/\/)/.test(specifier)) {
      return `!Cannot find module '${specifier}': it is not available in this sandbox`;
    }
    const path = normalise(specifier, referrer);
    const found = path === undefined ? undefined : this.#find(path);
    return found ?? `!Cannot find module '${specifier}' imported from ${referrer}`;
  }

  /** What the nearest `package.json` or the extension says of a file's module system. */
  declaredFormat(path: string): "commonjs" | "module" | "json" | undefined {
    if (path.endsWith(".json")) return "json";
    if (/\.m[jt]s$/.test(path)) return "module";
    if (/\.c[jt]s$/.test(path)) return "commonjs";
    for (let folder = path; folder !== ""; ) {
      folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
      const text = this.text(folder === "" ? "package.json" : `${folder}/package.json`);
      if (text !== undefined) return declaredType(text);
    }
    return undefined;
  }

  #find(path: string): string | undefined {
    const candidates = [...EXTENSIONS, ...INDEXES].map((extension) =>
      path === "" ? extension.slice(1) : path + extension,
    );
    // TypeScript imports a file by the name that it will have once built.
    const source = path.replace(/\.([mc]?)js$/, ".$1ts");
    const names = [...candidates, source].filter((candidate) => candidate !== "");
    const standIns: readonly string[] = this.#half?.kind === "judge" ? this.#half.modules : [];
    const found = names.find((name) => this.#files.has(name) || standIns.includes(name));
    return found === undefined || this.#files.has(found) ? found : `stand-in:${found}`;
  }
}

function declaredType(text: string): "commonjs" | "module" | undefined {
  try {
    const type = (JSON.parse(text) as { type?: unknown } | null)?.type;
    return type === "module" || type === "commonjs" ? type : undefined;
  } catch {
    return undefined;
  }
}

/** A path from the root without dots, or undefined when it leads out. */
function normalise(specifier: string, referrer: string): string | undefined {
  const absolute = specifier.startsWith("/") || specifier.startsWith("file:");
  const base =
    absolute || !referrer.includes("/") ? [] : referrer.slice(0, referrer.lastIndexOf("/")).split("/");
  const parts = [...base];
  for (const part of specifier.replace(/^file:\/\//, "").split("/")) {
    if (part === "..") {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
