/** A source of numbers in [0, 1) that gives the same ones for the same seed (mulberry32 by Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some of the numbers below `count`, `wanted` of them, in rising order. */
export function sample(count: number, wanted: number, random: () => number): Int32Array {
  const chosen = new Int32Array(Math.min(count, wanted));
  let taken = 0;
  // Selection sampling (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S).
  for (let number = 0; number < count && taken < chosen.length; number += 1) {
    if ((count - number) * random() >= chosen.length - taken) continue;
    chosen[taken] = number;
    taken += 1;
  }
  return chosen;
}
