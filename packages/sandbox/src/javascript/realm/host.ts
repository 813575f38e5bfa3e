// Types only: the realm is built as one module without imports, so it must share no code with anything else.

/** What the realm may ask of the process around it. Only text, numbers and booleans cross, but for `importModule`. */
export interface RealmHost {
  write(descriptor: 1 | 2, text: string): void;
  /** A test or a finished file, as JSON text. */
  report(json: string): void;
  /** The next text of standard input, waiting for it; "" at its end. */
  readInput(): string;
  /** Ends the run at once. Does not return. */
  exit(code: number): void;
  /** Ends the run: an error that nobody caught. Does not return. */
  fail(text: string): void;
  /** Monotonic milliseconds. */
  now(): number;
  /** Path of the file that a specifier means, `builtin:NAME`, or `!` and why it means nothing. */
  resolve(specifier: string, referrer: string): string;
  /** `commonjs`, `module`, `json`, or `!` and why the file does not parse. Compiles it, too. */
  formatOf(path: string): string;
  /** The text of a file of the job. */
  textOf(path: string): string;
  /** Evaluates an ES module at once and returns its namespace. */
  importModule(path: string): unknown;
  /** Sends a frame to the other half of a separated verdict. */
  send(text: string): void;
  /** Waits for a frame of the other half; "" when it has ended. */
  receive(): string;
}

/** What the process around a realm asks of it when it is one half of a separated verdict. */
export interface HalfControls {
  /** Makes it the judge's half, before anything of the tests is linked. */
  startJudge(): void;
  /** `settings`: what the test file says and needs, as JSON text. */
  prepareJudge(settings: string): string;
  /** As JSON text: the `text` of the module that stands for one of the candidate's, or the `names` that it exports. */
  standIn(module: string): string;
  /** The judge is done with the candidate. */
  leave(): void;
  /** Makes it the candidate's half, before anything of the candidate runs. */
  startCandidate(): void;
  /** Answers the judge until it asks for something that the process has to do: that, as JSON text; "" at the end. */
  serve(): string;
  /** Whether the namespace of the module that is being loaded was handed over. */
  hasTaken(): boolean;
  /** Whether something has happened that the judge waits for. */
  hasNews(): boolean;
  /** Answers a request to load a module. `problem`: why it did not, or "". */
  answerLoaded(path: string, kind: string, problem: string): void;
  /** Answers a request for a turn of the event loop. */
  answerTurn(alive: boolean): void;
}

/** What the process around it may ask of the realm. */
export interface RealmControls extends HalfControls {
  /** Takes a compiled CommonJS wrapper. */
  define(path: string, wrapper: CommonJsWrapper): void;
  /** Evaluates a CommonJS file. Returns "" or the error as text. */
  requireEntry(path: string): string;
  /** A module's value: a built-in's exports, or what a CommonJS or JSON file exports. The id `loaded` of the settings notes the end of the entry. */
  valueOf(id: string): unknown;
  /** Names that an ES module may import from a built-in, as JSON text. */
  exportNames(id: string): string;
  /** Runs the timer that is due. Milliseconds until the next, 0 when one is due, -1 when nothing waits. */
  turn(): number;
  /** Starts a planned test file. `active`: it does something when it is loaded, so that it may be a script. */
  begin(label: string, style: "script" | "detect", active: boolean): void;
  /** An error that no code caught, as text. */
  uncaught(text: string): void;
  /** Nothing waits any more: runs what comes at the end. `turn` must be called again afterwards. */
  settle(): void;
  /** Reports what never ended, and that the file is finished. */
  conclude(): void;
  /** Text of what was thrown. */
  describe(error: unknown): string;
  /** The program's exit code so far. */
  exitCode(): number;
}

/** The function that a CommonJS file is compiled to. */
export type CommonJsWrapper = (
  this: unknown,
  exports: unknown,
  require: (specifier: string) => unknown,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

/** What the process tells a realm when it makes it. */
export interface RealmSettings {
  /** Path of the file that is run. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Name of the global by which the modules that stand for others reach their value. */
  readonly valueFunction: string;
  /** Asked of `valueOf` by the module that imports the entry, once the entry has been evaluated to its end. */
  readonly loaded: string;
  /** Calls `valueOf` with a namespace: that of a module which the judge asked for. */
  readonly taken: string;
}
