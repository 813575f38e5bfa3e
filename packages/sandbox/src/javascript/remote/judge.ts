import { Remote } from "./remote.js";
import { dependsOnOneProcess, namesIn } from "./test-text.js";
import { asArray, asText, fail, HalfEnded, type Json } from "./wire.js";
import { watchWorld } from "./world.js";

/** What the judge's half needs of the process that it runs in. */
export interface JudgeOptions {
  send(text: string): void;
  receive(): string | undefined;
  /** Says that tests and candidate cannot be kept apart, and ends the process. */
  unseparable(reason: string): void;
  /** Wants {@link Judge.turn} to be called soon, from the event loop. */
  schedule(): void;
  /** An error that nobody caught on the other side: to be thrown where nobody catches it here. */
  uncaught(error: unknown): void;
}

/** A module of the candidate, as far as it is known here. */
type Loaded =
  | { readonly kind: "module" | "commonjs" | "json"; readonly value: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

/** By this name of the global object, the modules that stand for the candidate's find what they export. */
const STAND_INS = "agentos.stand-ins";
/** Slices of the candidate's event loop, in milliseconds; the judge's own event loop waits meanwhile. */
const SLICE_MS = 5;

/** The judge's half of a separated verdict: modules that stand for the candidate's, and the names of its entry. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #remote: Remote;
  readonly #modules = new Map<string, Loaded>();
  readonly #updates: (() => void)[] = [];
  #changed: () => string | undefined = () => undefined;
  #scheduled = false;
  #over = false;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#remote = new Remote({
      side: "judge",
      send: options.send,
      receive: options.receive,
      onCall: () => {
        const what = this.#changed();
        if (what !== undefined)
          options.unseparable(`the tests change ${what}, which the candidate would have to see`);
        this.#schedule();
      },
      onForbidden: () => options.unseparable("the tests hand the process itself to the candidate"),
      onFrame: () => {
        for (const update of this.#updates) update();
        for (const error of this.#remote.uncaught.splice(0)) options.uncaught(error);
      },
    });
    this.#remote.onSettled = () => this.#schedule();
    // A half that has served another judge says so, and another one takes its place.
    if (this.#ask("hello") === "again") this.#ask("hello");
    const standIns = {
      value: (module: string) => this.valueOf(module),
      follow: (update: () => void) => this.#updates.push(update),
    };
    Object.defineProperty(globalThis, Symbol.for(STAND_INS), { value: standIns });
  }

  #ask(type: string, fields: Readonly<Record<string, unknown>> = {}): Json {
    return this.#remote.askRaw(type, (wire) =>
      Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, wire(value)])),
    );
  }

  /** Refuses tests whose text says that they need the candidate in their own process. */
  check(sources: readonly string[], modules: readonly string[]): void {
    const reason = sources.map((source) => dependsOnOneProcess(source, modules)).find(Boolean);
    if (reason) this.#options.unseparable(reason);
  }

  /** From now on, a change of what the candidate would have to see ends the run. */
  watch(): void {
    this.#changed = watchWorld();
  }

  #load(module: string): Loaded {
    let loaded = this.#modules.get(module);
    if (!loaded) {
      loaded = this.#loadNow(module);
      this.#modules.set(module, loaded);
    }
    return loaded;
  }

  #loadNow(module: string): Loaded {
    try {
      const [kind, value] = asArray(this.#ask("load", { b: module }), "a module");
      if (kind !== "module" && kind !== "commonjs" && kind !== "json") fail("a module of an unknown kind");
      return { kind, value: this.#remote.read(value) };
    } catch (error) {
      if (error instanceof HalfEnded) this.#over = true;
      return { kind: "failed", error };
    }
  }

  /** What a module of the candidate exports. Loads it; throws what it throws. */
  valueOf(module: string): unknown {
    const loaded = this.#load(module);
    if (loaded.kind === "failed") throw loaded.error;
    return loaded.value;
  }

  /**
   * The text of a module that stands for one of the candidate's. Loads it. One that does not load throws when it is
   * imported, whatever is imported of it: `wanted`.
   */
  textOf(module: string, wanted: readonly string[]): string {
    const loaded = this.#load(module);
    if (loaded.kind === "failed") {
      const out = wanted.map((name) => `none as ${JSON.stringify(name)}`).join(", ");
      return module.endsWith(".cjs")
        ? this.lazyTextOf(module)
        : `let none;\n${call(module)};\nexport { ${out} };\n`;
    }
    if (loaded.kind === "json") return JSON.stringify(loaded.value);
    const names = Object.keys(Object(loaded.value) as object).filter(isWellFormed);
    if (loaded.kind === "commonjs") {
      const hints = names.map((name) => `exports[${JSON.stringify(name)}] = 0;`).join(" ");
      return `module.exports = ${call(module)};\nif (0) { ${hints} }\n`;
    }
    const set = names.map((name, index) => `v${index} = value[${JSON.stringify(name)}];`).join(" ");
    const out = names.map((name, index) => `v${index} as ${JSON.stringify(name)}`).join(", ");
    const variables = names.map((_, index) => `v${index}`).join(", ");
    return `const value = ${call(module)};
${variables === "" ? "" : `let ${variables};`}
const update = () => { ${set} };
update();
globalThis[Symbol.for(${JSON.stringify(STAND_INS)})].follow(update);
export { ${out} };
`;
  }

  /** The text of a CommonJS module that loads one of the candidate's when it is required itself. */
  lazyTextOf(module: string): string {
    return module.endsWith(".mjs")
      ? `export default ${call(module)};\n`
      : `module.exports = ${call(module)};\n`;
  }

  /** What kind of module it is. Loads it. */
  kindOf(module: string): Loaded["kind"] {
    return this.#load(module).kind;
  }

  /** Makes the top-level names of the entry that a script uses its global names. Throws what the entry throws. */
  bind(entry: string, source: string): void {
    this.valueOf(entry);
    const wanted = namesIn(source).filter((name) => !(name in globalThis));
    const known = this.#look(wanted).map(([name]) => name);
    for (const name of wanted.filter((one) => known.includes(one))) {
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get: () => {
          const [found] = this.#look([name]);
          return found && this.#remote.read(found[1]);
        },
        set: (value: unknown) => void this.#ask("assign", { b: name, v: value }),
      });
    }
  }

  /** Names of the entry's scope, with their values on the wire. */
  #look(names: readonly string[]): readonly (readonly [string, Json | undefined])[] {
    const found = asArray(
      this.#remote.askRaw("names", () => ({ v: [...names] })),
      "names",
    );
    return found.map((entry) => {
      const [name, value] = asArray(entry, "a name");
      return [asText(name, "a name"), value] as const;
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#over) return;
    this.#scheduled = true;
    this.#options.schedule();
  }

  /** Whether the candidate's event loop has to run. */
  get wantsTurn(): boolean {
    return this.#scheduled;
  }

  /** Lets the candidate's event loop run for a moment. */
  turn(milliseconds: number = SLICE_MS): void {
    if (!this.#scheduled) return;
    try {
      const alive = this.#ask("turn", { b: Math.min(milliseconds, SLICE_MS) }) === true;
      this.#scheduled = false;
      if (alive) this.#schedule();
    } catch (error) {
      this.#over = true;
      this.#scheduled = false;
      throw error;
    }
  }

  /** Tells the candidate's half that this judge is done with it. */
  leave(): void {
    if (this.#over) return;
    this.#over = true;
    try {
      this.#ask("bye");
    } catch {
      // It is gone already.
    }
  }
}

const call = (module: string): string =>
  `globalThis[Symbol.for(${JSON.stringify(STAND_INS)})].value(${JSON.stringify(module)})`;

const isWellFormed = (name: string): boolean => !/\p{Surrogate}/u.test(name);
