import nodeAssert from "node:assert";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAssert } from "../../src/javascript/realm/assert.js";
import { isDeepEqual } from "../../src/javascript/realm/deep-equal.js";

type Assert = typeof nodeAssert;
const own: Assert = createAssert() as unknown as Assert;

function passes(run: () => void): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -0,
    1,
    "1",
    "",
    Number.NaN,
    null,
    undefined,
    true,
    false,
    1n,
    "a",
    Symbol.iterator,
  ),
  fc.integer({ min: -2, max: 2 }),
);
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("node"), { maxKeys: 3 }),
    fc.array(tie("node"), { maxLength: 3 }).map((list) => new Set(list)),
    fc.array(fc.tuple(tie("node"), tie("node")), { maxLength: 3 }).map((list) => new Map(list)),
    fc.constantFrom(0, 1).map((ms) => new Date(ms)),
    fc.constantFrom("x", "y").map((text) => new Error(text)),
    fc.constantFrom("x", "y").map((text) => new RegExp(text, "g")),
    fc.array(fc.nat(2), { maxLength: 2 }).map((list) => Uint8Array.from(list)),
    fc.array(fc.nat(2), { maxLength: 2 }).map((list) => Float64Array.from(list)),
    fc.constantFrom(0, 1, "1").map((primitive) => Object(primitive) as unknown),
    fc.constant(Object.create(null) as unknown),
  ),
})).node;

describe("deep equality", () => {
  test.each([
    ["strict", true],
    ["loose", false],
  ] as const)("%s agrees with Node's on random pairs", (_name, strict) => {
    const node = strict ? nodeAssert.deepStrictEqual : nodeAssert.deepEqual;
    let equal = 0;
    fc.assert(
      fc.property(value, value, (left, right) => {
        const expected = passes(() => node(left, right));
        if (expected) equal++;
        expect(isDeepEqual(left, right, strict)).toBe(expected);
      }),
      { numRuns: 3000, seed: 7 },
    );
    expect(equal).toBeGreaterThan(20);
  });

  test("a copy is equal, a changed copy is not, as in Node", () => {
    fc.assert(
      fc.property(value, (left) => {
        let right: unknown;
        try {
          right = structuredClone(left);
        } catch {
          return;
        }
        expect(isDeepEqual(left, right, false)).toBe(passes(() => nodeAssert.deepEqual(left, right)));
        expect(isDeepEqual([left], [left, 0], true)).toBe(false);
      }),
      { numRuns: 500, seed: 8 },
    );
  });

  test("cycles, sparse lists, symbols and prototypes", () => {
    const cycle = (): unknown => {
      const list: unknown[] = [1];
      list.push(list);
      return list;
    };
    class A {}
    const pairs: [unknown, unknown][] = [
      [cycle(), cycle()],
      [new Array(2), [undefined, undefined]],
      [{ [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }],
      [new A(), {}],
      [[1, 2], { 0: 1, 1: 2, length: 2 }],
      [new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
      [new Set([{ a: 1 }, 1]), new Set([1, { a: 1 }])],
      [new Set(["1", 2]), new Set([1, "2"])],
      [Object.assign([1], { extra: 1 }), [1]],
      [new Error("a", { cause: 1 }), new Error("a", { cause: 1 })],
      [() => 1, () => 1],
    ];
    for (const [left, right] of pairs) {
      expect(isDeepEqual(left, right, true)).toBe(passes(() => nodeAssert.deepStrictEqual(left, right)));
      expect(isDeepEqual(left, right, false)).toBe(passes(() => nodeAssert.deepEqual(left, right)));
    }
  });
});

describe("the other assertions", () => {
  const boom = (): never => {
    throw new TypeError("boom");
  };
  const calls: ((assert: Assert) => void)[] = [
    (a) => a(1),
    (a) => a(0),
    (a) => a.ok("", "said"),
    (a) => a.equal(1, "1"),
    (a) => a.equal(Number.NaN, Number.NaN),
    (a) => a.notEqual(1, 2),
    (a) => a.strictEqual(0, -0),
    (a) => a.notStrictEqual(1, 1),
    (a) => a.strict.equal(1, "1"),
    (a) => a.strict.deepEqual([1], ["1"]),
    (a) => a.notDeepEqual([1], [1]),
    (a) => a.throws(boom),
    (a) => a.throws(() => {}),
    (a) => a.throws(boom, TypeError),
    (a) => a.throws(boom, RangeError),
    (a) => a.throws(boom, /boom/),
    (a) => a.throws(boom, /bang/),
    (a) => a.throws(boom, { name: "TypeError", message: /oo/ }),
    (a) => a.throws(boom, { message: "bang" }),
    (a) => a.throws(boom, new TypeError("boom")),
    (a) => a.throws(boom, (error: unknown) => error instanceof TypeError),
    (a) => a.throws(boom, () => false),
    (a) => a.throws(boom, {}),
    (a) => a.throws(1 as unknown as () => void),
    (a) => a.doesNotThrow(boom),
    (a) => a.doesNotThrow(() => {}),
    (a) => a.match("abc", /b/),
    (a) => a.match("abc", /x/),
    (a) => a.doesNotMatch("abc", /b/),
    (a) => a.match(1 as unknown as string, /1/),
    (a) => a.ifError(null),
    (a) => a.ifError(0),
    (a) => a.fail("said"),
    (a) => a.fail(new RangeError("own")),
    (a) => a.strictEqual(1, 2, new RangeError("own")),
  ];
  test.each(calls.map((call) => [String(call), call] as const))("%s", (_text, call) => {
    const outcome = (assert: Assert): string => {
      try {
        call(assert);
        return "passes";
      } catch (error) {
        const { name, code } = error as { name: string; code?: string };
        return name === "TypeError" ? name : `${name} ${code ?? ""}`;
      }
    };
    expect(outcome(own)).toBe(outcome(nodeAssert));
  });

  test("promises", async () => {
    await own.rejects(Promise.reject(new TypeError("x")), TypeError);
    await own.rejects(async () => boom(), /boom/);
    await expect(own.rejects(Promise.resolve(1))).rejects.toMatchObject({ code: "ERR_ASSERTION" });
    await expect(own.rejects(Promise.reject(new Error("x")), TypeError)).rejects.toBeTruthy();
    await own.doesNotReject(Promise.resolve(1));
    await expect(own.doesNotReject(Promise.reject(new Error("x")))).rejects.toMatchObject({
      code: "ERR_ASSERTION",
    });
  });

  test("an error carries what was compared", () => {
    try {
      own.strictEqual(1, 2);
    } catch (error) {
      expect(error).toMatchObject({
        actual: 1,
        expected: 2,
        operator: "strictEqual",
        generatedMessage: true,
      });
    }
  });
});
