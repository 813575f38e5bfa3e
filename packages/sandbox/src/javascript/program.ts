import type { ChildEnd, ChildJob } from "../one-shot/protocol.js";
import type { ContextHost, Evaluation, JavaScriptContext, JavaScriptEngine } from "./engine.js";
import { exportNamesOf, standInModule } from "./export-names.js";
import type { JobFiles } from "./job-files.js";
import { LOADED, VALUE_FUNCTION } from "./names.js";
import { runsSomething } from "./runs-something.js";

/** How a program reaches the process that it runs in. */
export interface ProgramOutput {
  write(descriptor: 1 | 2, text: string): void;
  report(json: string): void;
  /** Ends the process. */
  end(how: ChildEnd): never;
  now(): number;
  sleep(ms: number): void;
}

/** Runs a job's entry, or each of its planned test files in a context of its own. */
export function runProgram(
  engine: JavaScriptEngine,
  job: ChildJob,
  files: JobFiles,
  output: ProgramOutput,
): ChildEnd {
  if (!job.tests) return new Program(engine, job, files, output, job.entry).runEntry();
  for (const file of job.tests.files) {
    new Program(engine, job, files, output, file.path).runTests(file.label, file.style);
  }
  return { status: "exited", exitCode: 0 };
}

/** Name of the module that imports the entry, so that the entry is a module like every other. */
const STARTER = ":start";

/** What the engines throw, catchably, when they may not allocate any more. */
const OUT_OF_MEMORY =
  /^(?:RangeError: Array buffer allocation failed|(?:InternalError|RangeError): out of memory)/;

class Program implements ContextHost {
  readonly #files: JobFiles;
  readonly #output: ProgramOutput;
  readonly #entry: string;
  readonly #formats = new Map<string, string>();
  readonly #context: JavaScriptContext;

  constructor(
    engine: JavaScriptEngine,
    job: ChildJob,
    files: JobFiles,
    output: ProgramOutput,
    entry: string,
  ) {
    this.#files = files;
    this.#output = output;
    this.#entry = entry;
    const stdin = new TextDecoder().decode(job.stdin);
    this.#context = engine.createContext(
      this,
      JSON.stringify({ entry, args: job.args, stdin, valueFunction: VALUE_FUNCTION, loaded: LOADED }),
    );
  }

  runEntry(): ChildEnd {
    const evaluation = this.#start();
    if (!evaluation.ok) {
      if (evaluation.syntax) {
        this.write(2, `${evaluation.text}\n`);
        return { status: "invalid", message: evaluation.text };
      }
      this.#context.call("uncaught", evaluation.text);
    }
    this.#turn();
    this.#context.call("settle");
    this.#turn();
    this.#context.call("conclude");
    return { status: "exited", exitCode: this.#context.call("exitCode") ?? 1 };
  }

  runTests(label: string, style: "script" | "detect"): void {
    const active = runsSomething(this.#files.text(this.#entry) ?? "");
    this.#context.call("begin", label, style, active);
    const evaluation = this.#start();
    if (!evaluation.ok) this.#context.call("uncaught", evaluation.text);
    this.#turn();
    this.#context.call("settle");
    this.#turn();
    this.#context.call("conclude");
  }

  #start(): Evaluation {
    // Before anything is linked: QuickJS gives up a link in progress when another module fails meanwhile, even in a trial.
    for (const path of this.#files.sources()) this.formatOf(path);
    const format = this.formatOf(this.#entry);
    if (format.startsWith("!")) return { ok: false, syntax: true, text: format.slice(1) };
    if (format === "commonjs") {
      const text = this.#context.call("requireEntry", this.#entry);
      return text === "" || text === undefined ? { ok: true } : { ok: false, syntax: false, text };
    }
    const source = `import ${JSON.stringify(`/${this.#entry}`)}; globalThis.${VALUE_FUNCTION}(${JSON.stringify(LOADED)});`;
    return this.#context.evaluateModule(STARTER, source);
  }

  /** Lets promises and timers run until nothing waits. */
  #turn(): void {
    let quiet = 0;
    while (quiet < 2) {
      for (const text of this.#context.drain()) this.#context.call("uncaught", text);
      const wait = this.#context.call("turn") ?? 0;
      quiet = wait < 0 ? quiet + 1 : 0;
      if (wait > 0) this.#output.sleep(wait);
    }
  }

  write(descriptor: 1 | 2, text: string): void {
    this.#output.write(descriptor, text);
  }

  report(json: string): void {
    this.#output.report(json);
  }

  exit(code: number): void {
    this.#output.end({ status: "exited", exitCode: code });
  }

  fail(text: string): void {
    this.write(2, `${text}\n`);
    this.#output.end(OUT_OF_MEMORY.test(text) ? { status: "memory" } : { status: "exited", exitCode: 1 });
  }

  now(): number {
    return this.#output.now();
  }

  resolve(specifier: string, referrer: string): string {
    return this.#files.resolve(specifier, referrer === STARTER ? "" : referrer);
  }

  textOf(path: string): string {
    return this.#files.text(path) ?? "";
  }

  formatOf(path: string): string {
    let format = this.#formats.get(path);
    if (format === undefined) {
      format = this.#findFormat(path);
      this.#formats.set(path, format);
    }
    return format;
  }

  moduleText(id: string): string {
    if (id.startsWith("builtin:")) {
      const names = JSON.parse(this.#context.call("exportNames", id) ?? "[]") as string[];
      return standInModule(id, names, VALUE_FUNCTION);
    }
    const format = this.formatOf(id);
    if (format.startsWith("!")) throw new SyntaxError(format.slice(1).replace(/^SyntaxError: /, ""));
    if (format === "module") return this.textOf(id);
    return standInModule(id, format === "json" ? [] : exportNamesOf(this.textOf(id)), VALUE_FUNCTION);
  }

  #findFormat(path: string): string {
    const problem = this.#files.problem(path);
    if (problem !== undefined) return `!${problem}`;
    const source = this.#files.text(path);
    if (source === undefined) return `!Cannot find module '${path}'`;
    const declared = this.#files.declaredFormat(path);
    if (declared === "json") return declared;
    const asModule = declared === "commonjs" ? "not tried" : this.#context.compileModule(path, source);
    if (declared === "module") return asModule === "" ? "module" : `!${asModule}`;
    const asCommonJs = this.#context.compileCommonJs(path, source);
    if (asCommonJs === "") return "commonjs";
    // As Node does: what only parses as an ES module is one.
    if (asModule === "") return "module";
    return `!${/^\s*(?:import|export)\b/m.test(source) && declared === undefined ? asModule : asCommonJs}`;
  }
}
