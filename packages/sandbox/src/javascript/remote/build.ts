import { intrinsicNamed, intrinsicOf } from "./intrinsics.js";
import { asArray, asNumber, asRecord, asText, fail, type Json, type WireNode } from "./wire.js";

/** What building asks of the side that builds. */
export interface BuildContext {
  value(wire: unknown): unknown;
  /** A function that calls the other side's. */
  standInFunction(id: number, name: string, length: number, needed: number): object;
  /** An instance of a class of the other side, which answers for it. */
  standInInstance(id: number, own: ReadonlySet<PropertyKey>): object;
  /** A proxy of the other side. */
  standInProxy(id: number, callable: boolean): object;
  /** A promise of the other side. */
  standInPromise(id: number): object;
  /** The `Symbol.toPrimitive` of whatever the other side answers for. */
  readonly toPrimitive: (hint: string) => unknown;
}

const { defineProperty, getPrototypeOf, setPrototypeOf, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const { freeze, seal, preventExtensions } = Object;
const TEXT_KEYS = /^(?:0|[1-9]\d*)$/;
/** Kinds whose own methods must stay those of this side: what they hold is data. */
const SEALED_KINDS = "admsxvbwp";

/** Makes the empty object that a description is then written into by {@link fill}. Views need their buffers first. */
export function create(id: number, node: WireNode, context: BuildContext): object | symbol {
  switch (node.k) {
    case "o":
    case "P":
      return {};
    case "a":
      return [];
    case "m":
      return new Map();
    case "s":
      return new Set();
    case "d":
      return new Date(Number(context.value(node.b)));
    case "x": {
      const [source, flags] = asArray(node.b, "a regular expression");
      return guarded(() => new RegExp(asText(source, "a pattern"), asText(flags, "flags")));
    }
    case "e": {
      const [name] = asArray(node.b, "an error");
      const made = intrinsicNamed(asText(name, "the name of an error"));
      if (made?.kind !== "e") fail("an error of an unknown class");
      return Reflect.construct(Error, [], made.constructor) as object;
    }
    case "b":
      return textToBytes(node.b).buffer;
    case "v":
      return createView(node, context);
    case "w": {
      const value = context.value(node.b);
      if (value === null || value === undefined || typeof value === "object") fail("a boxed value");
      return Object(value) as object;
    }
    case "u": {
      const made = intrinsicNamed("URL")?.constructor as unknown as
        | (new (
            href: string,
          ) => object)
        | undefined;
      return made ? guarded(() => new made(asText(node.b, "a URL"))) : fail("a URL");
    }
    case "y":
      return Symbol(node.b === null ? undefined : asText(node.b, "a symbol"));
    case "f": {
      const [name, length, , needed] = asArray(node.b, "a function");
      return context.standInFunction(
        id,
        asText(name, "a name"),
        asNumber(length, "a length"),
        asNumber(needed, "a count"),
      );
    }
    case "g":
      return context.standInInstance(
        id,
        new Set(asArray(node.p ?? [], "names").map((key) => keyOf(key, context))),
      );
    case "X":
      return context.standInProxy(id, node.b === 1);
    case "p":
      return context.standInPromise(id);
    case "q":
      return freeze(Object.create(null) as object);
    default:
      return fail("an object of an unknown kind");
  }
}

function guarded(make: () => object): object {
  try {
    return make();
  } catch {
    return fail("an object that cannot be made");
  }
}

function createView(node: WireNode, context: BuildContext): object {
  const [name, source, offset, length] = asArray(node.b, "a view");
  const made = intrinsicNamed(asText(name, "the class of a view"));
  if (made?.kind !== "v") fail("a view of an unknown class");
  if (typeof source === "string") {
    const bytes = textToBytes(source);
    if (made.name === "Buffer")
      return (made.constructor as unknown as { from(data: ArrayBuffer): object }).from(bytes.buffer);
    return guarded(() => construct(made.constructor, [bytes.buffer]));
  }
  const buffer = context.value(source);
  if (!(buffer instanceof ArrayBuffer)) fail("a view without a buffer");
  return guarded(() =>
    construct(made.constructor, [buffer, asNumber(offset, "an offset"), asNumber(length, "a length")]),
  );
}

const construct = (made: unknown, args: readonly unknown[]): object =>
  Reflect.construct(made as new () => object, args) as object;

/** Whether an object can be made before others are there. */
export const isFirst = (node: WireNode): boolean => node.k !== "v";

/** Writes a description into its object: once when it is new, and again when the other side changed it. */
export function fill(target: object, node: WireNode, fresh: boolean, context: BuildContext): void {
  switch (node.k) {
    case "g":
    case "X":
    case "q":
    case "p":
      if (node.o !== undefined && fresh) link(target, node, context);
      return;
    case "P":
      fillPrototype(target, node, context);
      return;
    case "f":
      fillFunction(target, node, context);
      return;
    case "a":
      fillArray(target as unknown[], node.b, context);
      break;
    case "m": {
      const entries = asArray(node.b, "a map").map((entry) => asArray(entry, "an entry"));
      const values = entries.map(([key, item]) => [context.value(key), context.value(item)] as const);
      apply(clearMap, target, []);
      for (const entry of values) apply(setInMap, target, entry as unknown as unknown[]);
      break;
    }
    case "s": {
      const values = asArray(node.b, "a set").map((item) => context.value(item));
      apply(clearSet, target, []);
      for (const value of values) apply(addToSet, target, [value]);
      break;
    }
    case "d":
      if (!fresh) apply(setTime, target, [Number(context.value(node.b))]);
      break;
    case "x":
      defineProperty(target, "lastIndex", { value: asArray(node.b, "a pattern")[2] });
      break;
    case "e": {
      const [, stack] = asArray(node.b, "an error");
      const text = stack === null ? undefined : asText(stack, "a stack");
      if (fresh) deleteProperty(target, "message");
      defineProperty(target, "stack", { value: text, writable: true, configurable: true, enumerable: false });
      break;
    }
    case "b":
      if (!fresh) copyBytes(new Uint8Array(target as ArrayBuffer), textToBytes(node.b));
      break;
    case "v": {
      const [, source] = asArray(node.b, "a view");
      const { buffer, byteOffset, byteLength } = target as ArrayBufferView;
      if (!fresh && typeof source === "string")
        copyBytes(new Uint8Array(buffer, byteOffset, byteLength), textToBytes(source));
      break;
    }
  }
  fillProperties(target, node, context);
  if (fresh) link(target, node, context);
  if (node.x === 3) freeze(target);
  else if (node.x === 2) seal(target);
  else if (node.x === 1) preventExtensions(target);
}

const { apply } = Reflect;
const { clear: clearMap, set: setInMap } = Map.prototype;
const { clear: clearSet, add: addToSet } = Set.prototype;
const { setTime } = Date.prototype;

function copyBytes(target: Uint8Array, source: Uint8Array): void {
  if (target.length === source.length) target.set(source);
  else fail("bytes of another length");
}

function link(target: object, node: WireNode, context: BuildContext): void {
  if (node.o === undefined) return;
  const prototype = context.value(node.o);
  if (prototype !== null && typeof prototype !== "object" && typeof prototype !== "function")
    fail("a prototype");
  if (SEALED_KINDS.includes(node.k)) keepBuiltins(prototype as object | null, node.k);
  setPrototypeOf(target, prototype as object | null);
}

/**
 * A class that extends an array, map, date… has that class's own methods here: they read the data that crossed. What does not
 * extend the class of its kind is none of that kind.
 */
function keepBuiltins(start: object | null, kind: string): void {
  const mirrored: object[] = [];
  for (let at = start; at !== null && mirrored.length < 100; at = getPrototypeOf(at)) {
    const builtin = intrinsicOf(at);
    if (builtin && builtin.kind !== kind) break;
    if (builtin) {
      for (const own of mirrored) {
        for (const key of Reflect.ownKeys(own))
          if (key !== "constructor" && (key in at || key === Symbol.toPrimitive)) deleteProperty(own, key);
      }
      return;
    }
    mirrored.push(at);
  }
  fail("data that does not extend the class of its kind");
}

function fillArray(target: unknown[], body: unknown, context: BuildContext): void {
  if (Array.isArray(body)) {
    const items = body as readonly unknown[];
    for (let index = 0; index < items.length; index++) {
      const wire = items[index];
      if (Array.isArray(wire) && wire[0] === "h") deleteProperty(target, String(index));
      else
        defineProperty(target, String(index), {
          value: context.value(wire),
          writable: true,
          enumerable: true,
          configurable: true,
        });
    }
    if (target.length !== items.length) target.length = items.length;
    return;
  }
  const { n, i } = asRecord(body, "an array");
  const length = asNumber(n, "a length");
  const items = new Map(
    asArray(i, "items").map((entry) => {
      const [key, item] = asArray(entry, "an item");
      return [asText(key, "an index"), context.value(item)] as const;
    }),
  );
  for (const key of Object.keys(target))
    if (TEXT_KEYS.test(key) && !items.has(key)) deleteProperty(target, key);
  for (const [key, value] of items)
    defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  if (!(Number.isSafeInteger(length) && length >= 0 && length < 2 ** 32)) fail("a length");
  target.length = length;
}

function keyOf(wire: unknown, context: BuildContext): string | symbol {
  const key = context.value(wire);
  return typeof key === "string" || typeof key === "symbol" ? key : fail("a key");
}

function fillProperties(target: object, node: WireNode, context: BuildContext): void {
  const props = asArray(node.p ?? [], "properties").map((entry) => {
    const [key, value, hidden] = asArray(entry, "a property");
    return { key: keyOf(key, context), value: context.value(value), enumerable: hidden !== 1 };
  });
  const builtin = node.k === "o" ? undefined : getPrototypeOf(target);
  for (const { key, value } of props) {
    if (typeof value !== "function") continue;
    // Data that answers by functions of its own when it is read or compared is no data.
    if (SEALED_KINDS.includes(node.k) && builtin && key in builtin) fail(`a ${String(key)} of its own`);
    if (node.k === "o" && CONVERSIONS.includes(key)) fail("an object that converts");
  }
  writeProperties(target, props, node.k);
}

const CONVERSIONS: readonly PropertyKey[] = ["valueOf", "toString", Symbol.toPrimitive];

interface Property {
  readonly key: string | symbol;
  readonly value: unknown;
  readonly enumerable: boolean;
}

/** Makes the own properties of an object those of a list, in its order. */
export function writeProperties(target: object, props: readonly Property[], kind: string): void {
  const own = Reflect.ownKeys(target).filter((key) => isProperty(key, kind));
  const wanted = new Set<PropertyKey>(props.map(({ key }) => key));
  for (const key of own) if (!wanted.has(key)) deleteProperty(target, key);
  const kept = own.filter((key) => wanted.has(key));
  if (kept.some((key, index) => key !== props[index]?.key))
    for (const key of kept) deleteProperty(target, key);
  for (const { key, value, enumerable } of props) {
    if (!isProperty(key, kind)) fail("a property that is part of its object");
    const found = getOwnPropertyDescriptor(target, key);
    if (found?.set) Reflect.set(target, key, value);
    else if (
      !found ||
      !("value" in found) ||
      !Object.is(found.value, value) ||
      found.enumerable !== enumerable
    )
      defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
  }
}

/** Whether a key is a property, and not what its object holds. */
function isProperty(key: PropertyKey, kind: string): boolean {
  if (kind === "a") return key !== "length" && !(typeof key === "string" && TEXT_KEYS.test(key));
  if (kind === "v") return !(typeof key === "string" && TEXT_KEYS.test(key));
  if (kind === "w") return key !== "length" && !(typeof key === "string" && TEXT_KEYS.test(key));
  if (kind === "x") return key !== "lastIndex";
  if (kind === "e") return key !== "stack";
  if (kind === "f") return !["length", "name", "prototype", "arguments", "caller"].includes(String(key));
  return true;
}

function fillFunction(target: object, node: WireNode, context: BuildContext): void {
  if (node.o !== undefined) {
    const parent = context.value(node.o);
    if (typeof parent !== "function") fail("a parent class");
    setPrototypeOf(target, parent);
  }
  if (node.q !== undefined) {
    const prototype = context.value(node.q);
    if (typeof prototype !== "object" || prototype === null) fail("a prototype");
    Reflect.set(target, "prototype", prototype);
  }
  const props = asArray(node.p ?? [], "properties").map((entry) => {
    const [key, value, hidden] = asArray(entry, "a property");
    return { key: keyOf(key, context), value: context.value(value), enumerable: hidden !== 1 };
  });
  writeProperties(
    target,
    props.filter(({ key }) => key !== Symbol.hasInstance && !(String(key) in Function.prototype)),
    "f",
  );
}

function fillPrototype(target: object, node: WireNode, context: BuildContext): void {
  const parent = node.o === undefined ? Object.prototype : context.value(node.o);
  if (parent !== null && typeof parent !== "object" && typeof parent !== "function") fail("a prototype");
  setPrototypeOf(target, parent as object | null);
  for (const entry of asArray(node.p ?? [], "properties")) {
    const [wire, form, first, second] = asArray(entry, "a property");
    const key = keyOf(wire, context);
    const value = context.value(first);
    if (form === 2) {
      const set = context.value(second ?? ["u"]);
      if (!isFunctionOrNone(value) || !isFunctionOrNone(set)) fail("an accessor");
      defineProperty(target, key, { get: value, set, enumerable: false, configurable: true });
    } else defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
  }
  defineProperty(target, Symbol.toPrimitive, { value: context.toPrimitive, configurable: true });
  if (node.q === undefined) return;
  const owner = context.value(node.q);
  if (typeof owner !== "function") fail("a class");
  defineProperty(target, "constructor", {
    value: owner,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  if (Object.getOwnPropertyDescriptor(owner, "prototype")?.writable) Reflect.set(owner, "prototype", target);
}

function isFunctionOrNone(value: unknown): value is (() => unknown) | undefined {
  return value === undefined || typeof value === "function";
}

function textToBytes(text: Json | undefined): Uint8Array<ArrayBuffer> {
  const digits = asText(text, "bytes");
  if (!/^(?:[0-9a-f]{2})*$/.test(digits)) fail("bytes");
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
