/** Tells the time in milliseconds since 1970. Injectable, so that tests can own time. */
export type Clock = () => number;

/** The machine's clock. */
export const systemClock: Clock = () => Date.now();

/** Makes a new unique id. Injectable, so that tests are repeatable. */
export type IdSource = () => string;

/** Ids that sort by time: 11 digits of base 36 for the time and a counter, then 10 random ones. */
export function timeSortedIds(clock: Clock = systemClock): IdSource {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock() * 1000);
    const random = crypto.getRandomValues(new Uint32Array(2));
    return `${last.toString(36).padStart(11, "0")}${[...random].map((part) => part.toString(36).padStart(7, "0").slice(-5)).join("")}`;
  };
}
