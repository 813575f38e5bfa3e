// The rules of Node's `assert.deepEqual` (loose) and `assert.deepStrictEqual` (strict).

type Pairs = ReadonlyArray<readonly [unknown, unknown]>;

/** Whether two values are deeply equal. */
export function isDeepEqual(left: unknown, right: unknown, strict: boolean): boolean {
  return equal(left, right, strict, []);
}

function equal(left: unknown, right: unknown, strict: boolean, pairs: Pairs): boolean {
  if (left === right) return left !== 0 || !strict || Object.is(left, right);
  if (strict) {
    if (typeof left !== "object") return Number.isNaN(left) && Number.isNaN(right);
    if (typeof right !== "object" || left === null || right === null) return false;
    if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  } else {
    if (left === null || typeof left !== "object") {
      if (right !== null && typeof right === "object") return false;
      // biome-ignore lint/suspicious/noDoubleEquals: loose equality is what this mode means
      return left == right || (Number.isNaN(left) && Number.isNaN(right));
    }
    if (right === null || typeof right !== "object") return false;
  }
  return equalObjects(left, right, strict, pairs);
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}

function equalObjects(left: object, right: object, strict: boolean, pairs: Pairs): boolean {
  if (tagOf(left) !== tagOf(right)) return false;
  if (!equalContent(left, right, strict)) return false;
  for (const [first, second] of pairs) {
    if (first === left) return second === right;
  }
  const inner: Pairs = [...pairs, [left, right]];
  const keys = keysOf(left, strict);
  if (keys.length !== keysOf(right, strict).length) return false;
  for (const key of keys) {
    if (!Object.prototype.propertyIsEnumerable.call(right, key)) return false;
    if (!equal(Reflect.get(left, key), Reflect.get(right, key), strict, inner)) return false;
  }
  if (left instanceof Set && right instanceof Set) return equalSets(left, right, strict, inner);
  if (left instanceof Map && right instanceof Map) return equalMaps(left, right, strict, inner);
  return true;
}

/** Own enumerable keys; symbols count in strict mode. A typed array's elements are compared as content. */
function keysOf(value: object, strict: boolean): PropertyKey[] {
  const view = ArrayBuffer.isView(value);
  const keys: PropertyKey[] = Object.keys(value).filter((key) => !view || !/^\d+$/.test(key));
  if (!strict) return keys;
  const symbols = Object.getOwnPropertySymbols(value);
  return [...keys, ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))];
}

/** Compares what is not a property: length, time, pattern, message, bytes, size, the boxed value. */
function equalContent(left: object, right: object, strict: boolean): boolean {
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left)) return left.length === (right as unknown[]).length;
  if (left instanceof Date) return right instanceof Date && Object.is(left.getTime(), right.getTime());
  if (left instanceof RegExp) {
    return (
      right instanceof RegExp &&
      left.source === right.source &&
      left.flags === right.flags &&
      left.lastIndex === right.lastIndex
    );
  }
  if (left instanceof Error) {
    return right instanceof Error && left.message === right.message && left.name === right.name;
  }
  if (ArrayBuffer.isView(left)) return ArrayBuffer.isView(right) && equalViews(left, right, strict);
  if (left instanceof ArrayBuffer) {
    return right instanceof ArrayBuffer && equalViews(new Uint8Array(left), new Uint8Array(right), true);
  }
  if (left instanceof Set || left instanceof Map) {
    return (right instanceof Set || right instanceof Map) && left.size === right.size;
  }
  if (isBoxed(left)) return isBoxed(right) && Object.is(left.valueOf(), right.valueOf());
  return !(right instanceof Error || isBoxed(right));
}

function isBoxed(value: object): boolean {
  const tag = /^\[object (Number|String|Boolean|BigInt|Symbol)\]$/.exec(tagOf(value))?.[1];
  return tag !== undefined && typeof value.valueOf() === tag.toLowerCase();
}

function equalViews(left: ArrayBufferView, right: ArrayBufferView, strict: boolean): boolean {
  if (left.byteLength !== right.byteLength) return false;
  const floats = left instanceof Float32Array || left instanceof Float64Array;
  if (floats && !strict) {
    const other = right as Float32Array;
    return left.length === other.length && left.every((value, index) => value === other[index]);
  }
  const first = new Uint8Array(left.buffer, left.byteOffset, left.byteLength);
  const second = new Uint8Array(right.buffer, right.byteOffset, right.byteLength);
  return first.every((byte, index) => byte === second[index]);
}

function equalSets(left: Set<unknown>, right: Set<unknown>, strict: boolean, pairs: Pairs): boolean {
  const open = new Set<unknown>();
  for (const value of right) if (!left.has(value) || typeof value === "object") open.add(value);
  for (const value of left) {
    if (open.delete(value) || (right.has(value) && (typeof value !== "object" || value === null))) continue;
    if (strict && (typeof value !== "object" || value === null)) return false;
    if (!takeMatch(open, (candidate) => equal(value, candidate, strict, pairs))) return false;
  }
  return true;
}

function takeMatch(open: Set<unknown>, fits: (candidate: unknown) => boolean): boolean {
  for (const candidate of open) {
    if (fits(candidate)) return open.delete(candidate);
  }
  return false;
}

function equalMaps(
  left: Map<unknown, unknown>,
  right: Map<unknown, unknown>,
  strict: boolean,
  pairs: Pairs,
): boolean {
  const open = new Set<unknown>(right.keys());
  const later: unknown[] = [];
  for (const [key, value] of left) {
    if (right.has(key) && equal(value, right.get(key), strict, pairs)) open.delete(key);
    else if (typeof key !== "object" && strict) return false;
    else later.push(key);
  }
  for (const key of later) {
    const value = left.get(key);
    const fits = (candidate: unknown): boolean =>
      equal(key, candidate, strict, pairs) && equal(value, right.get(candidate), strict, pairs);
    if (!takeMatch(open, fits)) return false;
  }
  return true;
}
