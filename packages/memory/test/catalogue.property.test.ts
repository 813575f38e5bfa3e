import type { Memory } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Catalogue } from "../src/catalogue.js";
import { LEXICAL_WEIGHTS, LexicalIndex } from "../src/lexical-index.js";

const words = fc
  .array(fc.constantFrom("pool", "retry", "port", "8080", "café", "parseTask", "\n"), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => list.join(" "));
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("set" as const),
      key: fc.integer({ min: 0, max: 12 }),
      content: words,
      metadata: fc.integer({ min: 0, max: 30 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("delete" as const), key: fc.integer({ min: 0, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("begin" as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("go on" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("keep" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("ask" as const), query: words }) },
);

function memory(key: number, content: string, metadata: number): Memory {
  return {
    id: `m${key}`,
    content,
    kind: "fact",
    scope: { level: "user" },
    tags: [],
    importance: 0.5,
    trust: "own",
    metadata: { number: metadata },
    validFrom: 0,
    recordedAt: 0,
  };
}

const EVERYTHING = { now: 1, at: 1 };
const masked = (catalogue: Catalogue, filter = {}): Uint8Array =>
  catalogue.allowed({ scopes: "all", ...filter }, EVERYTHING, (key) => key);

/** What a catalogue tells, slots aside. */
function told(catalogue: Catalogue, query: string): unknown {
  const scores = catalogue.lexical.score(query, masked(catalogue));
  const best = scores.best(100);
  const keyOf = (slot: number): string | undefined => catalogue.entry(slot)?.key;
  return {
    best: best.map(({ slot, score }) => [keyOf(slot), score]),
    units: scores
      .bestUnits(new Map(best.map(({ slot, score }) => [slot, score])), 100)
      .map(({ slot, unit, score }) => `${keyOf(slot)} ${unit} ${score}`)
      .sort(),
    filtered: Array.from({ length: 31 }, (_, number) =>
      [...masked(catalogue, { metadata: { number } })].flatMap((byte, slot) => (byte ? [keyOf(slot)] : [])),
    ).map((keys) => keys.sort()),
  };
}

test("a catalogue whose slots are given out again tells what one tells that never had anything else", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60, size: "max" }), (steps) => {
      let catalogue = new Catalogue(new LexicalIndex());
      const held = new Map<number, Memory>();
      let compaction: Generator<void, void> | undefined;
      let reader: { readonly mask: Uint8Array; readonly keys: Map<number, string>; end(): void } | undefined;
      for (const one of steps) {
        if (one.do === "set") {
          const said = memory(one.key, one.content, one.metadata);
          // In the order of writing, as slots are not.
          held.delete(one.key);
          held.set(one.key, said);
          const { slot } = catalogue.set(said);
          // Whoever reads never meets another memory in a slot that it was let through to.
          if (reader?.mask[slot]) expect(reader.keys.get(slot)).toBe(said.id);
        } else if (one.do === "delete") {
          held.delete(one.key);
          catalogue.delete(`m${one.key}`);
        } else if (one.do === "begin") {
          compaction ??= catalogue.compact();
          reader?.end();
          const mask = masked(catalogue);
          const keys = new Map(
            [...mask].flatMap((byte, slot) =>
              byte ? [[slot, catalogue.entry(slot)?.key ?? ""] as const] : [],
            ),
          );
          reader = { mask, keys, end: catalogue.read() };
        } else if (one.do === "go on") {
          if (compaction?.next().done) compaction = undefined;
        } else if (one.do === "end") {
          reader?.end();
          reader = undefined;
        } else if (one.do === "keep") {
          reader = undefined;
          compaction = undefined;
          const parts = [catalogue.lexical.toParts(), catalogue.toParts()].map(
            (map) => new Map([...map].map(([name, bytes]) => [name, new Uint8Array(bytes)])),
          );
          const lexical = LexicalIndex.fromParts(parts[0] ?? new Map(), LEXICAL_WEIGHTS);
          catalogue = Catalogue.fromParts(parts[1] ?? new Map(), lexical);
        } else {
          const plain = new Catalogue(new LexicalIndex());
          for (const said of held.values()) plain.set(said);
          expect(told(catalogue, one.query)).toEqual(told(plain, one.query));
        }
      }
      const plain = new Catalogue(new LexicalIndex());
      for (const said of held.values()) plain.set(said);
      for (const _step of compaction ?? catalogue.compact());
      expect(told(catalogue, "pool retry 8080")).toEqual(told(plain, "pool retry 8080"));
    }),
    { numRuns: 300 },
  );
});

test("a kept catalogue that is compacted while a memory comes and goes knows how long texts are", () => {
  let catalogue = new Catalogue(new LexicalIndex());
  catalogue.set(memory(0, "pool", 0));
  const lexical = LexicalIndex.fromParts(catalogue.lexical.toParts(), LEXICAL_WEIGHTS);
  catalogue = Catalogue.fromParts(catalogue.toParts(), lexical);
  const compaction = catalogue.compact();
  catalogue.set(memory(1, "pool pool", 0));
  for (let steps = 0; steps < 2; steps++) compaction.next();
  catalogue.set(memory(2, "pool", 0));
  catalogue.delete("m2");
  for (const _step of compaction);
  const plain = new Catalogue(new LexicalIndex());
  for (const [key, text] of ["pool", "pool pool"].entries()) plain.set(memory(key, text, 0));
  expect(told(catalogue, "pool")).toEqual(told(plain, "pool"));
});

test("slots, words and facets of what is gone are given back: a catalogue that changes for ever stays small", () => {
  const catalogue = new Catalogue(new LexicalIndex());
  let most = 0;
  let compactions = 0;
  for (let n = 0; n < 20_000; n++) {
    catalogue.set(memory(n % 50, `word${n} of the text that is number ${n} of many`.repeat(3), n));
    if (catalogue.wasteful) {
      for (const _step of catalogue.compact());
      compactions += 1;
    }
    most = Math.max(most, masked(catalogue).length);
  }
  expect(compactions).toBeGreaterThan(5);
  expect(most).toBeLessThan(4_000);
  for (const _step of catalogue.compact());
  expect(catalogue.terms).toBeLessThan(400);
  const { facets } = JSON.parse(Buffer.from(catalogue.toParts().get("words") ?? []).toString()) as {
    facets: unknown[];
  };
  expect(facets.length).toBeLessThan(60);
});
