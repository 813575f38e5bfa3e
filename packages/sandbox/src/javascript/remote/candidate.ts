import type { Remote } from "./remote.js";
import { asArray, asText, type Frame, type Json } from "./wire.js";

/** By this name of the global object, the entry hands out its scope. */
const SCOPE = "agentos.scope";
const VALUE = "agentos.value";

/** The text that is put at the end of the entry, so that its names can be read, exported or not. */
export const SCOPE_HOOK: string = `\n;globalThis[Symbol.for("${SCOPE}")]?.((code) => eval(code));\n`;

/** What the candidate's half does on request, beside calls: looking up names of the entry's scope, and setting them. */
export class EntryScope {
  readonly #remote: Remote;
  #evaluate: ((code: string) => unknown) | undefined;

  constructor(remote: Remote) {
    this.#remote = remote;
    Object.defineProperty(globalThis, Symbol.for(SCOPE), {
      value: (evaluate: (code: string) => unknown) => {
        this.#evaluate = evaluate;
      },
    });
  }

  /** Answers a request of these kinds; false for any other. */
  answer(frame: Frame): boolean {
    if (frame["t"] === "names") {
      this.#remote.answerRaw(this.#lookUp(asArray(frame["v"], "names")));
      return true;
    }
    if (frame["t"] !== "assign") return false;
    const name = asText(frame["b"], "a name");
    Object.defineProperty(globalThis, Symbol.for(VALUE), {
      value: this.#remote.read(frame["v"]),
      configurable: true,
    });
    this.#evaluate?.(`${name} = globalThis[Symbol.for("${VALUE}")]`);
    this.#remote.answerRaw(true);
    return true;
  }

  #lookUp(names: readonly Json[]): Json {
    const found: Json[] = [];
    for (const name of names) {
      try {
        if (this.#evaluate) found.push([name, this.#remote.write(this.#evaluate(asText(name, "a name")))]);
      } catch {
        // Not bound there.
      }
    }
    return found;
  }
}
