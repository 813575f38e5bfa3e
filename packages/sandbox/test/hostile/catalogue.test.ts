import { expect, test } from "vitest";
import { CATALOGUE, HOSTILE_CASES } from "../../hostile/index.js";

test("the catalogue is whole, and at least 75 of its numbers have a program", () => {
  expect([...CATALOGUE.keys()]).toEqual(Array.from({ length: 95 }, (_, index) => index + 1));
  const applied = new Set(HOSTILE_CASES.flatMap(({ numbers }) => numbers));
  expect([...applied].filter((number) => !CATALOGUE.has(number))).toEqual([]);
  expect(applied.size).toBeGreaterThanOrEqual(75);
});

test("cases of one driver and language have names of their own", () => {
  const names = HOSTILE_CASES.flatMap(({ drivers, language, numbers, name }) =>
    drivers.map((driver) => `${driver} ${language} ${numbers} ${name}`),
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
