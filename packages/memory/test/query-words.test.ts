import { expect, test } from "vitest";
import { queryWords } from "../src/query-words.js";
import { Spelling } from "../src/text/spelling.js";
import { SAME_WORDS } from "../src/text/thesaurus/developer-words.js";
import { GERMAN_WORDS } from "../src/text/thesaurus/german-words.js";
import { germanTerms, LONGEST_PHRASE, otherTerms } from "../src/text/thesaurus/thesaurus.js";

/** What is wanted of a vocabulary: each term with what may stand in for it. */
function wanted(query: string, vocabulary: readonly string[], alike = 1): Record<string, readonly string[]> {
  const spelling = new Spelling();
  spelling.update(vocabulary, vocabulary.length);
  const { terms } = queryWords(
    query,
    { has: (term) => vocabulary.includes(term), near: (term) => spelling.near(term) },
    alike,
  );
  return Object.fromEntries(terms.map(({ term, others }) => [term, [...(others?.keys() ?? [])]]));
}

test("what developers write for a word stands in for it, where a text has it", () => {
  expect(wanted("bills", ["invoic", "rose"])).toEqual({ bill: ["invoic"] });
  expect(wanted("bills", ["rose"])).toEqual({ bill: [] });
});

test("a phrase is looked for by what stands for it", () => {
  expect(wanted("write-ahead log", ["wal", "log"])).toMatchObject({ "write ahead log": ["wal"] });
});

test("a German question is read in English, with its endings and compounds, without its small words", () => {
  expect(wanted("welche Datenbanknummer haben die Sitzungen", ["db", "number", "session", "di"])).toEqual({
    datenbanknummer: ["db", "number"],
    sitzungen: ["session"],
  });
});

test("an English word keeps its meaning in an English question", () => {
  expect(wanted("which tag do we release", ["tag", "day", "releas"]).tag).not.toContain("day");
});

test("a word that no text has is corrected, one that is there is not", () => {
  expect(wanted("terrafrom", ["terraform"])).toEqual({ terrafrom: ["terraform"] });
  expect(wanted("terraform", ["terraform", "terraforms"])).toEqual({ terraform: [] });
});

test("nothing stands in for a word when that is switched off", () => {
  expect(wanted("bills terrafrom Rechnung", ["invoic", "terraform"], 0)).toEqual({
    bill: [],
    terrafrom: [],
    rechnung: [],
  });
});

test("words that say little count for less", () => {
  const { terms } = queryWords("keep again webhook", { has: () => false, near: () => [] }, 1);
  expect(terms.map(({ term, weight }) => [term, weight])).toEqual([
    ["keep", 0.4],
    ["again", 0.4],
    ["webhook", 1],
  ]);
});

test("every line of the tables can be asked for", () => {
  for (const line of SAME_WORDS.trim().split("\n")) {
    const [head = "", ...others] = line.split(" ");
    expect(others.length, line).toBeGreaterThan(0);
    expect(head.split("_").length, line).toBeLessThanOrEqual(LONGEST_PHRASE);
    expect(otherTerms(head.replaceAll("_", " ")).length, line).toBeGreaterThan(0);
  }
  for (const line of GERMAN_WORDS.trim().split("\n")) {
    const [head = ""] = line.normalize("NFKD").replace(/\p{M}/gu, "").split(" ");
    expect(germanTerms(head).length, line).toBeGreaterThan(0);
  }
});
