import type { Fixture } from "../fixture.js";

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many are under way at once, as of several agents. */
const AT_ONCE = 128;
const VOCABULARY = 5_000;
const SUBJECTS = 500;
/** One purge in so many operations: each lets the store compact, and walks its audit. */
const OPERATIONS_PER_PURGE = 50_000;

/** What people do with a memory, for so many operations: new words all the time, subjects that change, most of it forgotten. */
export function liveOnce(fixture: Fixture, random: () => number): (operations: number) => Promise<void> {
  const ids: string[] = [];
  let done = 0;
  const word = (): string =>
    random() < 0.05
      ? `new${Math.floor(random() * 1e9).toString(36)}`
      : `word${Math.floor(VOCABULARY ** random())}`;
  const text = (length: number): string => Array.from({ length }, word).join(" ");
  const known = (): string => ids[Math.floor(random() * ids.length)] ?? "none";
  const one = async (): Promise<void> => {
    const { memory } = fixture;
    done += 1;
    fixture.now += 1;
    if (done % OPERATIONS_PER_PURGE === 0) {
      await memory.purge(known());
      return;
    }
    const dice = random();
    if (dice < 0.35) {
      const scope = { level: "project", id: `p${Math.floor(random() * 20)}` } as const;
      const metadata = { ticket: Math.floor(random() * (random() < 0.05 ? 1e9 : 9)) };
      const { id } = await memory.remember({ content: text(12), scope, metadata, importance: random() });
      ids.push(id);
      if (ids.length > 3_000) ids.shift();
    } else if (dice < 0.45) {
      const subject = `setting ${Math.floor(random() * SUBJECTS)}`;
      await memory.remember({ content: `${subject} is ${text(3)}`, scope: { level: "user" }, subject });
    } else if (dice < 0.5) await memory.correct(known(), { content: text(12) });
    else if (dice < 0.65) {
      const id = known();
      await memory.forget(id);
      if (random() < 0.1) await memory.restore(id);
    } else {
      const scopes = [{ level: "project", id: `p${Math.floor(random() * 20)}` } as const];
      await memory.recall(text(3), { scopes });
    }
  };
  return async (operations) => {
    const end = done + operations;
    const worker = async (): Promise<void> => {
      while (done < end) await one();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
}
