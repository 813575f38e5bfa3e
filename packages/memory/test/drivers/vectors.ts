/** Numbers from 0 to 1 that a seed decides: mulberry32 (Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Vectors around so many centres; `spread` is the length of what is added to a centre's, 1. */
export function clustered(
  dimensions: number,
  centres: number,
  spread: number,
  random: () => number,
): () => Float32Array {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) * Math.sqrt(1 / dimensions);
  const middles = Array.from({ length: centres }, () => Float32Array.from({ length: dimensions }, normal));
  return () => {
    const middle = middles[Math.floor(random() * centres)] ?? new Float32Array(dimensions);
    return middle.map((value) => value + spread * normal());
  };
}
