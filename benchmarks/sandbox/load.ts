import { setTimeout as delay } from "node:timers/promises";
import { mapConcurrently } from "../lib/pool.js";
import { seededRandom } from "../lib/random.js";

/** Something that is done and timed: resolves to milliseconds. */
export type Timed = () => Promise<number>;

/** How many a second, with so many at one time. */
export async function sustained(
  work: Timed,
  options: {
    readonly count: number;
    readonly concurrency: number;
    readonly signal: AbortSignal;
    readonly onDone: () => void;
  },
): Promise<number> {
  const started = performance.now();
  await mapConcurrently(Array.from({ length: options.count }), () => work(), options);
  return (1000 * options.count) / (performance.now() - started);
}

/** Arrivals by chance (Poisson) at a rate, none of which waits for another. Their times, from arrival to end. */
export async function poisson(
  work: Timed,
  options: {
    readonly count: number;
    readonly perSecond: number;
    readonly signal: AbortSignal;
    readonly onDone: () => void;
  },
): Promise<readonly number[]> {
  const random = seededRandom("agentos-sandbox-1");
  const arrived: Promise<number>[] = [];
  let next = performance.now();
  for (let index = 0; index < options.count; index++) {
    next += (-1000 * Math.log(1 - random())) / options.perSecond;
    await delay(Math.max(0, next - performance.now()), undefined, { signal: options.signal });
    const one = work();
    // Awaited below; until then a failure is not unhandled.
    one.then(options.onDone, () => {});
    arrived.push(one);
  }
  return Promise.all(arrived);
}

/** All at once. Their times, from the common start to each one's end. */
export function burst(work: Timed, count: number): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: count }, () => work()));
}
