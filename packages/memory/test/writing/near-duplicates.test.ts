import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NearDuplicates } from "../../src/index.js";
import { shinglesOf } from "../../src/writing/shingles.js";

/** The likeness that MinHash estimates, counted. */
function jaccard(one: string, other: string): number {
  const [a, b] = [shinglesOf(one), shinglesOf(other)];
  const both = [...a].filter((shingle) => b.has(shingle)).length;
  return both / (a.size + b.size - both);
}

const WORDS =
  "port proxy 数据库 迁移 база данных テスト größe naïve cache_key readTask src/gen 8080 v1.2 deploy Тест 배포 مرحبا शब्द \u{1f600} queue retry".split(
    " ",
  );
const words = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 15 })
  .map((list) => list.join(" "));
const text = fc.oneof(
  words,
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
);

describe("NearDuplicates", () => {
  test("estimates the Jaccard likeness of the plain model, in any script", () => {
    let [sum, count] = [0, 0];
    fc.assert(
      fc.property(text, text, (one, other) => {
        const near = new NearDuplicates();
        near.add(0, one);
        const likeness = near.nominate(other, { atLeast: 0 })[0]?.likeness ?? 0;
        const true_ = jaccard(one, other);
        // Five standard errors of 126 draws; texts that are not alike may not meet at all.
        const error = 5 * Math.sqrt(Math.max(true_ * (1 - true_), 0.01) / 126);
        if (true_ > 0.6) expect(Math.abs(likeness - true_)).toBeLessThanOrEqual(error);
        else expect(likeness).toBeLessThanOrEqual(true_ + error);
        if (true_ > 0.6) [sum, count] = [sum + likeness - true_, count + 1];
      }),
      { numRuns: 400, seed: 1, examples: WORDS.map((word) => [`${word} port queue`, `queue ${word} port`]) },
    );
    expect(count).toBeGreaterThan(20);
    expect(Math.abs(sum / count)).toBeLessThan(0.03);
  });

  test("agrees with a plain list over random histories of adding, replacing and deleting, kept as bytes or not", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("add" as const), slot: fc.nat(30), text: words }),
      fc.record({ do: fc.constant("delete" as const), slot: fc.nat(30) }),
      fc.record({ do: fc.constant("keep" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        let near = new NearDuplicates(3);
        const model = new Map<number, string>();
        for (const one of steps) {
          if (one.do === "add") {
            near.add(one.slot, one.text);
            // What is replaced is added anew.
            model.delete(one.slot);
            model.set(one.slot, one.text);
          } else if (one.do === "delete") {
            expect(near.delete(one.slot)).toBe(model.delete(one.slot));
          } else {
            const again = NearDuplicates.from(near.serialise());
            expect(again).toBeDefined();
            near = again ?? near;
          }
        }
        expect(near.size).toBe(model.size);
        for (const [slot, text] of model) {
          const found = near.nominate(text, { limit: 100 });
          // What is the same is found for certain, and first.
          const same = [...model].filter(([, other]) => jaccard(text, other) === 1).map(([at]) => at);
          const first = found.slice(0, same.length);
          expect(first.map((nomination) => nomination.slot)).toEqual(same.reverse());
          expect(first.every(({ likeness }) => likeness === 1)).toBe(true);
          expect(found.every((nomination) => model.has(nomination.slot))).toBe(true);
          const allowed = new Uint8Array(31).fill(1);
          allowed[slot] = 0;
          expect(near.nominate(text, { limit: 100, allowed }).some((other) => other.slot === slot)).toBe(
            false,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test("finds paraphrases among thousands, and nothing for what is not alike", () => {
    const near = new NearDuplicates();
    for (let slot = 0; slot < 5_000; slot++)
      near.add(slot, `Service ${slot} of team ${slot % 97} owns table t_${slot * 7}.`);
    near.add(5_000, "Never commit directly to main; open a pull request.");
    const [best] = near.nominate("Don't commit to main directly, open a PR instead.");
    expect(best?.slot).toBe(5_000);
    expect(near.nominate("bananas are yellow")).toEqual([]);
    expect(near.nominate("", { atLeast: 0.5 })).toEqual([]);
  });

  test("what lies in slots that are not allowed hides nothing", () => {
    const near = new NearDuplicates();
    near.add(0, "The build needs JDK 17 and Gradle 8.");
    for (let slot = 1; slot <= 3_000; slot++) near.add(slot, "The build needs JDK 17 and Gradle 8.");
    expect(near.nominate("The build needs JDK 17 and Gradle 8.", { allowed: Uint8Array.of(1) })).toEqual([
      { slot: 0, likeness: 1 },
    ]);
  });

  test("bytes that are cut off, of another version or none at all are told from its own", () => {
    const near = new NearDuplicates();
    near.add(4, "one");
    const bytes = near.serialise();
    expect(NearDuplicates.from(bytes)?.nominate("one")[0]?.slot).toBe(4);
    expect(NearDuplicates.from(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
    expect(NearDuplicates.from(bytes.subarray(0, 7))).toBeUndefined();
    expect(NearDuplicates.from(new Uint8Array(64))).toBeUndefined();
    const other = bytes.slice();
    other[4] = 99;
    expect(NearDuplicates.from(other)).toBeUndefined();
  });
});
