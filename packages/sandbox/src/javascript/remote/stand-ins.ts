import { writeProperties } from "./build.js";
import type { Space } from "./space.js";
import { asArray, type Fields, fail, type Json } from "./wire.js";

/** The half that stand-ins live in. */
export interface StandInOwner {
  readonly side: "judge" | "candidate";
  readonly space: Space;
  /** Changes whenever the other side may have changed something. */
  readonly epoch: number;
  ask(type: string, fields: Fields): unknown;
  askRaw(type: string, fields: Fields): Json;
  read(wire: unknown): unknown;
}

type Callable = (...args: unknown[]) => unknown;

const { get: reflectGet, has: reflectHas, ownKeys, getOwnPropertyDescriptor, apply } = Reflect;

const reference = (id: number): Json => ["r", id];

/** The prototype of what stands for a proxy: nothing else has it. */
const STAND_IN: object = Object.freeze(Object.create(null) as object);

function setterOf(prototype: object, key: PropertyKey): Callable | undefined {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = getOwnPropertyDescriptor(at, key);
    if (found) return found.set as Callable | undefined;
  }
  return undefined;
}

/** Makes what stands on this side for functions, instances and proxies of the other. */
export class StandIns {
  readonly #owner: StandInOwner;
  /** The `Symbol.toPrimitive` of all of them. */
  readonly primitive: Callable;

  constructor(owner: StandInOwner) {
    this.#owner = owner;
    this.primitive = this.#makePrimitive();
  }

  callable(id: number, name: string, length: number, needed: number): object {
    const standIns = this;
    const owner = this.#owner;
    const standIn = function (this: unknown, ...args: unknown[]): unknown {
      const given = needed >= 0 && args.length > needed ? args.slice(0, needed) : args;
      if (!new.target) {
        return owner.ask("call", (value) => ({
          f: ["r", id],
          o: standIns.#thisValue(this, standIn, value),
          v: given.map(value),
        }));
      }
      const made = owner.ask("new", (value) => ({ f: ["r", id], v: given.map(value) }));
      if (new.target !== standIn && typeof made === "object" && made !== null)
        Object.setPrototypeOf(made, (new.target as { prototype: object }).prototype);
      return made;
    };
    Object.defineProperty(standIn, "name", { value: name, configurable: true });
    Object.defineProperty(standIn, "length", { value: length, configurable: true });
    return standIn;
  }

  /**
   * The judge's own objects on which it happens to call a function of the candidate stay closed to it, since they may
   * hold what is expected: a row of a table is called as `row.run(row.input)`. One that inherits the function as a method,
   * under its own name, crosses as it is.
   */
  #thisValue(self: unknown, standIn: Callable, value: (value: unknown) => Json): Json {
    if (this.#owner.side === "candidate" || (typeof self !== "object" && typeof self !== "function"))
      return value(self);
    if (self === null || this.#owner.space.idOf(self) !== undefined) return value(self);
    if (self === globalThis) return ["u"];
    if (Object.prototype.toString.call(self) === "[object Module]") return ["u"];
    const { name } = standIn;
    if (name !== "" && !Object.hasOwn(self, name) && (self as Record<string, unknown>)[name] === standIn)
      return value(self);
    return this.#owner.space.opaque(self);
  }

  instance(id: number, own: ReadonlySet<PropertyKey>): object {
    const { primitive } = this;
    const owner = this.#owner;
    const target: object = {};
    let epoch = -1;
    const seen = new Map<PropertyKey, unknown>();
    let seenEpoch = -1;
    const refresh = (): void => {
      if (epoch === owner.epoch) return;
      const props = owner.askRaw("read", () => ({ o: reference(id) }));
      const list = asArray(props, "properties").map((entry) => {
        const [wire, value, hidden] = asArray(entry, "a property");
        const key = owner.read(wire);
        if (typeof key !== "string" && typeof key !== "symbol") fail("a key");
        return { key, value: owner.read(value), enumerable: hidden !== true };
      });
      writeProperties(target, list, "g");
      epoch = owner.epoch;
    };
    return new Proxy(target, {
      get(_, key, receiver) {
        if (key === Symbol.toPrimitive) return primitive;
        const prototype = Object.getPrototypeOf(target) as object | null;
        const inherited = prototype !== null && reflectHas(prototype, key);
        if (!own.has(key)) {
          if (inherited) return reflectGet(prototype, key, receiver);
          if (typeof key === "symbol" && owner.space.idOf(key) === undefined && !Symbol.keyFor(key))
            return undefined;
        }
        if (epoch === owner.epoch) {
          const found = getOwnPropertyDescriptor(target, key);
          if (found) return found.value as unknown;
        } else {
          if (seenEpoch !== owner.epoch) seen.clear();
          seenEpoch = owner.epoch;
          if (seen.has(key)) return seen.get(key);
          const answer = owner.askRaw("get", (value) => ({ o: reference(id), b: value(key) }));
          const found = asArray(answer, "a property");
          if (found.length > 0) {
            const value = owner.read(found[0]);
            seen.set(key, value);
            return value;
          }
        }
        return inherited ? reflectGet(prototype, key, receiver) : undefined;
      },
      has(_, key) {
        refresh();
        return reflectHas(target, key);
      },
      ownKeys() {
        refresh();
        return ownKeys(target);
      },
      getOwnPropertyDescriptor(_, key) {
        refresh();
        return getOwnPropertyDescriptor(target, key);
      },
      set(_, key, value, receiver) {
        const prototype = Object.getPrototypeOf(target) as object | null;
        const setter = prototype === null ? undefined : setterOf(prototype, key);
        if (setter) {
          apply(setter, receiver, [value]);
          return true;
        }
        return owner.ask("set", (wire) => ({ o: reference(id), b: wire(key), v: [wire(value)] })) === true;
      },
      deleteProperty(_, key) {
        epoch = -1;
        return owner.ask("del", (wire) => ({ o: reference(id), b: wire(key) })) === true;
      },
      defineProperty(_, key, attributes) {
        const { value, enumerable = false, writable = false, configurable = false } = attributes;
        if (attributes.get || attributes.set) return false;
        const flags = [enumerable, writable, configurable];
        epoch = -1;
        const done = owner.ask("def", (wire) => ({
          o: reference(id),
          b: wire(key),
          v: [wire(value), ...flags],
        }));
        return done === true && configurable;
      },
      preventExtensions: () => false,
    });
  }

  /** An object that answers for itself never equals data: it gives no primitive where it is compared with one. */
  #makePrimitive(): Callable {
    const owner = this.#owner;
    return function (this: unknown, hint: unknown): unknown {
      if (hint === "default" && owner.side === "judge")
        throw new TypeError("An object of the candidate's own making is compared with a primitive value.");
      const id = typeof this === "object" && this !== null ? owner.space.idOf(this) : undefined;
      if (id === undefined || owner.space.isOwn(id))
        return hint === "number" ? Number.NaN : "[object Object]";
      const answer = owner.ask("prim", () => ({
        o: reference(id),
        h: hint === "number" ? "number" : "string",
      }));
      if (typeof answer === "object" && answer !== null) fail("an object as a primitive");
      return answer;
    };
  }

  proxy(id: number, callable: boolean): object {
    const owner = this.#owner;
    const trap =
      (name: string) =>
      (_: object, ...args: unknown[]): never =>
        owner.ask("trap", (wire) => ({ o: reference(id), b: name, v: args.map(wire) })) as never;
    const bound = (() => {}).bind(undefined);
    const target: object = callable ? bound : (Object.create(STAND_IN) as object);
    if (callable) for (const key of ownKeys(target)) Reflect.deleteProperty(target, key);
    const plain = (name: string) => (_: object, key: PropertyKey) => trap(name)(_, key);
    return new Proxy(target, {
      get: (_, key) => (key === Symbol.toPrimitive ? this.primitive : trap("get")(_, key)),
      set: (_, key, value) => trap("set")(_, key, value),
      has: plain("has"),
      deleteProperty: plain("deleteProperty"),
      ownKeys: (_) => [...(asArray(trap("ownKeys")(_), "keys") as readonly unknown[] as (string | symbol)[])],
      getOwnPropertyDescriptor: (_, key) => {
        const found = trap("getOwnPropertyDescriptor")(_, key) as PropertyDescriptor | undefined;
        return found && { ...found, configurable: true };
      },
      apply: (_, self, args) =>
        owner.ask("call", (wire) => ({
          f: reference(id),
          o: this.#thisValue(self, bound, wire),
          v: args.map(wire),
        })),
      construct: (_, args) => owner.ask("new", (wire) => ({ f: reference(id), v: args.map(wire) })) as object,
    });
  }
}
