// What crosses between the two halves of a separated verdict, and the reading of it. A frame is JSON text.

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What the other half sent is not what this protocol allows. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The other half is gone. */
export class HalfEnded extends Error {
  override readonly name = "HalfEnded";
}

/**
 * An object as it crosses, without what it refers to. By `k`: `o` plain object, `a` array, `m` map, `s` set, `d` date,
 * `x` regular expression, `e` error, `b` buffer, `v` view, `w` boxed primitive, `u` URL, `y` symbol, `f` function,
 * `p` promise, `g` instance of a class, `P` prototype, `X` proxy, `q` an object of which only the identity crosses.
 */
export interface WireNode {
  readonly k: string;
  /** Its content, by kind. */
  readonly b?: Json;
  /** Its own properties: key, value, and 1 when it cannot be enumerated. */
  readonly p?: Json;
  /** Its prototype, when that is not the usual one of its kind. */
  readonly o?: Json;
  /** 1: cannot be extended, 2: sealed, 3: frozen. */
  readonly x?: Json;
  /** Of a class: its `prototype`. Of a prototype: its class. */
  readonly q?: Json;
}

/** One message. `t` is what it wants (a request), or `a` / `e` is the answer: a value, or what was thrown. */
export interface Frame {
  readonly t?: string;
  readonly [key: string]: Json | undefined;
}

/** Writes the fields of a request; values go through the function that it is given. */
export type Fields = (value: (value: unknown) => Json) => Readonly<Record<string, Json>>;

export function fail(what: string): never {
  throw new ProtocolError(`The candidate's half sent what is no frame: ${what}.`);
}

export function asArray(value: unknown, what: string): readonly Json[] {
  return Array.isArray(value) ? value : fail(what);
}

export function asText(value: unknown, what: string): string {
  return typeof value === "string" ? value : fail(what);
}

export function asNumber(value: unknown, what: string): number {
  return typeof value === "number" ? value : fail(what);
}

export function asId(value: unknown): number {
  return Number.isSafeInteger(value) && value !== 0 ? (value as number) : fail("an id");
}

export function asRecord(value: unknown, what: string): Readonly<Record<string, Json>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(what);
  return value as Readonly<Record<string, Json>>;
}

const WELL_KNOWN: readonly string[] = Reflect.ownKeys(Symbol).filter(
  (name): name is string =>
    typeof name === "string" && typeof (Symbol as unknown as Record<string, unknown>)[name] === "symbol",
);
const wellKnown = (name: string): symbol | undefined =>
  WELL_KNOWN.includes(name) ? (Symbol as unknown as Record<string, symbol>)[name] : undefined;

/** A primitive as JSON; undefined for objects, functions and symbols that are one of a kind. */
export function encodePrimitive(value: unknown): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return ["n", Object.is(value, -0) ? "-0" : String(value)];
    case "undefined":
      return ["u"];
    case "bigint":
      return ["b", String(value)];
    case "symbol": {
      const name = WELL_KNOWN.find((known) => wellKnown(known) === value);
      if (name !== undefined) return ["s", name];
      const key = Symbol.keyFor(value);
      return key === undefined ? undefined : ["S", key];
    }
    default:
      return value === null ? null : undefined;
  }
}

const NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

/** The value of what {@link encodePrimitive} made; `reference` reads all else. */
export function decodeValue(wire: unknown, reference: (kind: string, word: unknown) => unknown): unknown {
  if (!Array.isArray(wire)) {
    if (wire === undefined || (typeof wire === "object" && wire !== null)) fail("a value");
    return wire;
  }
  const [tag, word] = wire as readonly unknown[];
  switch (tag) {
    case "u":
      return undefined;
    case "n":
      return NUMBERS[asText(word, "a number")] ?? fail("a number");
    case "b": {
      const digits = asText(word, "a bigint");
      return /^-?\d{1,1000000}$/.test(digits) ? BigInt(digits) : fail("a bigint");
    }
    case "s":
      return wellKnown(asText(word, "a symbol")) ?? fail("a symbol");
    case "S":
      return Symbol.for(asText(word, "a symbol"));
    default:
      return reference(asText(tag, "a value"), word);
  }
}
