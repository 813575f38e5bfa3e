import fc from "fast-check";
import { expect, test } from "vitest";
import { SymbolPlaces, symbolAround } from "../../src/graph/symbol-places.js";
import { record, symbol } from "../map/record.js";

const NAMES = ["a", "b", "Box"];
const symbols = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(12), fc.constantFrom(...NAMES)), { maxLength: 25 })
  .map((all) =>
    all.map(([line, more, name], at) => symbol(name, line, { endLine: line + more, signature: `${at}` })),
  );

test("the innermost symbol is the one that a look at all finds, however they overlap", () => {
  fc.assert(
    fc.property(symbols, (given) => {
      const file = record("a.ts", { symbols: given });
      const places = new SymbolPlaces(file);
      for (let line = 0; line <= 45; line += 1) {
        expect(places.around(line)).toEqual(symbolAround(file, line));
        for (const name of NAMES) {
          const named = record("a.ts", { symbols: given.filter((one) => one.name === name) });
          expect(places.named(name, line)).toEqual(symbolAround(named, line));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("a constructor is used as its class, a method as itself", () => {
  const places = new SymbolPlaces(
    record("a.ts", {
      symbols: [
        symbol("Box", 1, { kind: "class", endLine: 9 }),
        symbol("constructor", 2, { kind: "method", parent: "Box", endLine: 4 }),
        symbol("open", 5, { kind: "method", parent: "Box", endLine: 6 }),
      ],
    }),
  );
  const used = (line: number): string | undefined => {
    const around = places.around(line);
    return around && places.usedAs(around).name;
  };
  expect([1, 3, 5, 8, 10].map(used)).toEqual(["Box", "Box", "open", "Box", undefined]);
});

test("100,000 questions about a file of 100,000 symbols", () => {
  const count = 100_000;
  const nested = Array.from({ length: count }, (_, at) =>
    symbol("deep", at + 1, { endLine: 2 * count - at, signature: `${at}` }),
  );
  const places = new SymbolPlaces(record("a.ts", { symbols: nested }));
  const before = performance.now();
  for (let line = 1; line <= count; line += 1) {
    expect(
      places.around(line)?.line === line && places.named("deep", 2 * count + 1 - line)?.line === line,
    ).toBe(true);
  }
  // Ten billion steps if each question looked at each symbol.
  expect(performance.now() - before).toBeLessThan(5_000);
});
