import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Column } from "../src/columns.js";
import { Masks } from "../src/masks.js";

const time = fc.integer({ min: 0, max: 8 });
const memory = fc.record({
  key: fc.constantFrom("", "a", "b"),
  facet: fc.integer({ min: 0, max: 2 }),
  validFrom: time,
  validTo: fc.oneof(time, fc.constant(Infinity)),
  expiresAt: fc.oneof(time, fc.constant(Infinity)),
  recordedAt: time,
  from: fc.oneof(time, fc.constant(-Infinity)),
  to: fc.oneof(time, fc.constant(Infinity)),
});
const question = fc.record({
  facets: fc
    .array(fc.constantFrom(0, 1), { minLength: 3, maxLength: 3 })
    .map((bytes) => Uint8Array.from(bytes)),
  recordedFrom: fc.oneof(time, fc.constant(-Infinity)),
  recordedTo: fc.oneof(time, fc.constant(Infinity)),
  now: time,
  at: time,
  known: fc.oneof(time, fc.constant(Number.MAX_VALUE)),
});

test("what is kept is what would be found anew, whatever is asked and however time goes", () => {
  fc.assert(
    fc.property(
      fc.array(memory, { maxLength: 6 }),
      fc.array(question, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.record({ which: fc.nat(2), now: time, at: time, change: fc.constantFrom("", "", "", "forget") }),
        {
          maxLength: 20,
        },
      ),
      (memories, questions, steps) => {
        const kept = new Masks();
        const keys = memories.map(({ key }) => key);
        const columns = Object.fromEntries(
          ["facet", "validFrom", "validTo", "expiresAt", "recordedAt", "from", "to"].map((name) => [
            name,
            Float64Array.from(memories, (one) => one[name as Exclude<keyof typeof one, "key">]),
          ]),
        ) as Record<Column, Float64Array>;
        for (const { which, now, at, change } of steps) {
          if (change === "forget") kept.forget();
          const asked = { ...(questions[which % questions.length] as (typeof questions)[number]), now, at };
          expect([...kept.of(asked, keys, columns)]).toEqual([...new Masks().of(asked, keys, columns)]);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("the same question is answered at once, until something changes or its time is over", () => {
  const masks = new Masks();
  const one = {
    facet: 0,
    validFrom: 0,
    validTo: 10,
    expiresAt: 20,
    recordedAt: 0,
    from: -Infinity,
    to: Infinity,
  };
  const columns = Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, Float64Array.of(value)]),
  ) as Record<Column, Float64Array>;
  const ask = (now: number, at = now): Uint8Array =>
    masks.of(
      { facets: Uint8Array.of(1), recordedFrom: -Infinity, recordedTo: Infinity, now, at, known: Infinity },
      ["a"],
      columns,
    );
  // Infinity is never known yet.
  expect([...ask(1)]).toEqual([0]);
  const first = ask(1);
  expect(ask(9)).toBe(first);
  expect(ask(10)).not.toBe(first);
  const later = ask(11);
  expect(ask(19)).toBe(later);
  expect(ask(20)).not.toBe(later);
  masks.forget();
  expect(ask(20)).not.toBe(later);
});
