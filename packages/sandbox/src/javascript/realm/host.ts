// Types only: the realm is built as one module without imports, so it must share no code with anything else.

/** What the realm may ask of the process around it. Only text, numbers and booleans cross, but for `importModule`. */
export interface RealmHost {
  write(descriptor: 1 | 2, text: string): void;
  /** A test or a finished file, as JSON text. */
  report(json: string): void;
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
}

/** What the process around it may ask of the realm. */
export interface RealmControls {
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
  readonly stdin: string;
  /** Name of the global by which the modules that stand for others reach their value. */
  readonly valueFunction: string;
  /** Asked of `valueOf` by the module that imports the entry, once the entry has been evaluated to its end. */
  readonly loaded: string;
}
