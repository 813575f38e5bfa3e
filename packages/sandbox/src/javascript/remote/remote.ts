import { Space } from "./space.js";
import { StandIns } from "./stand-ins.js";
import {
  asArray,
  asId,
  asText,
  type Fields,
  type Frame,
  fail,
  HalfEnded,
  type Json,
  ProtocolError,
} from "./wire.js";

/** How a half reaches the other. */
export interface RemoteOptions {
  readonly side: "judge" | "candidate";
  send(text: string): void;
  /** The next frame; undefined when the other half is gone. */
  receive(): string | undefined;
  /** Whether an object is a proxy, where that can be told. */
  isProxy?(value: object): boolean;
  /** Called before the judge hands control to the candidate. */
  onCall?(): void;
  /** An object that must not cross was about to. */
  onForbidden?(value: unknown): void;
  /** Called when a frame has been taken in. */
  onFrame?(): void;
  /** A request that is not known here and came while another is answered. */
  onOther?(frame: Frame): void;
}

const ENDED = "The candidate's process ended.";
const MAX_FRAME = 64 * 1024 * 1024;
const { get: reflectGet, ownKeys, getOwnPropertyDescriptor, construct, apply } = Reflect;

type Callable = (...args: unknown[]) => unknown;

/** One half of a separated verdict: the objects that it shares with the other, and the calls between them. */
export class Remote {
  readonly #options: RemoteOptions;
  readonly #space: Space;
  readonly #pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #settled: Json[] = [];
  #epoch = 0;
  #depth = 0;
  #broken: Error | undefined;
  /** Errors that nobody caught on this side, for the other one. */
  readonly #uncaught: unknown[] = [];

  constructor(options: RemoteOptions) {
    this.#options = options;
    const remote = this;
    const standIns = new StandIns({
      side: options.side,
      get space() {
        return remote.#space;
      },
      get epoch() {
        return remote.#epoch;
      },
      ask: (type, fields) => this.ask(type, fields),
      askRaw: (type, fields) => this.askRaw(type, fields),
      read: (wire) => this.read(wire),
    });
    this.#space = new Space(options.side, {
      standInFunction: (id, name, length, needed) => standIns.callable(id, name, length, needed),
      standInInstance: (id, own) => standIns.instance(id, own),
      standInProxy: (id, callable) => standIns.proxy(id, callable),
      standInPromise: (id) => this.#promise(id),
      toPrimitive: standIns.primitive,
      isProxy: (value) => options.isProxy?.(value) ?? false,
      watch: (id, promise) => this.#watch(id, promise),
      forbidden: (value) => options.onForbidden?.(value),
    });
  }

  /** How many promises of the other side are waited for. */
  get waiting(): number {
    return this.#pending.size;
  }

  /** Whether promises of this side were settled and the other side does not know it yet. */
  get hasNews(): boolean {
    return this.#settled.length > 0 || this.#uncaught.length > 0;
  }

  /** Tells the other side of an error that nobody caught, with the next frame. */
  addUncaught(error: unknown): void {
    this.#uncaught.push(error);
  }

  /** Errors that nobody caught on the other side. */
  readonly uncaught: unknown[] = [];

  /** Sends a request and returns its answer; the other side may ask back meanwhile. */
  ask(type: string, fields: Fields): unknown {
    return this.#space.read(this.askRaw(type, fields));
  }

  /** The same, with the answer as it came: for answers that are no value but JSON of the protocol's own. */
  askRaw(type: string, fields: Fields): Json {
    if (this.#broken) throw this.#broken;
    if (this.#options.side === "judge" && this.#depth === 0) {
      this.#options.onCall?.();
      this.#space.retire();
    }
    this.#depth++;
    const epoch = this.#epoch;
    try {
      this.#send({ t: type, ...fields((value) => this.#space.value(value)) });
      const answer = this.#await();
      // Looking changes nothing.
      if (type === "get" || type === "read") this.#epoch = epoch;
      return answer;
    } catch (error) {
      if (error instanceof ProtocolError) this.#broken = error;
      throw error;
    } finally {
      this.#depth--;
    }
  }

  #await(): Json {
    for (;;) {
      const frame = this.#receive();
      if (frame === undefined) {
        this.#broken = new HalfEnded(ENDED);
        throw this.#broken;
      }
      if (frame["t"] === undefined) {
        if (frame["e"] !== undefined) throw this.#space.read(frame["e"]);
        const answer = frame["a"];
        return answer === undefined ? fail("an answer without a value") : answer;
      }
      this.#answerTo(frame);
    }
  }

  /** Answers what the other side asks until it asks for something that is not known here: that is returned. */
  serve(): Frame | undefined {
    for (;;) {
      const frame = this.#receive();
      if (frame === undefined) return undefined;
      if (frame["t"] === undefined) fail("an answer to nothing");
      if (!(frame["t"] in this.#handlers)) return frame;
      this.#answerTo(frame);
    }
  }

  /** Answers a request that {@link serve} returned. */
  answer(value: unknown): void {
    this.answerRaw(this.#space.value(value));
  }

  /** The same with JSON of the protocol's own; `value` writes values. */
  answerRaw(answer: Json): void {
    this.#send({ a: answer });
  }

  /** Answers a request that {@link serve} returned with what was thrown. */
  answerThrown(error: unknown): void {
    this.#send({ e: this.#space.value(error) });
  }

  /** A value on the wire. */
  write(value: unknown): Json {
    return this.#space.value(value);
  }

  /** A value of a request that {@link serve} returned. */
  read(wire: unknown): unknown {
    return this.#space.read(wire);
  }

  #answerTo(frame: Frame): void {
    const handler = this.#handlers[frame["t"] ?? ""];
    if (!handler) {
      this.#options.onOther?.(frame);
      fail("an unknown request");
    }
    let answer: { readonly [key: string]: Json };
    this.#depth++;
    try {
      answer = { a: handler(frame) };
    } catch (error) {
      if (error instanceof ProtocolError && this.#options.side === "judge") throw error;
      answer = { e: this.#space.value(error) };
    } finally {
      this.#depth--;
    }
    this.#send(answer);
  }

  #send(message: { readonly [key: string]: Json }): void {
    const uncaught = this.#uncaught.splice(0).map((error) => this.#space.value(error));
    const settled = this.#settled;
    this.#settled = [];
    const nodes = this.#space.news(this.#depth > 1);
    const forgotten = this.#space.takeForgotten();
    this.#options.send(
      JSON.stringify({
        ...message,
        ...(nodes.length > 0 ? { n: nodes } : {}),
        ...(settled.length > 0 ? { z: settled } : {}),
        ...(forgotten.length > 0 ? { k: forgotten } : {}),
        ...(uncaught.length > 0 ? { u: uncaught } : {}),
      }),
    );
  }

  #receive(): Frame | undefined {
    const text = this.#options.receive();
    if (text === undefined) return undefined;
    if (text.length > MAX_FRAME) fail("too much at once");
    const frame = parseFrame(text);
    this.#epoch++;
    if (frame["n"] !== undefined) this.#space.absorb(frame["n"]);
    for (const id of asArray(frame["k"] ?? [], "numbers")) {
      if (this.#options.side === "judge") fail("a request to forget");
      this.#space.forget(asId(id));
    }
    for (const entry of asArray(frame["z"] ?? [], "promises")) {
      const [id, fulfilled, value] = asArray(entry, "a promise");
      const number = asId(id);
      const pending = this.#pending.get(number);
      if (!pending) fail("a promise that nobody waits for");
      this.#pending.delete(number);
      if (fulfilled === true) pending.resolve(this.#space.read(value));
      else pending.reject(this.#space.read(value));
    }
    for (const error of asArray(frame["u"] ?? [], "errors")) this.uncaught.push(this.#space.read(error));
    this.#options.onFrame?.();
    return frame;
  }

  // What the other side may ask for.

  readonly #handlers: Readonly<Record<string, (frame: Frame) => Json>> = Object.assign(
    Object.create(null) as Record<string, (frame: Frame) => Json>,
    {
      call: (frame: Frame) => {
        const target = this.#target(frame["f"]);
        if (typeof target !== "function") fail("a call of what is no function");
        return this.write(
          apply(target as Callable, this.#space.read(frame["o"] ?? ["u"]), this.#list(frame["v"])),
        );
      },
      new: (frame: Frame) => {
        const target = this.#target(frame["f"]);
        if (typeof target !== "function") fail("a call of what is no function");
        return this.write(construct(target as Callable, this.#list(frame["v"])));
      },
      get: (frame: Frame) => {
        const target = this.#object(frame);
        const key = this.#key(frame);
        const own = getOwnPropertyDescriptor(target, key);
        return own === undefined ? [] : [this.write(reflectGet(target, key))];
      },
      read: (frame: Frame) => {
        const target = this.#object(frame);
        return ownKeys(target).map((key) => {
          const own = getOwnPropertyDescriptor(target, key);
          const value: unknown = own && "value" in own ? own.value : reflectGet(target, key);
          return [this.write(key), this.write(value), own?.enumerable === false];
        });
      },
      set: (frame: Frame) =>
        Reflect.set(this.#changeable(frame), this.#key(frame), this.#list(frame["v"])[0]),
      del: (frame: Frame) => Reflect.deleteProperty(this.#changeable(frame), this.#key(frame)),
      def: (frame: Frame) => {
        const [value, enumerable, writable, configurable] = this.#list(frame["v"]);
        const flags = { enumerable: enumerable === true, writable: writable === true };
        const attributes = { value, ...flags, configurable: configurable === true };
        return Reflect.defineProperty(this.#changeable(frame), this.#key(frame), attributes);
      },
      prim: (frame: Frame) => {
        const target = this.#object(frame);
        const number = asText(frame["h"], "a hint") === "number";
        return this.write(number ? +(target as unknown as number) : `${target as unknown as string}`);
      },
      trap: (frame: Frame) => {
        if (this.#options.side === "judge") fail("a request for a trap");
        const operation = (Reflect as unknown as Record<string, Callable | undefined>)[
          asText(frame["b"], "a trap")
        ];
        if (!operation) fail("a trap");
        return this.write(operation(this.#target(frame["o"]), ...this.#list(frame["v"])));
      },
    },
  );

  /** An object of this side, by reference. */
  #target(wire: unknown): object {
    const [tag, id] = asArray(wire, "a reference");
    const number = asId(id);
    if (tag !== "r" || !this.#space.isOwn(number)) fail("a reference to what is not asked here");
    if (this.#space.isClosed(number)) fail("a look into an object that is closed");
    const target = this.#space.read(wire);
    if ((typeof target !== "object" && typeof target !== "function") || target === null) fail("a reference");
    return target;
  }

  #object(frame: Frame): object {
    const target = this.#target(frame["o"]);
    if (typeof target === "function" && this.#options.side === "judge") fail("a property of a function");
    return target;
  }

  /** One that the other side may change: no class of the tests, whose methods may be what judges. */
  #changeable(frame: Frame): object {
    const target = this.#object(frame);
    const owner: unknown = getOwnPropertyDescriptor(target, "constructor")?.value;
    if (
      this.#options.side === "judge" &&
      typeof owner === "function" &&
      (owner as { prototype?: unknown }).prototype === target
    )
      fail("a change of a class of the tests");
    return target;
  }

  #key(frame: Frame): PropertyKey {
    const key = this.#space.read(frame["b"]);
    return typeof key === "string" || typeof key === "symbol" ? key : fail("a key");
  }

  #list(wire: unknown): unknown[] {
    return asArray(wire ?? [], "arguments").map((item) => this.#space.read(item));
  }

  // What stands here for what is there.

  #promise(id: number): object {
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
  }

  #watch(id: number, promise: object): void {
    const settle = (fulfilled: boolean) => (value: unknown) => {
      this.#settled.push([id, fulfilled, this.#space.value(value)]);
      this.onSettled?.();
    };
    apply(thenOf, promise, [settle(true), settle(false)]);
  }

  /** Called when a promise that the other side waits for was settled. */
  onSettled: (() => void) | undefined;
}

const { then: thenOf } = Promise.prototype;

function parseFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    fail("no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail("no object");
  const frame = value as Frame;
  if (frame.t !== undefined && typeof frame.t !== "string") fail("a request without a name");
  return frame;
}
