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

/**
 * Arrivals by chance at a rate, none of which waits for another. Their times, from arrival to end. A Poisson process of which the
 * number of arrivals is known has them at independent uniform moments (Ross, Stochastic Processes, theorem 2.3.1): drawn so,
 * the rate is the one asked for, where gaps drawn one by one come out at up to a quarter more or less in 120.
 */
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
  const span = (1000 * options.count) / options.perSecond;
  const moments = Array.from({ length: options.count }, () => span * random()).sort(
    (one, other) => one - other,
  );
  const arrived: Promise<number>[] = [];
  const started = performance.now();
  for (const moment of moments) {
    await delay(Math.max(0, started + moment - performance.now()), undefined, { signal: options.signal });
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
