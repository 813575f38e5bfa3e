import { expect, test } from "vitest";
import { Spelling, slipsBetween } from "../../src/text/spelling.js";

function near(word: string, ...vocabulary: string[]): readonly string[] {
  const spelling = new Spelling();
  spelling.update(vocabulary, vocabulary.length);
  return spelling.near(word).map((one) => one.word);
}

test.each([
  ["terraform", "terrafrom", 1],
  ["serialization", "seralization", 1],
  ["retry", "retyr", 1],
  ["abc", "ca", 3],
  ["lock", "lock", 0],
  ["webhook", "wbehoko", 2],
])("%s and %s are %i slips apart", (a, b, slips) => {
  expect(slipsBetween(a, b, 3)).toBe(slips);
  expect(slipsBetween(b, a, 3)).toBe(slips);
});

test("more slips than asked for are not counted to their end", () => {
  expect(slipsBetween("kubernetes", "postgres", 2)).toBe(3);
});

test("the nearest come first, equal ones by the alphabet", () => {
  expect(near("seralizatoin", "serialization", "seralizatoid", "realization")).toEqual([
    "seralizatoid",
    "serialization",
  ]);
});

test("short words are not taken for others, unless letters changed places", () => {
  expect(near("jest", "test", "jets", "jess")).toEqual(["jets"]);
  expect(near("lokc", "lock", "look")).toEqual(["lock"]);
  expect(near("cta", "cat")).toEqual([]);
});

test("the first letter is right", () => {
  expect(near("catch", "match", "latch", "caatch")).toEqual(["caatch"]);
});

test("words that came later are found, too", () => {
  const spelling = new Spelling();
  const words = ["terraform"];
  spelling.update(words, 1);
  words.push("webhook");
  spelling.update(words, 2);
  expect(spelling.near("wehbook").map((one) => one.word)).toEqual(["webhook"]);
});

test("identifiers and numbers are left as they are", () => {
  expect(near("es2023", "es2020")).toEqual([]);
});
