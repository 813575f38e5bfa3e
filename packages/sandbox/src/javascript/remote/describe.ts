import { FUNCTION_PROTOTYPES, type Intrinsic, intrinsicOf, isOfKind, unboxed } from "./intrinsics.js";
import type { Json, WireNode } from "./wire.js";

/** What {@link describe} asks of the side whose object it is. */
export interface DescribeContext {
  readonly side: "judge" | "candidate";
  /** A value on the wire; objects become references and are described in their turn. */
  value(value: unknown): Json;
  isProxy(value: object): boolean;
  /** Hands over the end of a promise once it is known. */
  watch(promise: object): void;
}

/** An object on the wire. `live`: it is a copy there, so that its changes have to be told. */
export interface Described {
  readonly node: WireNode;
  readonly live: boolean;
  /** How much there is to compare when changes are looked for. */
  readonly weight: number;
}

const { getPrototypeOf, ownKeys, getOwnPropertyDescriptor, isExtensible, apply } = Reflect;
const { isFrozen, isSealed } = Object;
const sourceOf = Function.prototype.toString;
const { getTime } = Date.prototype;

/** Names by which an object answers when it is compared with a primitive. */
const CONVERSIONS: readonly PropertyKey[] = ["valueOf", "toString", Symbol.toPrimitive];
/** Prototypes are followed so far. */
const MAX_DEPTH = 100;

/** Describes one object; what it refers to goes through `context.value`. */
export function describe(value: object, context: DescribeContext): Described {
  if (context.isProxy(value)) return handle({ k: "X", b: typeof value === "function" ? 1 : 0 });
  if (typeof value === "function") return describeFunction(value as (...args: unknown[]) => unknown, context);
  const found = classOf(value);
  if (!found) {
    if (getPrototypeOf(value) !== null || (converts(value) && !isModuleNamespace(value)))
      return describeInstance(value, context);
    return describeData(value, undefined, context);
  }
  const { intrinsic, direct } = found;
  if (intrinsic.kind === "p") {
    context.watch(value);
    return handle({ k: "p", ...prototypeOf(value, direct, context) });
  }
  if (intrinsic.kind !== "o") return describeData(value, intrinsic, context, direct);
  if (direct && !converts(value)) return describeData(value, intrinsic, context);
  if (!direct && isFrozen(value) && !converts(value)) return describeData(value, intrinsic, context, direct);
  return describeInstance(value, context);
}

function handle(node: WireNode): Described {
  return { node, live: false, weight: 0 };
}

/** The nearest built-in class of an object, and whether it is its very own. */
function classOf(value: object): { readonly intrinsic: Intrinsic; readonly direct: boolean } | undefined {
  let prototype = getPrototypeOf(value);
  for (let depth = 0; prototype !== null && depth < MAX_DEPTH; depth++) {
    const intrinsic = intrinsicOf(prototype);
    if (intrinsic && isOfKind(value, intrinsic)) return { intrinsic, direct: depth === 0 };
    prototype = getPrototypeOf(prototype);
  }
  return undefined;
}

function converts(value: object): boolean {
  return CONVERSIONS.some((key) => typeof getOwnPropertyDescriptor(value, key)?.value === "function");
}

function prototypeOf(value: object, direct: boolean, context: DescribeContext): { readonly o?: Json } {
  if (direct) return {};
  const prototype = getPrototypeOf(value);
  return { o: prototype === null ? null : context.value(new Prototype(prototype)) };
}

/** Says that an object is wanted as a prototype: it is then described whole, accessors as such. */
export class Prototype {
  readonly of: object;
  constructor(of: object) {
    this.of = of;
  }
}

function describeInstance(value: object, context: DescribeContext): Described {
  const prototype = getPrototypeOf(value);
  const own = ownKeys(value);
  const known = own.length > 64 ? [] : own.filter((key) => prototype !== null && key in prototype);
  const shadowing = known.map((key) => context.value(key));
  return handle({
    k: "g",
    ...prototypeOf(value, prototype !== null && intrinsicOf(prototype) !== undefined, context),
    ...(shadowing.length > 0 ? { p: shadowing } : {}),
    ...(isExtensible(value) ? {} : { x: 1 }),
  });
}

function describeFunction(value: (...args: unknown[]) => unknown, context: DescribeContext): Described {
  const source = apply(sourceOf, value, []) as string;
  const isClass = /^class\b/.test(source);
  const judged = context.side === "judge";
  const prototype = getOwnPropertyDescriptor(value, "prototype")?.value as unknown;
  const parent = getPrototypeOf(value);
  const props = judged ? [] : functionProperties(value, context);
  const name = readText(value, "name");
  const node: WireNode = {
    k: "f",
    b: [name, readNumber(value, "length"), isClass, judged ? argumentsNeeded(value, source) : -1],
    ...(props.length > 0 ? { p: props } : {}),
    ...(typeof parent === "function" && !FUNCTION_PROTOTYPES.has(parent) && !judged
      ? { o: context.value(parent) }
      : {}),
    ...(isClass && typeof prototype === "object" && prototype !== null
      ? { q: context.value(new Prototype(prototype)) }
      : {}),
  };
  return { node, live: props.length > 0, weight: 1 + props.length };
}

const FUNCTION_KEYS: readonly PropertyKey[] = [
  ...["length", "name", "prototype", "arguments", "caller"],
  Symbol.hasInstance,
];

/** What a function carries: static members, counters. */
export function functionProperties(value: object, context: DescribeContext): readonly Json[] {
  const keys = ownKeys(value).filter((key) => !FUNCTION_KEYS.includes(key));
  return keys.map((key) => property(value, key, context));
}

/** How many arguments a function can tell apart; -1 for all. What is beyond them need not cross. */
function argumentsNeeded(value: (...args: unknown[]) => unknown, source: string): number {
  const parameters = /^(?:async\s+)?(?:function\b[^(]*)?\(?([^)=]*)(?:\)|=>)/.exec(source)?.[1];
  if (parameters === undefined || /\.\.\.|[[{]/.test(parameters)) return -1;
  if (/\barguments\b|\[native code\]|\beval\b/.test(source)) return -1;
  return value.length;
}

function readText(value: object, key: string): string {
  const found = getOwnPropertyDescriptor(value, key)?.value as unknown;
  return typeof found === "string" ? found : "";
}

function readNumber(value: object, key: string): number {
  const found = getOwnPropertyDescriptor(value, key)?.value as unknown;
  return typeof found === "number" ? found : 0;
}

/** Describes an object that is wanted as a prototype. */
export function describePrototype(value: object, context: DescribeContext): Described {
  const props: Json[] = [];
  let owner: Json | undefined;
  for (const key of ownKeys(value)) {
    const found = getOwnPropertyDescriptor(value, key);
    if (!found) continue;
    if (key === "constructor") {
      const maker = found.value as unknown;
      if (typeof maker !== "function" || (maker as { prototype?: unknown }).prototype !== value) continue;
      if (context.side === "judge" && !/^(?:class|function)\b(?!.*\[native code\])/s.test(sourceText(maker)))
        continue;
      owner = context.value(maker);
    } else if (found.get || found.set) {
      props.push([context.value(key), 2, context.value(found.get), context.value(found.set)]);
    } else props.push([context.value(key), 1, context.value(found.value)]);
  }
  const parent = getPrototypeOf(value);
  return handle({
    k: "P",
    p: props,
    ...(parent === Object.prototype
      ? {}
      : { o: parent === null ? null : context.value(new Prototype(parent)) }),
    ...(owner === undefined ? {} : { q: owner }),
  });
}

function sourceText(value: unknown): string {
  return apply(sourceOf, value, []) as string;
}

function property(value: object, key: PropertyKey, context: DescribeContext): Json {
  let found: PropertyDescriptor | undefined;
  let content: unknown;
  try {
    found = getOwnPropertyDescriptor(value, key);
    content = found && "value" in found ? found.value : Reflect.get(value, key);
  } catch {
    // A getter that throws, or a binding that is not set yet, has no value to show.
  }
  const wire = [context.value(key), context.value(content)];
  return found?.enumerable === false ? [...wire, 1] : wire;
}

function describeData(
  value: object,
  intrinsic: Intrinsic | undefined,
  context: DescribeContext,
  direct = true,
): Described {
  const kind = intrinsic?.kind ?? "o";
  const { body, keys, weight } = content(value, kind, intrinsic?.name ?? "Object", context);
  const shown = isModuleNamespace(value) ? keys.filter((key) => !CONVERSIONS.includes(key)) : keys;
  const props = shown.map((key) => property(value, key, context));
  const node: WireNode = {
    k: kind,
    ...(body === undefined ? {} : { b: body }),
    ...(props.length > 0 ? { p: props } : {}),
    ...(intrinsic === undefined ? { o: null } : prototypeOf(value, direct, context)),
    ...extensibility(value),
  };
  return { node, live: kind !== "u", weight: 1 + weight + props.length };
}

function extensibility(value: object): { readonly x?: number } {
  if (isExtensible(value) || isModuleNamespace(value)) return {};
  return { x: isFrozen(value) ? 3 : isSealed(value) ? 2 : 1 };
}

/** Whether it is what `import * as` gives. */
function isModuleNamespace(value: object): boolean {
  const tag = getOwnPropertyDescriptor(value, Symbol.toStringTag);
  return tag?.value === "Module" && tag.configurable === false && getPrototypeOf(value) === null;
}

interface Content {
  readonly body?: Json;
  readonly keys: readonly PropertyKey[];
  readonly weight: number;
}

const isIndex = (key: PropertyKey): boolean => typeof key === "string" && /^(?:0|[1-9]\d*)$/.test(key);

function content(value: object, kind: string, name: string, context: DescribeContext): Content {
  const keys = ownKeys(value);
  switch (kind) {
    case "a":
      return arrayContent(value as readonly unknown[], keys, context);
    case "m": {
      const entries: Json[] = [];
      apply(forEachOfMap, value, [
        (item: unknown, key: unknown) => void entries.push([context.value(key), context.value(item)]),
      ]);
      return { body: entries, keys, weight: 2 * entries.length };
    }
    case "s": {
      const items: Json[] = [];
      apply(forEachOfSet, value, [(item: unknown) => void items.push(context.value(item))]);
      return { body: items, keys, weight: items.length };
    }
    case "d":
      return { body: context.value(apply(getTime, value, [])), keys, weight: 1 };
    case "x": {
      const { source, flags, lastIndex } = value as RegExp;
      return { body: [source, flags, lastIndex], keys: keys.filter((key) => key !== "lastIndex"), weight: 1 };
    }
    case "e": {
      const stack = (value as { stack?: unknown }).stack;
      const body = [name, typeof stack === "string" ? stack : null];
      return { body, keys: keys.filter((key) => key !== "stack"), weight: 4 };
    }
    case "b":
      return { body: bytesToText(new Uint8Array(value as ArrayBuffer)), keys, weight: 64 };
    case "v":
      return viewContent(value as ArrayBufferView, name, keys, context);
    case "w": {
      const rest = keys.filter((key) => name !== "String" || !(key === "length" || isIndex(key)));
      return { body: context.value(unboxed(value, name)), keys: rest, weight: 1 };
    }
    case "u":
      return { body: String((value as { href?: unknown }).href), keys: [], weight: 1 };
    default:
      return { keys, weight: keys.length };
  }
}

const { forEach: forEachOfMap } = Map.prototype;
const { forEach: forEachOfSet } = Set.prototype;

function arrayContent(
  value: readonly unknown[],
  keys: readonly PropertyKey[],
  context: DescribeContext,
): Content {
  const { length } = value;
  const rest = keys.length === length + 1 ? [] : keys.filter((key) => key !== "length" && !isIndex(key));
  const held = keys.length - 1 - rest.length;
  if (length <= 2 * held + 1000) {
    const items: Json[] = [];
    const whole = held === length;
    for (let index = 0; index < length; index++)
      items.push(whole || index in value ? context.value(value[index]) : ["h"]);
    return { body: items, keys: rest, weight: length };
  }
  const items = keys.filter(isIndex).map((key) => [String(key), context.value(value[Number(key)])]);
  return { body: { n: length, i: items }, keys: rest, weight: items.length };
}

/** Views share their buffer with others; a `Buffer` and a part of a large one cross as bytes of their own. */
function viewContent(
  view: ArrayBufferView,
  name: string,
  keys: readonly PropertyKey[],
  context: DescribeContext,
): Content {
  const rest = keys.filter((key) => !isIndex(key));
  const { buffer, byteOffset, byteLength } = view;
  if (name === "Buffer" || buffer.byteLength > 4 * byteLength + 1024) {
    const bytes = bytesToText(new Uint8Array(buffer, byteOffset, byteLength));
    return { body: [name, bytes], keys: rest, weight: byteLength / 8 };
  }
  const length = (view as { length?: number }).length ?? byteLength;
  return { body: [name, context.value(buffer), byteOffset, length], keys: rest, weight: 1 };
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function bytesToText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}
