import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Catalogue } from "../src/catalogue.js";
import { LEXICAL_WEIGHTS, LexicalIndex } from "../src/lexical-index.js";

const words = fc
  .array(
    fc.oneof(
      fc.constantFrom("pool", "retry", "port", "8080", "parseTask", "\n"),
      fc.string({ maxLength: 5 }),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((list) => list.join(" "));

/** The parts as they come from a file: one buffer each, aligned. */
function written(parts: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...parts].map(([name, bytes]) => [name, new Uint8Array(bytes)]));
}

/** What the parts are, short enough to be compared. */
function told(parts: ReadonlyMap<string, Uint8Array>): readonly string[] {
  return [...parts].map(([name, bytes]) => `${name} ${createHash("sha256").update(bytes).digest("hex")}`);
}

test("an index that was kept and laid under again finds the same, and goes on from there", () => {
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 12 }),
      fc.array(words, { maxLength: 6 }),
      words,
      (first, then, query) => {
        const index = new LexicalIndex();
        for (const text of first) index.add(text);
        const parts = index.toParts();
        const kept = written(parts);
        for (const text of then) index.add(text);
        // What was given stays as it was, whatever is added.
        expect(told(parts)).toEqual(told(kept));
        const again = LexicalIndex.fromParts(kept, LEXICAL_WEIGHTS);
        for (const text of then) again.add(text);
        const allowed = new Uint8Array(index.size).fill(1);
        expect(again.size).toBe(index.size);
        expect(again.terms).toBe(index.terms);
        expect(again.score(query, allowed).best(20)).toEqual(index.score(query, allowed).best(20));
        expect(told(LexicalIndex.fromParts(written(index.toParts()), LEXICAL_WEIGHTS).toParts())).toEqual(
          told(index.toParts()),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("a term that thousands of texts have is found through all its runs", () => {
  const index = new LexicalIndex();
  const COUNT = 20_000;
  for (let at = 0; at < COUNT; at++) index.add(at % 3 === 0 ? "alpha beta" : "gamma");
  const again = LexicalIndex.fromParts(written(index.toParts()), LEXICAL_WEIGHTS);
  for (const one of [index, again]) {
    const found = one.score("alpha", new Uint8Array(COUNT).fill(1)).best(COUNT);
    expect(found.map(({ slot }) => slot)).toEqual(
      Array.from({ length: Math.ceil(COUNT / 3) }, (_, at) => at * 3),
    );
  }
});

test("what a query came to stays as it is while others are asked and texts are added", () => {
  const texts = [
    "the pool retries",
    "port 8080 is taken",
    "pool of ports, pool of retries",
    "nothing of this",
  ];
  for (const text of [texts, texts.map((one) => `${one}\nand a second line`)]) {
    const index = new LexicalIndex();
    for (const one of text) index.add(one);
    const allowed = new Uint8Array(text.length).fill(1);
    const first = index.score("pool retries", allowed);
    const before = first.best(10);
    const units = first.bestUnits(new Map(before.map(({ slot, score }) => [slot, score])), 10);
    expect(new Set(before.map(({ slot }) => slot))).toEqual(new Set([0, 2]));
    index.score("port taken nothing", allowed);
    index.add("pool retries");
    index.score("pool", new Uint8Array(index.size).fill(1));
    expect(first.best(10)).toEqual(before);
    expect(first.bestUnits(new Map(before.map(({ slot, score }) => [slot, score])), 10)).toEqual(units);
  }
});

test("4-grams that are everywhere are left out of large indexes, words never", () => {
  const index = new LexicalIndex();
  for (let at = 0; at < 3_000; at++) index.add("common words");
  const slot = index.add("commonly uncommon");
  const allowed = new Uint8Array(index.size).fill(1);
  const [first, second] = index.score("uncommonest", allowed).best(2);
  expect(first?.slot).toBe(slot);
  expect(second).toBeUndefined();
  expect(index.score("common", allowed).best(3_001)).toHaveLength(3_000);
});

test("parts that are missing or cut short are refused", () => {
  const index = new LexicalIndex();
  for (const text of ["one two", "three\nfour"]) index.add(text);
  const parts = written(index.toParts());
  for (const name of parts.keys()) {
    const without = new Map(parts);
    without.delete(name);
    expect(() => LexicalIndex.fromParts(without, LEXICAL_WEIGHTS), `without ${name}`).toThrow();
  }
});

test("a catalogue that was kept sees and finds the same", () => {
  const memory = (id: string, content: string, more = {}) =>
    ({
      id,
      content,
      kind: "fact",
      scope: { level: "user" },
      tags: [],
      importance: 0.5,
      trust: "own",
      validFrom: 1,
      recordedAt: 1,
      ...more,
    }) as const;
  const index = new LexicalIndex();
  const catalogue = new Catalogue(index);
  catalogue.set(memory("a", "one", { subject: "s", tags: ["t"] }));
  catalogue.set(memory("b", "two", { validTo: 5, expiresAt: 9 }));
  catalogue.set(memory("c", "three"));
  catalogue.delete("c");
  const lexical = LexicalIndex.fromParts(written(index.toParts()), LEXICAL_WEIGHTS);
  const again = Catalogue.fromParts(written(catalogue.toParts()), lexical);
  expect([...again.entries()]).toEqual([...catalogue.entries()]);
  expect(again.about(JSON.stringify(["user", "s"]))).toEqual(["a"]);
  for (const at of [0, 1, 4, 5])
    expect(again.allowed({}, { now: at, at }, (key) => key)).toEqual(
      catalogue.allowed({}, { now: at, at }, (key) => key),
    );
  expect(() => Catalogue.fromParts(written(catalogue.toParts()), new LexicalIndex())).toThrow();
});

function found(index: LexicalIndex, query: string, ...hidden: number[]): readonly number[] {
  const allowed = new Uint8Array(index.size).fill(1);
  for (const slot of hidden) allowed[slot] = 0;
  return index
    .score(query, allowed)
    .best(20)
    .map(({ slot }) => slot);
}

test("what stands in for a word is found, behind the word itself, and counts once however many do", () => {
  const index = new LexicalIndex();
  index.add("the nightly backup of the shop went to a snapshot dump archive");
  index.add("invoices of May are rendered at night");
  index.add("bills of May are rendered at night");
  expect(found(index, "bills of May")).toEqual([2, 1]);
  const off = new LexicalIndex({ ...LEXICAL_WEIGHTS, alike: 0 });
  off.add("invoices are rendered at night");
  expect(found(off, "bills")).toEqual([]);
});

test("a word that no text has is found by its spelling and in German", () => {
  const index = new LexicalIndex();
  index.add("terraform keeps its state in a bucket");
  index.add("sessions lie in database 0");
  expect(found(index, "terrafrom")).toEqual([0]);
  expect(found(index, "in welcher Datenbank liegen die Sitzungen")).toEqual([1]);
});

test("words of texts that may not be seen stand in for nothing, and correct nothing", () => {
  const query = "bills webhok backups in der Datenbank";
  const texts = ["invoices go out at night", "webhook of the processor", "snapshot of the database"];
  const alone = new LexicalIndex();
  const among = new LexicalIndex();
  for (const text of texts) {
    alone.add(text);
    among.add(text);
  }
  for (const text of ["bills", "webhok", "webhoks backups", "datenbank dump"]) among.add(text);
  const allowed = new Uint8Array(among.size).fill(1, 0, texts.length);
  expect(among.score(query, allowed).best(20)).toEqual(
    alone.score(query, new Uint8Array(3).fill(1)).best(20),
  );
});

test("of a long query, only the first words are corrected", () => {
  const index = new LexicalIndex();
  index.add("terraform");
  index.add("webhook");
  const many = Array.from({ length: 20 }, (_, at) => `qz${String.fromCharCode(97 + at)}vvvwww`);
  expect(found(index, ["terrafrom", ...many].join(" "))).toContain(0);
  expect(found(index, [...many, "wehbook"].join(" "))).not.toContain(1);
});

test("a slot that gets a text while the lists are compacted counts once", () => {
  const index = new LexicalIndex();
  for (const text of ["alpha one", "beta two", "gamma three"]) index.add(text);
  const compact = (whole: LexicalIndex, dead: number, meanwhile = (): void => {}): LexicalIndex => {
    const steps = whole.without((slot) => slot === dead, 1);
    steps.next();
    meanwhile();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  };
  const emptied = compact(index, 2);
  const compacted = compact(emptied, 0, () => {
    emptied.add("delta four", 2);
  });
  expect(compacted.has(2)).toBe(false);
  compacted.add("delta four", 2);
  const plain = new LexicalIndex();
  for (const text of ["none", "beta two", "delta four"]) plain.add(text);
  expect(compacted.weightOf(2)).toBe(plain.weightOf(2));
  expect(found(compacted, "delta")).toEqual([2]);
});
