import assert from "node:assert/strict";
import { isAgentOSError } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { Embedder } from "../embedder.js";

const TEXTS = [
  "How is the connection pool closed?",
  "the connection pool is closed",
  "bananas are yellow",
  "",
  " \n\t",
  "\u{1f600}é漢字",
  "word ".repeat(2_000),
];

/** The cases that every embedder passes. `make` makes one with the same settings each time. */
export function embedderConformance(make: () => Embedder | Promise<Embedder>): readonly ConformanceCase[] {
  return [
    {
      name: "gives one finite Float32Array of its dimensions for each text, in order",
      run: async () => {
        const embedder = await make();
        assert.ok(Number.isInteger(embedder.dimensions) && embedder.dimensions > 0);
        const vectors = await embedder.embed(TEXTS);
        assert.equal(vectors.length, TEXTS.length);
        for (const vector of vectors) {
          assert.ok(vector instanceof Float32Array);
          assert.equal(vector.length, embedder.dimensions);
          assert.ok(vector.every(Number.isFinite));
        }
        assert.deepEqual(await embedder.embed([]), []);
      },
    },

    {
      name: "gives the same vector for the same text, alone or among others, from another instance too",
      run: async () => {
        const [one, other] = [await make(), await make()];
        assert.equal(one.name, other.name);
        assert.notEqual(one.name, "");
        const together = await one.embed(TEXTS);
        for (const [index, text] of TEXTS.entries()) {
          const [alone] = await other.embed([text]);
          assert.ok(alone !== undefined && cosine(alone, together[index]) > 0.999, `text ${index} differs`);
        }
      },
    },

    {
      name: "puts texts of the same words nearer than texts of others, and the floor between them",
      run: async () => {
        const embedder = await make();
        const [question, answer, other] = await embedder.embed(TEXTS);
        const [near, far] = [cosine(question, answer), cosine(question, other)];
        assert.ok(near > far, `${near} is not above ${far}`);
        assert.ok(near > (embedder.unrelatedBelow ?? 0), `${near} counts as unrelated`);
      },
    },

    {
      name: "gives many texts their own vectors in order, and calls at the same time as well",
      run: async () => {
        const embedder = await make();
        const texts = Array.from({ length: 300 }, (_, n) => `${TEXTS[n % 3]} ${n}`);
        const [together, ...alone] = await Promise.all([
          embedder.embed(texts),
          ...[0, 149, 299].map((n) => embedder.embed([texts[n] ?? ""])),
        ]);
        assert.equal(together.length, 300);
        for (const [place, n] of [0, 149, 299].entries()) {
          assert.ok(cosine(together[n], alone[place]?.[0]) > 0.999, `text ${n} has another's vector`);
        }
        assert.ok(cosine(together[0], together[2]) < 0.999, "texts differ, so their vectors must");
      },
    },

    {
      name: "gives vectors that are the caller's: what is done to one changes no later one",
      run: async () => {
        const embedder = await make();
        const [first] = await embedder.embed(["the connection pool"]);
        const before = Float32Array.from(first ?? []);
        first?.fill(7);
        const [again, twice] = await embedder.embed(["the connection pool", "the connection pool"]);
        assert.ok(cosine(again, before) > 0.999);
        assert.notEqual(again, twice, "the same text twice has two vectors");
      },
    },

    {
      name: "embeds a question, where it has a way of its own for that, near its answer",
      run: async () => {
        const embedder = await make();
        if (embedder.embedQuery === undefined) return;
        const question = await embedder.embedQuery(TEXTS[0] ?? "");
        assert.ok(question instanceof Float32Array);
        assert.equal(question.length, embedder.dimensions);
        assert.ok(question.every(Number.isFinite));
        const again = await (await make()).embedQuery?.(TEXTS[0] ?? "");
        assert.ok(cosine(question, again) > 0.999, "the same question has the same vector");
        const [answer, other] = (await embedder.embed(TEXTS.slice(1, 3))) as [Float32Array, Float32Array];
        assert.ok(cosine(question, answer) > cosine(question, other));
        for (const blank of ["", " "]) {
          assert.ok((await embedder.embedQuery(blank)).every(Number.isFinite), "also of nothing");
        }
        await assert.rejects(embedder.embedQuery("x", { signal: AbortSignal.abort() }), (error) =>
          isAgentOSError(error, "ABORTED"),
        );
      },
    },

    {
      name: "does not change the list that it is given",
      run: async () => {
        const embedder = await make();
        const texts = Object.freeze([...TEXTS]);
        await embedder.embed(texts);
      },
    },

    {
      name: "stops at an aborted signal",
      run: async () => {
        const embedder = await make();
        await assert.rejects(embedder.embed(TEXTS, { signal: AbortSignal.abort() }), (error) =>
          isAgentOSError(error, "ABORTED"),
        );
      },
    },
  ];
}

/** 1 for two vectors of zeros, which are the same. */
function cosine(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  const norms = Math.sqrt(dot(a, a) * dot(b, b));
  if (norms === 0) return dot(a, a) === dot(b, b) ? 1 : 0;
  return dot(a, b) / norms;
}
