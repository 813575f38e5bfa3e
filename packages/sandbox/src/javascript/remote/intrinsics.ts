// The built-in objects of this side, taken before any other code runs. What crosses is rebuilt from these alone.

type Constructor = new (...args: never[]) => object;

const root: Record<string, unknown> = globalThis as unknown as Record<string, unknown>;

/** Built-ins that mean the same on both sides, by name. They cross as that name. */
const SHARED: readonly string[] = [
  ...["Object", "Array", "String", "Number", "Boolean", "BigInt", "Symbol", "Date", "RegExp", "Promise"],
  ...["Map", "Set", "WeakMap", "WeakSet", "ArrayBuffer", "DataView", "URL", "Buffer"],
  ...["Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"],
  ...["AggregateError", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array"],
  ...["Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"],
];

/** What an object of a built-in class is on the wire, by the name of the class. */
const KINDS: Readonly<Record<string, string>> = {
  Object: "o",
  Array: "a",
  Map: "m",
  Set: "s",
  Date: "d",
  RegExp: "x",
  Promise: "p",
  ArrayBuffer: "b",
  URL: "u",
  String: "w",
  Number: "w",
  Boolean: "w",
  BigInt: "w",
  Symbol: "w",
};

const kindOf = (name: string): string | undefined =>
  /Error$/.test(name) ? "e" : /Array$|^DataView$|^Buffer$/.test(name) ? (KINDS[name] ?? "v") : KINDS[name];

/** One built-in class. */
export interface Intrinsic {
  readonly name: string;
  readonly kind: string;
  readonly constructor: Constructor;
  readonly prototype: object;
}

const classes = new Map<string, Constructor>();
const byPrototype = new Map<object, Intrinsic>();
const byName = new Map<string, Intrinsic>();
for (const name of SHARED) {
  const value = root[name];
  if (typeof value !== "function") continue;
  classes.set(name, value as unknown as Constructor);
  const kind = kindOf(name);
  if (kind === undefined) continue;
  const prototype = (value as unknown as { prototype: object }).prototype;
  const intrinsic: Intrinsic = { name, kind, constructor: value as unknown as Constructor, prototype };
  byPrototype.set(prototype, intrinsic);
  byName.set(name, intrinsic);
}
const names = new Map<unknown, string>([...classes].map(([name, value]) => [value, name]));

/** The name of a built-in class that both sides have. */
export const sharedName = (value: unknown): string | undefined => names.get(value);

/** The built-in class of that name. */
export const sharedClass = (name: string): Constructor | undefined => classes.get(name);

export const intrinsicOf = (prototype: object): Intrinsic | undefined => byPrototype.get(prototype);
export const intrinsicNamed = (name: string): Intrinsic | undefined => byName.get(name);

/** Makers of code from text, and the way to all the rest. They never cross. */
export const FORBIDDEN: ReadonlySet<unknown> = new Set<unknown>([
  globalThis,
  root["eval"],
  root["process"],
  root["require"],
  ...[() => {}, async () => {}, function* () {}, async function* () {}].map(
    (sample) => (Object.getPrototypeOf(sample) as { constructor: unknown }).constructor,
  ),
]);

/** The prototypes of functions of every sort. */
export const FUNCTION_PROTOTYPES: ReadonlySet<unknown> = new Set<unknown>(
  [() => {}, async () => {}, function* () {}, async function* () {}].map((sample) =>
    Object.getPrototypeOf(sample),
  ),
);

const getter = (prototype: object, key: PropertyKey): (() => unknown) =>
  Object.getOwnPropertyDescriptor(prototype, key)?.get ?? (() => undefined);

const mapSize = getter(Map.prototype, "size");
const setSize = getter(Set.prototype, "size");
const bufferLength = getter(ArrayBuffer.prototype, "byteLength");
const { apply } = Reflect;
const { getTime } = Date.prototype;
const regExpSource = getter(RegExp.prototype, "source");
const { then } = Promise.prototype;
const { isView } = ArrayBuffer;
const { isArray } = Array;
const unbox: Readonly<Record<string, () => unknown>> = {
  String: String.prototype.valueOf,
  Number: Number.prototype.valueOf,
  Boolean: Boolean.prototype.valueOf,
  BigInt: BigInt.prototype.valueOf,
  Symbol: Symbol.prototype.valueOf,
};

/** Whether an object whose prototypes say that it is of a kind truly is. */
export function isOfKind(value: object, { kind, name }: Intrinsic): boolean {
  switch (kind) {
    case "a":
      return isArray(value);
    case "v":
      return isView(value);
    case "o":
    case "e":
      return !isArray(value);
  }
  try {
    if (kind === "m") apply(mapSize, value, []);
    else if (kind === "s") apply(setSize, value, []);
    else if (kind === "d") apply(getTime, value, []);
    else if (kind === "x") return value !== RegExp.prototype && apply(regExpSource, value, []) !== undefined;
    else if (kind === "b") apply(bufferLength, value, []);
    else if (kind === "p") apply(then, value, [undefined, () => {}]);
    else if (kind === "w") apply(unbox[name] ?? getTime, value, []);
    return true;
  } catch {
    return false;
  }
}

/** The primitive in a boxed one. */
export const unboxed = (value: object, name: string): unknown => apply(unbox[name] ?? getTime, value, []);
