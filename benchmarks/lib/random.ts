/** A source of numbers from 0 (inclusive) to 1 (exclusive) that a seed decides. */
export type Random = () => number;

/** Makes a {@link Random} from a text: FNV-1a hashes it into the state of mulberry32 (Tommy Ettinger, public domain). */
export function seededRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(seed)) {
    state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  }
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws `count` items without replacement (all, when there are fewer), each set equally likely, in the order drawn. */
export function sample<Item>(items: readonly Item[], count: number, random: Random): readonly Item[] {
  const pool = [...items];
  const drawn: Item[] = [];
  while (drawn.length < count && pool.length > 0) {
    drawn.push(...pool.splice(Math.floor(random() * pool.length), 1));
  }
  return drawn;
}
