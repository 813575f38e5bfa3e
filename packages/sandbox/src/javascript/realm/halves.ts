import { EntryScope } from "../remote/candidate.js";
import { Judge } from "../remote/judge.js";
import { Remote } from "../remote/remote.js";
import { importedNames } from "../remote/test-text.js";
import { asText, type Frame } from "../remote/wire.js";
import type { HalfControls, RealmHost } from "./host.js";

/** What the halves of separated verdicts ask of the realm that they are in. */
export interface HalfParts {
  readonly host: RealmHost;
  /** What a CommonJS or JSON file exports. */
  valueOf(path: string): unknown;
  /** Throws an error later, where nobody catches it. */
  throwLater(error: unknown): void;
}

/** The halves of separated verdicts in a realm; it becomes one of them when it is told to. */
export class Halves implements HalfControls {
  readonly #parts: HalfParts;
  #judge: Judge | undefined;
  #candidate: Remote | undefined;
  #scope: EntryScope | undefined;
  #greeted = false;
  #taken: unknown;
  /** Names that the tests import. */
  #wanted: readonly string[] = [];

  constructor(parts: HalfParts) {
    this.#parts = parts;
  }

  get judge(): Judge | undefined {
    return this.#judge;
  }

  /** Takes an error that nobody caught, when this is the candidate's half. */
  uncaught(text: string): boolean {
    this.#candidate?.addUncaught(errorOf(text));
    return this.#candidate !== undefined;
  }

  startJudge(): void {
    const { host } = this.#parts;
    this.#judge = new Judge({
      send: (text) => host.send(text),
      receive: () => host.receive() || undefined,
      unseparable: (reason) => {
        host.report(JSON.stringify({ type: "unseparable", reason }));
        host.exit(0);
      },
      schedule: () => {},
      uncaught: (error) => this.#parts.throwLater(error),
    });
  }

  prepareJudge(settings: string): string {
    const { modules, source, entry } = JSON.parse(settings) as JudgeSettings;
    this.#judge?.check([source], modules);
    this.#wanted = importedNames([source]);
    try {
      if (entry !== undefined) this.#judge?.bind(entry, source);
    } catch (error) {
      this.#parts.throwLater(error);
    }
    this.#judge?.watch();
    return "";
  }

  standIn(module: string): string {
    const judge = this.#judge;
    if (!judge) return "{}";
    const kind = judge.kindOf(module);
    if (kind === "module" || kind === "failed")
      return JSON.stringify({ text: judge.textOf(module, this.#wanted) });
    return JSON.stringify({ names: Object.keys(Object(judge.valueOf(module)) as object) });
  }

  leave(): void {
    this.#judge?.leave();
  }

  startCandidate(): void {
    const { host } = this.#parts;
    const proxies = trackProxies();
    this.#candidate = new Remote({
      side: "candidate",
      send: (text) => host.send(text),
      receive: () => host.receive() || undefined,
      isProxy: (value) => proxies.has(value),
      // The judge leaves while this half waits for it.
      onOther: () => host.exit(0),
    });
    this.#scope = new EntryScope(this.#candidate);
  }

  serve(): string {
    const remote = this.#candidate;
    for (;;) {
      const frame = remote?.serve();
      if (!remote || !frame) return "";
      try {
        const request = this.#answer(remote, frame);
        if (request !== undefined) return JSON.stringify(request);
      } catch (error) {
        remote.answerThrown(error);
      }
    }
  }

  /** Answers a request; returns it when the process around this realm has to do something for it. */
  #answer(remote: Remote, frame: Frame): CandidateRequest | undefined {
    switch (frame["t"]) {
      case "hello":
        remote.answerRaw(this.#greeted ? "again" : "welcome");
        if (this.#greeted) return { kind: "next" };
        this.#greeted = true;
        return undefined;
      case "bye":
        remote.answerRaw(true);
        return { kind: "left" };
      case "load":
        return { kind: "load", path: asText(frame["b"], "a path") };
      case "turn":
        return { kind: "turn", milliseconds: Number(frame["b"]) };
      default:
        this.#scope?.answer(frame);
        return undefined;
    }
  }

  take(namespace: unknown): void {
    this.#taken = namespace;
  }

  hasTaken(): boolean {
    return this.#taken !== undefined;
  }

  hasNews(): boolean {
    return this.#candidate?.hasNews ?? false;
  }

  answerLoaded(path: string, kind: string, problem: string): void {
    const remote = this.#candidate;
    if (!remote) return;
    try {
      if (problem !== "") throw errorOf(problem);
      const value = kind === "module" ? this.#taken : this.#parts.valueOf(path);
      this.#taken = undefined;
      remote.answerRaw([kind, remote.write(value)]);
    } catch (error) {
      remote.answerThrown(error);
    }
  }

  answerTurn(alive: boolean): void {
    this.#candidate?.answerRaw(alive);
  }
}

interface JudgeSettings {
  readonly modules: readonly string[];
  /** The text of the test file. */
  readonly source: string;
  /** Present: the test is a script that uses the top-level names of this file. */
  readonly entry?: string;
}

/** What the candidate's half wants of the process around it. */
export type CandidateRequest =
  /** A judge that another one has followed. */
  | { readonly kind: "next" }
  /** The judge is done. */
  | { readonly kind: "left" }
  | { readonly kind: "load"; readonly path: string }
  | { readonly kind: "turn"; readonly milliseconds: number };

/** An error that crossed as text: its class and message are in the first line that names one. */
function errorOf(text: string): Error {
  const [, name = "Error", message = text] = /^(?:Uncaught )?(\w*Error)(?:: (.*))?$/m.exec(text) ?? [];
  const found = (globalThis as unknown as Record<string, unknown>)[name];
  const error =
    typeof found === "function" && found.prototype instanceof Error
      ? new (found as new (message: string) => Error)(message)
      : new Error(message);
  Object.defineProperty(error, "stack", { value: text, writable: true, configurable: true });
  return error;
}

/** Replaces `Proxy` by one that remembers what it made, since nothing else can tell proxies here. */
function trackProxies(): WeakSet<object> {
  const made = new WeakSet<object>();
  const root = globalThis as unknown as { Proxy: ProxyConstructor };
  const { Proxy: Native } = root;
  const remember = (proxy: object): object => {
    made.add(proxy);
    return proxy;
  };
  const revocable = (
    target: object,
    handler: ProxyHandler<object>,
  ): { proxy: object; revoke: () => void } => {
    const pair = Native.revocable(target, handler);
    remember(pair.proxy);
    return pair;
  };
  root.Proxy = new Native(Native, {
    construct: (target, [inner, handler]: [object, ProxyHandler<object>]) =>
      remember(new target(inner, handler)),
    get: (target, key) => (key === "revocable" ? revocable : Reflect.get(target, key)),
  });
  return made;
}
