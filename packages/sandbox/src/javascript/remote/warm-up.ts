import { Remote } from "./remote.js";

/** What the candidate of a pair that warms up has: values and functions of the common kinds. */
const EXAMPLE: Readonly<Record<string, unknown>> = {
  double: (value: number) => 2 * value,
  sort: (list: number[], compare: (a: number, b: number) => number) => [...list].sort(compare),
  count: (words: readonly string[]) => new Map(words.map((word) => [word, { length: word.length }])),
  Counter: class {
    #count = 0;
    next(): number {
      return ++this.#count;
    }
  },
  fail: () => {
    throw new RangeError("warm");
  },
};

/**
 * Lets two halves talk to each other within this process, so that what both do has been compiled before the one that counts
 * begins. Nothing of it is said to anybody.
 */
export function warmUp(): void {
  const toCandidate: string[] = [];
  const toJudge: string[] = [];
  const candidate = new Remote({
    side: "candidate",
    send: (text) => void toJudge.push(text),
    receive: () => toCandidate.shift(),
  });
  const judge = new Remote({
    side: "judge",
    send: (text) => void toCandidate.push(text),
    receive: () => {
      if (candidate.serve()) candidate.answer(EXAMPLE);
      return toJudge.shift();
    },
  });
  const module = judge.ask("load", () => ({})) as typeof EXAMPLE;
  const { double, sort, count, Counter, fail } = module as {
    double(value: number): number;
    sort(list: number[], compare?: (a: number, b: number) => number): number[];
    count(words: readonly string[]): Map<string, unknown>;
    Counter: new () => { next(): number };
    fail(): void;
  };
  let message = "";
  try {
    fail();
  } catch (error) {
    message = (error as Error).message;
  }
  const said = [double(3), sort([2, 1])[0], count(["a"]).size, new Counter().next(), message];
  if (said.join(" ") !== "6 1 1 1 warm")
    throw new Error("The halves that warm up did not talk as they should.");
}
