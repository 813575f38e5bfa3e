import { expect, test } from "vitest";
import { differentBits, SignSketch } from "../../src/drivers/exact/sign-sketch.js";
import { seeded } from "./vectors.js";

const random = seeded(17);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Two vectors whose cosine is given, nearly. */
function pair(dimensions: number, cosine: number): readonly [Float32Array, Float32Array] {
  const one = Float32Array.from({ length: dimensions }, normal);
  const other = one.map((value) => cosine * value + Math.sqrt(1 - cosine ** 2) * normal());
  return [one, other];
}

function cosineOf([one, other]: readonly [Float32Array, Float32Array]): number {
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}

function difference(sketch: SignSketch, [one, other]: readonly [Float32Array, Float32Array]): number {
  const words = new Int32Array(2 * sketch.words);
  sketch.write(one, words, 0);
  sketch.write(other, words, sketch.words);
  return differentBits(words.subarray(0, sketch.words), words, sketch.words, sketch.words);
}

test.each([
  [1, 64],
  [63, 64],
  [64, 128],
  [256, 512],
  [384, 512],
  [1536, 2048],
])("a vector of %i dimensions has a sketch of %i bits", (dimensions, bits) => {
  expect(new SignSketch(dimensions).bits).toBe(bits);
});

test.each([32, 100, 256, 384])("bits differ as the angle says, of %i dimensions", (dimensions) => {
  const sketch = new SignSketch(dimensions);
  for (const cosine of [-0.5, 0, 0.3, 0.7, 0.95]) {
    let [sum, beyond] = [0, 0];
    for (let times = 0; times < 400; times++) {
      const vectors = pair(dimensions, cosine);
      const exact = cosineOf(vectors);
      const different = difference(sketch, vectors);
      sum += different / sketch.bits - Math.acos(exact) / Math.PI;
      if (different > sketch.mostDifferent(exact)) beyond += 1;
    }
    expect(Math.abs(sum / 400)).toBeLessThan(0.01);
    expect(beyond / 400).toBeLessThanOrEqual(0.02);
  }
});

test("bits are told apart for vectors that share their signs, or are mostly zeros", () => {
  const sketch = new SignSketch(256);
  const place = (...places: number[]): Float32Array =>
    Float32Array.from({ length: 256 }, (_, i) => (places.includes(i) ? 1 : 0));
  // Neither has a negative number: the signs of the vectors themselves are no use.
  expect(difference(sketch, [place(1), place(2)]) / sketch.bits).toBeCloseTo(0.5, 1);
  expect(difference(sketch, [place(1, 2, 3), place(1, 2, 3)])).toBe(0);
  const near = difference(sketch, [place(1, 2, 3, 4), place(1, 2, 3, 5)]) / sketch.bits;
  expect(near).toBeCloseTo(Math.acos(0.75) / Math.PI, 1);
});

test("counts the bits of any words", () => {
  for (let times = 0; times < 200; times++) {
    const [one, other] = [0, 0].map(() => Int32Array.from({ length: 3 }, () => random() * 2 ** 32));
    const expected = [...(one ?? [])].reduce(
      (sum, word, i) => sum + ((word ^ (other?.[i] ?? 0)) >>> 0).toString(2).replaceAll("0", "").length,
      0,
    );
    expect(differentBits(one ?? new Int32Array(), other ?? new Int32Array(), 0, 3)).toBe(expected);
  }
});

test("is the same on every machine", () => {
  const sketch = new SignSketch(20);
  const words = new Int32Array(sketch.words);
  sketch.write(
    Float32Array.from({ length: 20 }, (_, i) => i - 7.5),
    words,
    0,
  );
  expect([...words]).toMatchInlineSnapshot(`
    [
      867316628,
      -1729028854,
    ]
  `);
});
