import assert from "node:assert";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makePair } from "./remote-pair.js";

type Callable = (...args: unknown[]) => unknown;

/** Any data, with shared references and cycles. */
const data = (depth: number): fc.Arbitrary<unknown> => {
  const leaf = fc.oneof(
    fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.constantFrom(
      undefined,
      null,
      -0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Symbol.iterator,
      Symbol.for("x"),
    ),
    // For Node 20 two dates that are none are not equal: they have a test of their own.
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 20 }),
    fc.float64Array({ maxLength: 5 }),
    fc.constantFrom(/a+/gi, /^\d$/u).map((pattern) => new RegExp(pattern.source, pattern.flags)),
    fc.string().map((text) => Object.assign(new TypeError(text), { code: "E" })),
    fc.constantFrom(1, "text", true).map((value) => Object(value) as unknown),
  );
  if (depth === 0) return leaf;
  const inner = data(depth - 1);
  const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "then", "length", "0", "-1"));
  return fc.oneof(
    { weight: 2, arbitrary: leaf },
    fc.array(inner, { maxLength: 5 }),
    fc
      .array(inner, { maxLength: 5 })
      .map((items) => Object.assign(new Array(items.length + 2), { 0: items[0] })),
    fc.array(fc.tuple(key, inner), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(key, inner), { maxLength: 5 }).map((entries) => {
      const object = Object.create(null) as object;
      for (const [name, value] of entries)
        Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
      return object;
    }),
    fc.array(fc.tuple(inner, inner), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.array(inner, { maxLength: 5 }).map((items) => new Set(items)),
    inner.map((value) => [value, value]),
    inner.map((value) => {
      const object: Record<string, unknown> = { value };
      object["self"] = object;
      return object;
    }),
  );
};

describe("data between the halves", () => {
  test("whatever the candidate gives arrives as equal data", () => {
    fc.assert(
      fc.property(data(3), (value) => {
        const { give } = makePair();
        assert.deepStrictEqual(give(value), value);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  test("a date that is none arrives as one", () => {
    const date = makePair().give(new Date(Number.NaN));
    expect(date).toBeInstanceOf(Date);
    expect((date as Date).getTime()).toBeNaN();
  });

  test("whatever the judge passes arrives as equal data, and comes back as the very object", () => {
    fc.assert(
      fc.property(data(3), (value) => {
        const { give } = makePair();
        let seen: unknown;
        const same = give((given: unknown) => {
          seen = given;
          return given;
        }) as Callable;
        expect(Object.is(same(value), value)).toBe(true);
        assert.deepStrictEqual(seen, value);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  /** One step of a change: where, and what becomes of it. */
  const step = fc.record({ path: fc.array(fc.nat(5), { maxLength: 3 }), act: fc.nat(9), value: data(1) });

  function change(
    root: unknown,
    { path, act, value }: { path: number[]; act: number; value: unknown },
  ): void {
    let at = root;
    for (const index of path) {
      const inner: unknown[] =
        at instanceof Map || at instanceof Set ? [...at.values()] : Object.values(Object(at) as object);
      const next = inner[index % Math.max(1, inner.length)];
      if (typeof next !== "object" || next === null) break;
      at = next;
    }
    if (Array.isArray(at)) {
      if (act < 2) at.push(value);
      else if (act < 4) at.reverse();
      else if (act < 5) at.length = 0;
      else if (act < 6) delete at[0];
      else at.splice(0, 1, value, value);
    } else if (at instanceof Map) {
      if (act < 5) at.set(act, value);
      else at.clear();
    } else if (at instanceof Set) {
      if (act < 5) at.add(value);
      else at.clear();
    } else if (at instanceof Date) at.setTime(act);
    else if (ArrayBuffer.isView(at) && !(at instanceof DataView)) (at as Uint8Array).fill(act);
    else if (typeof at === "object" && at !== null && !(Object(at) instanceof String)) {
      if (act < 6)
        Object.defineProperty(at, `k${act}`, { value, enumerable: true, writable: true, configurable: true });
      else for (const key of Object.keys(at).slice(0, 1)) Reflect.deleteProperty(at, key);
    }
  }

  test("what the candidate changes of an argument is changed in the judge's own", () => {
    fc.assert(
      fc.property(data(3), fc.array(step, { maxLength: 6 }), (value, steps) => {
        const [mine, local, again] = [value, structured(value), structured(steps) as typeof steps];
        const { give } = makePair();
        const mutate = give((given: unknown) => {
          for (const one of steps) change(given, one);
        }) as Callable;
        mutate(mine);
        for (const one of again) change(local, one);
        assert.deepStrictEqual(mine, local);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  test("what the judge changes of a result is changed in the candidate's own", () => {
    fc.assert(
      fc.property(data(3), fc.array(step, { maxLength: 6 }), (value, steps) => {
        const [local, again] = [structured(value), structured(steps) as typeof steps];
        const { give } = makePair();
        const [result, look] = give([value, () => undefined]) as [unknown, Callable];
        for (const one of steps) change(result, one);
        look();
        for (const one of again) change(local, one);
        assert.deepStrictEqual(value, local);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});

/** A copy by the same protocol, which the first tests have shown to be equal. */
function structured(value: unknown): unknown {
  return makePair().give(value);
}
