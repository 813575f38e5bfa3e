import type { Half } from "../driver.js";
import type { ChildEnd, ChildJob } from "../one-shot/protocol.js";
import type { ContextHost, Evaluation, JavaScriptContext, JavaScriptEngine } from "./engine.js";
import { exportNamesOf, standInModule } from "./export-names.js";
import type { JobFiles } from "./job-files.js";
import { LOADED, TAKEN, VALUE_FUNCTION } from "./names.js";
import type { CandidateRequest } from "./realm/halves.js";
import { runsSomething } from "./runs-something.js";

/** How a program reaches the process that it runs in. */
export interface ProgramOutput {
  write(descriptor: 1 | 2, text: string): void;
  report(json: string): void;
  readInput(): string;
  /** Sends a frame to the other half of a separated verdict. */
  send(text: string): void;
  /** Waits for a frame of the other half; "" when it has ended. */
  receive(): string;
  /** Ends the process. */
  end(how: ChildEnd): never;
  now(): number;
  sleep(ms: number): void;
}

/** What of a job a program needs. */
type ProgramJob = Pick<ChildJob, "entry" | "args" | "tests" | "half">;

/** Runs a job's entry, or each of its planned test files in a context of its own. */
export function runProgram(
  engine: JavaScriptEngine,
  job: ProgramJob,
  files: JobFiles,
  output: ProgramOutput,
): ChildEnd {
  if (job.half?.kind === "candidate")
    return serveCandidate(() => new Program(engine, job, files, output, job.entry));
  if (!job.tests) return new Program(engine, job, files, output, job.entry).runEntry();
  for (const file of job.tests.files) {
    new Program(engine, job, files, output, file.path).runTests(file.label, file.style, job.half);
  }
  return { status: "exited", exitCode: 0 };
}

/** Name of the module that imports the entry, so that the entry is a module like every other. */
const STARTER = ":start";

/** What the engines throw, catchably, when they may not allocate any more. */
const OUT_OF_MEMORY =
  /^(?:RangeError: Array buffer allocation failed|(?:InternalError|RangeError): out of memory)/;

/** Ids of modules that stand for the candidate's. */
const STAND_IN = "stand-in:";

/** Serves one judge after another, each in a context of its own. */
function serveCandidate(start: () => Program): ChildEnd {
  while (start().serveJudge());
  return { status: "exited", exitCode: 0 };
}

class Program implements ContextHost {
  readonly #files: JobFiles;
  readonly #output: ProgramOutput;
  readonly #entry: string;
  readonly #formats = new Map<string, string>();
  readonly #context: JavaScriptContext;
  #loads = 0;

  constructor(
    engine: JavaScriptEngine,
    job: ProgramJob,
    files: JobFiles,
    output: ProgramOutput,
    entry: string,
  ) {
    this.#files = files;
    this.#output = output;
    this.#entry = entry;
    this.#context = engine.createContext(
      this,
      JSON.stringify({ entry, args: job.args, valueFunction: VALUE_FUNCTION, loaded: LOADED, taken: TAKEN }),
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

  runTests(label: string, style: "script" | "detect", half?: Half): void {
    const source = this.#files.text(this.#entry) ?? "";
    this.#context.call("begin", label, style, runsSomething(source));
    if (half?.kind === "judge") {
      this.#context.call("startJudge");
      const entry = style === "script" ? half.entry : undefined;
      this.#context.call("prepareJudge", JSON.stringify({ modules: half.modules, source, entry }));
    }
    const evaluation = this.#start();
    if (!evaluation.ok) this.#context.call("uncaught", evaluation.text);
    this.#turn();
    this.#context.call("settle");
    this.#turn();
    this.#context.call("conclude");
    if (half) this.#context.call("leave");
  }

  /** What the candidate's half of a separated verdict does until the judge leaves it. False: nothing more comes. */
  serveJudge(): boolean {
    const context = this.#context;
    context.call("startCandidate");
    for (const path of this.#files.sources()) this.formatOf(path);
    for (;;) {
      const text = context.call("serve") ?? "";
      if (text === "") return false;
      const request = JSON.parse(text) as CandidateRequest;
      if (request.kind === "next") return true;
      if (request.kind === "left") {
        if (this.receive() === "") return false;
        // Another judge greets: it does so again, to what comes next.
        this.send('{"a":"again"}');
        return true;
      }
      if (request.kind === "turn") context.call("answerTurn", this.#turnFor(request.milliseconds));
      else this.#load(request.path);
    }
  }

  #load(path: string): void {
    const context = this.#context;
    const format = this.formatOf(path);
    if (format.startsWith("!")) return void context.call("answerLoaded", path, "", format.slice(1));
    if (format !== "module") return void context.call("answerLoaded", path, format, "");
    const source = `import * as namespace from ${JSON.stringify(`/${path}`)}; globalThis.${VALUE_FUNCTION}(${JSON.stringify(TAKEN)}, namespace);`;
    const evaluation = context.evaluateModule(`${STARTER}-${this.#loads++}`, source);
    if (!evaluation.ok) return void context.call("answerLoaded", path, "", evaluation.text);
    let problem = "";
    for (let quiet = 0; problem === "" && quiet < 2 && !context.call("hasTaken"); ) {
      problem = context.drain()[0] ?? "";
      const wait = context.call("turn") ?? 0;
      quiet = wait < 0 ? quiet + 1 : 0;
      if (wait > 0) this.#output.sleep(wait);
    }
    if (problem === "" && !context.call("hasTaken"))
      problem = "Error: A top-level await of the module is never settled.";
    context.call("answerLoaded", path, "module", problem);
  }

  /** Runs promises and timers until there is something to tell, nothing is left, or the time is over. Whether something is left. */
  #turnFor(milliseconds: number): boolean {
    const deadline = this.now() + milliseconds;
    for (let quiet = 0; ; ) {
      for (const text of this.#context.drain()) this.#context.call("uncaught", text);
      const wait = this.#context.call("turn") ?? 0;
      for (const text of this.#context.drain()) this.#context.call("uncaught", text);
      if (this.#context.call("hasNews")) return true;
      quiet = wait < 0 ? quiet + 1 : 0;
      if (quiet === 2) return false;
      const left = deadline - this.now();
      if (left <= 0) return true;
      if (wait > 0) this.#output.sleep(Math.min(wait, left));
    }
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

  readInput(): string {
    return this.#output.readInput();
  }

  send(text: string): void {
    this.#output.send(text);
  }

  receive(): string {
    return this.#output.receive();
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
    return this.#files.resolve(specifier, referrer.startsWith(STARTER) ? "" : referrer);
  }

  textOf(path: string): string {
    return this.#files.text(path) ?? "";
  }

  formatOf(path: string): string {
    if (path.startsWith(STAND_IN)) return "module";
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
    if (id.startsWith(STAND_IN)) {
      const answer = this.#context.call("standIn", id.slice(STAND_IN.length)) ?? "{}";
      const { text, names = [] } = JSON.parse(answer) as { text?: string; names?: string[] };
      return text ?? standInModule(id, names, VALUE_FUNCTION);
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
