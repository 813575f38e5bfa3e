import type { RealmHost } from "./host.js";
import { describeThrown } from "./inspect.js";

type Body = (...args: unknown[]) => unknown;
type HookName = "before" | "after" | "beforeEach" | "afterEach";

interface Options {
  readonly skip?: boolean | string;
  readonly todo?: boolean | string;
  readonly timeout?: number;
}

interface Node {
  readonly name: string;
  readonly parent: Node | undefined;
  readonly kind: "test" | "suite";
  readonly options: Options;
  readonly body: Body | undefined;
  readonly children: Node[];
  readonly hooks: Record<HookName, Body[]>;
  readonly done: Promise<void>;
  finish: () => void;
  /** Whether the suite's own `before` hooks have run. */
  prepared: boolean;
  failure: string | undefined;
  failedChildren: number;
  ended: boolean;
}

/** Delays the failure of a test that takes longer than its `timeout`. */
export type SetTimer = (run: () => void, ms: number) => () => void;

const SEPARATOR = " > ";

/** `node:test`: tests run one after the other, suites collect first, what fails is reported through the host. */
export class TestRunner {
  readonly #host: RealmHost;
  readonly #setTimer: SetTimer;
  readonly #root: Node = newNode("", undefined, "suite", {}, undefined);
  readonly #stringify = JSON.stringify;
  #suite: Node = this.#root;
  #running: Node | undefined;
  #queue: Promise<void> = Promise.resolve();
  #pending = new Set<Node>();
  #label = "";
  #script = false;
  #active = true;
  #registered = 0;
  #failed = 0;
  #errors: string[] = [];
  #started = 0;

  constructor(host: RealmHost, setTimer: SetTimer) {
    this.#host = host;
    this.#setTimer = setTimer;
  }

  /** Starts a planned file. */
  begin(label: string, style: "script" | "detect", active: boolean): void {
    this.#label = label;
    this.#active = active;
    this.#script = style === "script";
    this.#started = this.#host.now();
  }

  /** An error that nobody caught: the running test's fault, or the file's. Whether a file is being judged. */
  uncaught(text: string): boolean {
    if (this.#label === "" && this.#registered === 0) return false;
    if (this.#running) this.#running.failure ??= text;
    else this.#errors.push(text);
    return true;
  }

  /** Runs the root's `after` hooks, once everything else has ended. */
  settle(): void {
    this.#queue = this.#queue.then(async () => {
      try {
        for (const hook of this.#root.hooks.after) await hook();
      } catch (error) {
        this.#errors.push(describeThrown(error));
      }
    });
  }

  /** Reports tests that never ended, then the file. Whether all of it passed. */
  conclude(loaded: boolean, exitCode: number): boolean {
    if (!loaded) this.#errors.push("The file never finished loading: a top-level await is not settled.");
    for (const node of [...this.#pending]) {
      if (node.ended || node.kind === "suite") continue;
      node.failure ??= "Promise resolution is still pending but the event loop has already resolved";
      this.#end(node, this.#started);
    }
    if (this.#script || this.#registered === 0) {
      if (exitCode !== 0) this.#errors.push("The script set a failing exit code.");
      if (!this.#script && !this.#active) {
        this.#errors.push("No tests found: use node:test, or write a script that asserts.");
      }
    }
    if (this.#script || this.#registered === 0 || this.#errors.length > 0) {
      if (this.#script && this.#failed > 0 && this.#errors.length === 0)
        this.#errors.push(`${this.#failed} tests failed`);
      this.#tell(this.#label, this.#errors.length > 0 ? "failed" : "passed", this.#errors[0], this.#started);
    }
    if (this.#label !== "") this.#host.report(this.#stringify({ type: "finished", file: this.#label }));
    return this.#failed === 0 && this.#errors.length === 0;
  }

  /** What `import … from "node:test"` gives. */
  exports(): Record<string, unknown> {
    const test = this.#function("test", {});
    const describe = this.#function("suite", {});
    const hook =
      (name: HookName) =>
      (body: Body): void => {
        this.#suite.hooks[name].push(body);
      };
    const hooks = {
      before: hook("before"),
      after: hook("after"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
    };
    const all = { test, it: test, describe, suite: describe, ...hooks, mock: unavailable("mock") };
    return Object.assign(test, all) as unknown as Record<string, unknown>;
  }

  #function(kind: "test" | "suite", preset: Options): Body {
    const register =
      (extra: Options): Body =>
      (...args) =>
        this.#register(kind, this.#suite, args, { ...preset, ...extra });
    return Object.assign(register({}), {
      skip: register({ skip: true }),
      todo: register({ todo: true }),
      only: register({}),
    });
  }

  #register(kind: "test" | "suite", parent: Node, args: readonly unknown[], extra: Options): Promise<void> {
    const body = args.find((arg): arg is Body => typeof arg === "function");
    const options = args.find((arg): arg is Options => typeof arg === "object" && arg !== null);
    const name = typeof args[0] === "string" ? args[0] : (body?.name ?? "") || "<anonymous>";
    const node = newNode(name, parent, kind, { ...options, ...extra }, body);
    this.#registered++;
    this.#pending.add(node);
    parent.children.push(node);
    if (kind === "suite") this.#collect(node);
    // A suite's tests wait for the suite; those of the file start as soon as the code that registers them pauses.
    if (parent === this.#root) this.#queue = this.#queue.then(() => this.#run(node));
    return parent === this.#root || parent.kind === "test" ? node.done : Promise.resolve();
  }

  #collect(node: Node): void {
    const outer = this.#suite;
    this.#suite = node;
    try {
      if (!node.options.skip) node.body?.();
    } catch (error) {
      node.failure = describeThrown(error);
    } finally {
      this.#suite = outer;
    }
  }

  async #run(node: Node): Promise<void> {
    if (node.ended) return;
    const started = this.#host.now();
    if (node.kind === "suite") await this.#runSuite(node);
    else if (!isSkipped(node)) await this.#runTest(node);
    this.#end(node, started);
  }

  async #runSuite(node: Node): Promise<void> {
    if (isSkipped(node)) {
      for (const child of node.children) await this.#run(child);
      return;
    }
    try {
      await this.#prepare(node);
    } catch (error) {
      node.failure ??= describeThrown(error);
    }
    for (const child of node.children) {
      if (node.failure !== undefined) child.failure ??= node.failure;
      if (node.failure !== undefined && child.kind === "test") this.#end(child, this.#host.now());
      else await this.#run(child);
    }
    try {
      for (const hook of node.hooks.after) await hook();
    } catch (error) {
      node.failure ??= describeThrown(error);
    }
  }

  /** Runs `before` hooks from the root down, each once. */
  async #prepare(node: Node): Promise<void> {
    if (node.parent) await this.#prepare(node.parent);
    if (node.kind !== "suite" || node.prepared) return;
    node.prepared = true;
    for (const hook of node.hooks.before) await hook();
  }

  async #runTest(node: Node): Promise<void> {
    const outer = this.#running;
    this.#running = node;
    const context = this.#context(node);
    try {
      if (node.parent) await this.#prepare(node.parent);
      await this.#runHooks(node.parent, "beforeEach", context);
      await this.#withTimeout(node, this.#callBody(node, context));
      for (const child of node.children) {
        if (!child.ended) {
          child.failure ??= "test did not finish before its parent and was cancelled";
          this.#end(child, this.#host.now());
        }
      }
    } catch (error) {
      node.failure ??= describeThrown(error);
    }
    try {
      await this.#runHooks(node.parent, "afterEach", context);
      for (const hook of node.hooks.after) await hook(context);
    } catch (error) {
      node.failure ??= describeThrown(error);
    }
    this.#running = outer;
  }

  async #runHooks(node: Node | undefined, name: "beforeEach" | "afterEach", context: unknown): Promise<void> {
    if (!node) return;
    if (name === "beforeEach") await this.#runHooks(node.parent, name, context);
    for (const hook of node.hooks[name]) await hook(context);
    if (name === "afterEach") await this.#runHooks(node.parent, name, context);
  }

  async #callBody(node: Node, context: unknown): Promise<void> {
    const body = node.body;
    if (!body) return;
    if (body.length < 2) {
      await body(context);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const result = body(context, (error: unknown) => (error ? reject(error) : resolve()));
      if (typeof (result as { then?: unknown } | undefined)?.then === "function") {
        reject(new Error("passed a callback but also returned a Promise"));
      }
    });
  }

  async #withTimeout(node: Node, work: Promise<void>): Promise<void> {
    const ms = node.options.timeout;
    if (ms === undefined || !Number.isFinite(ms)) return await work;
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#setTimer(() => reject(new Error(`test timed out after ${ms}ms`)), ms);
      work.then(resolve, reject).finally(cancel);
    });
  }

  #context(node: Node): Record<string, unknown> {
    let queue: Promise<void> = Promise.resolve();
    const register =
      (extra: Options): Body =>
      (...args) => {
        const done = this.#register("test", node, args, extra);
        const child = node.children.at(-1);
        if (child) queue = queue.then(() => this.#run(child));
        return done;
      };
    const hook = (name: HookName) => (body: Body) => void node.hooks[name].push(body);
    const mutable = node as { options: Options };
    return {
      name: node.name,
      fullName: fullName(node),
      signal: undefined,
      diagnostic: () => {},
      skip: (reason?: string) => {
        mutable.options = { ...node.options, skip: reason ?? true };
      },
      todo: (reason?: string) => {
        mutable.options = { ...node.options, todo: reason ?? true };
      },
      test: Object.assign(register({}), { skip: register({ skip: true }), todo: register({ todo: true }) }),
      before: (body: Body) => void body(),
      after: hook("after"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
      mock: unavailable("mock"),
    };
  }

  #end(node: Node, started: number): void {
    if (node.ended) return;
    node.ended = true;
    this.#pending.delete(node);
    const forgiven = isSkipped(node) || isTodo(node);
    const failed = !forgiven && (node.failure !== undefined || node.failedChildren > 0);
    if (failed && node.parent) node.parent.failedChildren++;
    // What only its tests say is not said twice, and a suite speaks up only for what no test of it can say.
    const own = node.failure !== undefined || (node.kind === "test" && node.failedChildren === 0);
    if (own || (isSkipped(node) && node.children.length === 0)) {
      const reason = [node.options.skip, node.options.todo].find((value) => typeof value === "string");
      this.#told(
        node,
        forgiven ? "skipped" : failed ? "failed" : "passed",
        forgiven ? (reason as string | undefined) : node.failure,
        started,
      );
    }
    node.finish();
  }

  #told(
    node: Node,
    status: "passed" | "failed" | "skipped",
    message: string | undefined,
    started: number,
  ): void {
    if (status === "failed") this.#failed++;
    if (!this.#script && this.#label !== "") this.#tell(fullName(node), status, message, started);
  }

  #tell(name: string, status: string, message: string | undefined, started: number): void {
    if (this.#label === "") return;
    const durationMs = this.#host.now() - started;
    const test = { file: this.#label, name, status, message: message && shorten(message), durationMs };
    this.#host.report(this.#stringify({ type: "test", test }));
  }
}

function shorten(text: string): string {
  return text.length <= 4000 ? text : `${text.slice(0, 2000)}\n[...]\n${text.slice(-2000)}`;
}

function fullName(node: Node): string {
  return node.parent?.parent ? `${fullName(node.parent)}${SEPARATOR}${node.name}` : node.name;
}

function isSkipped(node: Node): boolean {
  return Boolean(node.options.skip) || (node.parent !== undefined && isSkipped(node.parent));
}

function isTodo(node: Node): boolean {
  return Boolean(node.options.todo) || (node.parent !== undefined && isTodo(node.parent));
}

function newNode(
  name: string,
  parent: Node | undefined,
  kind: Node["kind"],
  options: Options,
  body: Body | undefined,
): Node {
  let finish = (): void => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
  const state = { prepared: false, failure: undefined, failedChildren: 0, ended: false };
  return { name, parent, kind, options, body, children: [], hooks, done, finish, ...state };
}

function unavailable(name: string): unknown {
  const refuse = (): never => {
    throw new Error(`node:test's ${name} is not available in this sandbox`);
  };
  return new Proxy({}, { get: refuse });
}
