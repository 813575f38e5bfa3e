import { type BuildContext, create, fill, isFirst } from "./build.js";
import {
  type DescribeContext,
  type Described,
  describe,
  describePrototype,
  functionProperties,
  Prototype,
} from "./describe.js";
import {
  FORBIDDEN,
  FUNCTION_PROTOTYPES,
  intrinsicNamed,
  intrinsicOf,
  sharedClass,
  sharedName,
} from "./intrinsics.js";
import {
  asArray,
  asId,
  asRecord,
  asText,
  decodeValue,
  encodePrimitive,
  fail,
  type Json,
  type WireNode,
} from "./wire.js";

/** A copied object, whose changes are looked for whenever the other side gets control. */
interface Live {
  readonly value: object;
  readonly prototype: boolean;
  text: string;
  weight: number;
  used: number;
}

/** More copies than these are not kept equal on both sides once a call is over; the oldest become strangers. */
const MAX_LIVE = 256;
const MAX_LIVE_WEIGHT = 8192;
/** In calls within calls, changes are looked for in all copies only while these are few. */
const MAX_NESTED_WEIGHT = 256;

/** What a space asks of its owner. */
export interface SpaceHooks extends Omit<BuildContext, "value"> {
  isProxy(value: object): boolean;
  watch(id: number, promise: object): void;
  /** An object that must not cross was about to. */
  forbidden(value: unknown): void;
}

/** The objects that both sides know, by number. This side's have positive numbers in the judge, negative in the candidate. */
export class Space implements DescribeContext, BuildContext {
  readonly side: "judge" | "candidate";
  readonly #hooks: SpaceHooks;
  readonly #objects = new Map<number, object | symbol>();
  readonly #ids = new Map<object | symbol, number>();
  readonly #live = new Map<number, Live>();
  readonly #kinds = new Map<number, string>();
  readonly #closed = new Set<number>();
  /** Functions of the other side that carry properties, as they were described. */
  readonly #standIns = new Map<number, WireNode>();
  #queue: { readonly id: number; readonly value: object; readonly prototype: boolean }[] = [];
  #next: number;
  #clock = 0;
  #forgotten: number[] = [];
  #watched = 0;

  constructor(side: "judge" | "candidate", hooks: SpaceHooks) {
    this.side = side;
    this.#hooks = hooks;
    this.#next = side === "judge" ? 1 : -1;
  }

  get standInFunction(): BuildContext["standInFunction"] {
    return this.#hooks.standInFunction;
  }
  get standInInstance(): BuildContext["standInInstance"] {
    return this.#hooks.standInInstance;
  }
  get standInProxy(): BuildContext["standInProxy"] {
    return this.#hooks.standInProxy;
  }
  get standInPromise(): BuildContext["standInPromise"] {
    return this.#hooks.standInPromise;
  }
  get toPrimitive(): BuildContext["toPrimitive"] {
    return this.#hooks.toPrimitive;
  }

  isProxy(value: object): boolean {
    return this.#hooks.isProxy(value);
  }

  watch(promise: object): void {
    this.#hooks.watch(this.#watched, promise);
  }

  /** The number of an object that both sides know. */
  idOf(value: object | symbol): number | undefined {
    return this.#ids.get(value);
  }

  /** Whether an object is this side's own. */
  isOwn(id: number): boolean {
    return id > 0 === (this.side === "judge");
  }

  /** A value on the wire. */
  value(value: unknown): Json {
    const primitive = encodePrimitive(value);
    if (primitive !== undefined) return primitive;
    if (value instanceof Prototype) return this.#reference(value.of, true);
    return this.#reference(value as object | symbol, false);
  }

  #reference(value: object | symbol, prototype: boolean): Json {
    const known = this.#ids.get(value);
    if (known !== undefined) {
      const live = this.#live.get(known);
      if (live) live.used = this.#clock;
      return ["r", known];
    }
    if (typeof value !== "symbol") {
      const name = sharedName(value);
      if (name !== undefined) return ["c", name];
      const intrinsic = intrinsicOf(value);
      if (intrinsic) return ["i", intrinsic.name];
      if (FUNCTION_PROTOTYPES.has(value)) return ["F"];
      if (FORBIDDEN.has(value)) {
        this.#hooks.forbidden(value);
        return ["u"];
      }
    }
    const id = this.#own(value);
    if (typeof value === "symbol") this.#symbols.push([id, { k: "y", b: value.description ?? null }]);
    else this.#queue.push({ id, value, prototype });
    return ["r", id];
  }

  #symbols: Json[] = [];

  /** Makes an object known without telling what is in it. */
  opaque(value: object): Json {
    const known = this.#ids.get(value);
    if (known !== undefined) return ["r", known];
    const id = this.#own(value);
    this.#closed.add(id);
    this.#symbols.push([id, { k: "q" }]);
    return ["r", id];
  }

  /** Whether an object of this side was made known without what is in it: the other side may hand it back, no more. */
  isClosed(id: number): boolean {
    return this.#closed.has(id);
  }

  #own(value: object | symbol): number {
    const id = this.#next;
    this.#next += this.side === "judge" ? 1 : -1;
    this.#know(id, value);
    return id;
  }

  #know(id: number, value: object | symbol): void {
    this.#objects.set(id, value);
    this.#ids.set(value, id);
  }

  /** Descriptions of all that is new or has changed since the last time. Call it after the frame's values were written. */
  news(nested: boolean): readonly Json[] {
    const nodes: Json[] = [];
    this.#describeQueue(nodes);
    let weight = 0;
    for (const live of this.#live.values()) weight += live.weight;
    for (const [id, live] of this.#live) {
      if (live.used !== this.#clock && nested && weight > MAX_NESTED_WEIGHT) continue;
      const described = this.#describe(id, live.value, live.prototype);
      const text = JSON.stringify(described.node);
      if (text === live.text) continue;
      live.text = text;
      live.weight = described.weight;
      nodes.push([id, described.node as unknown as Json]);
    }
    this.#describeQueue(nodes);
    this.#clock++;
    const symbols = this.#symbols;
    this.#symbols = [];
    return [...symbols, ...nodes];
  }

  #describeQueue(nodes: Json[]): void {
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) {
      const { id, value, prototype } = next;
      const described = this.#describe(id, value, prototype);
      nodes.push([id, described.node as unknown as Json]);
      this.#kinds.set(id, described.node.k);
      if (described.live) this.#keep(id, value, JSON.stringify(described.node), described.weight, prototype);
    }
  }

  #describe(id: number, value: object, prototype: boolean): Described {
    this.#watched = id;
    const standIn = this.#standIns.get(id);
    if (standIn) {
      const props = functionProperties(value, this);
      return { node: { ...standIn, p: props }, live: true, weight: 1 + props.length };
    }
    return prototype ? describePrototype(value, this) : describe(value, this);
  }

  #keep(id: number, value: object, text: string, weight: number, prototype = false): void {
    this.#live.set(id, { value, prototype, text, weight, used: this.#clock });
  }

  /** Reads a value. */
  read(wire: unknown): unknown {
    return decodeValue(wire, (kind, word) => {
      switch (kind) {
        case "r":
          return this.#objects.get(asId(word)) ?? fail("an object that nobody knows");
        case "c":
          return sharedClass(asText(word, "a class")) ?? fail("a class");
        case "i":
          return intrinsicNamed(asText(word, "a class"))?.prototype ?? fail("a class");
        case "F":
          return Function.prototype;
        default:
          return fail("a value");
      }
    });
  }

  /** Takes in what the other side tells of its objects, and of copies that it changed. */
  absorb(wire: unknown): void {
    const nodes = asArray(wire, "objects").map((entry) => {
      const [id, node] = asArray(entry, "an object");
      return [asId(id), asRecord(node, "an object") as unknown as WireNode] as const;
    });
    const reader: BuildContext = this.#reader;
    const fresh = new Set<number>();
    const make = (id: number, node: WireNode): void => {
      if (this.#objects.has(id)) return;
      if (this.isOwn(id)) fail("an object of this side that it does not know");
      this.#know(id, create(id, node, reader));
      this.#kinds.set(id, node.k);
      fresh.add(id);
    };
    for (const [id, node] of nodes) if (isFirst(node)) make(id, node);
    for (const [id, node] of nodes) if (!isFirst(node)) make(id, node);
    for (const [id, node] of nodes) if (node.k === "P") this.#fill(id, node, fresh.has(id));
    for (const [id, node] of nodes) if (node.k !== "P" && node.k !== "y") this.#fill(id, node, fresh.has(id));
  }

  #fill(id: number, node: WireNode, fresh: boolean): void {
    const target = this.#objects.get(id);
    if (typeof target === "symbol" || target === undefined || this.#kinds.get(id) !== node.k)
      fail("an object of another kind");
    if (!fresh && "gXqpP".includes(node.k)) return;
    if (!fresh && this.isOwn(id) && node.k === "f" && this.side === "judge") fail("a change of a function");
    fill(target, node, fresh, this.#reader);
    if (node.k === "f" && node.p !== undefined && !this.isOwn(id)) this.#standIns.set(id, node);
    if ("oamsdxebvw".includes(node.k) || (node.k === "f" && node.p !== undefined))
      this.#keep(id, target, JSON.stringify(node), 1 + sizeOf(node.b) + sizeOf(node.p));
  }

  readonly #reader: BuildContext = (() => {
    const space = this;
    return {
      value: (wire: unknown) => space.read(wire),
      get standInFunction() {
        return space.standInFunction;
      },
      get standInInstance() {
        return space.standInInstance;
      },
      get standInProxy() {
        return space.standInProxy;
      },
      get standInPromise() {
        return space.standInPromise;
      },
      get toPrimitive() {
        return space.toPrimitive;
      },
    };
  })();

  /** Lets go of the oldest copies when there are too many. Only the judge does, between calls. */
  retire(): void {
    let weight = 0;
    for (const live of this.#live.values()) weight += live.weight;
    if (this.#live.size <= MAX_LIVE && weight <= MAX_LIVE_WEIGHT) return;
    const oldest = [...this.#live].sort(([, a], [, b]) => a.used - b.used);
    let count = this.#live.size;
    for (const [id, live] of oldest) {
      if ((count <= MAX_LIVE / 2 && weight <= MAX_LIVE_WEIGHT / 2) || live.used >= this.#clock - 2) break;
      count--;
      weight -= live.weight;
      // What holds functions is not data alone: it must stay the same object.
      if (this.#kinds.get(id) === "f" || holdsFunctions(live.value)) this.#live.delete(id);
      else {
        this.forget(id);
        this.#forgotten.push(id);
      }
    }
  }

  /** Numbers that the other side may let go of, too. */
  takeForgotten(): readonly number[] {
    const ids = this.#forgotten;
    if (ids.length > 0) this.#forgotten = [];
    return ids;
  }

  forget(id: number): void {
    const value = this.#objects.get(id);
    if (value !== undefined) this.#ids.delete(value);
    this.#objects.delete(id);
    this.#live.delete(id);
    this.#kinds.delete(id);
    this.#standIns.delete(id);
  }
}

function holdsFunctions(value: object): boolean {
  return Reflect.ownKeys(value).some(
    (key) => typeof Reflect.getOwnPropertyDescriptor(value, key)?.value === "function",
  );
}

function sizeOf(value: Json | undefined): number {
  if (typeof value === "string") return value.length / 16;
  return Array.isArray(value) ? value.length : 0;
}
