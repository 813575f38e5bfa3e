import type { Outcome } from "@agentos/core";
import { outcomeOf, taskOf } from "./outcomes.js";

/** A small seeded generator (mulberry32, Tommy Ettinger, public domain), so that streams repeat. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NAMES = ["items", "values", "xs", "numbers", "row", "data", "entries", "list_in"];
const STARTS = ["0", "1", "-1", "None"];
const RANGES = ["range(len(A))", "range(1, len(A))", "range(len(A) - 1)", "range(len(A) + 1)"];
const TESTS = ["<", "<=", ">", ">=", "==", "!="];

/**
 * Candidates by agents of different skill on a number of tasks. Whether one passes depends on its code: on the start, the
 * bound and the comparison that the task wants. Names and a trailing line vary without effect.
 */
export function* stream(options: { seed: number; count: number; tasks: number }): Generator<Outcome> {
  const random = seeded(options.seed);
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
  const wanted = Array.from(
    { length: options.tasks },
    () => [pick(STARTS), pick(RANGES), pick(TESTS)] as const,
  );
  for (let at = 0; at < options.count; at += 1) {
    const number = Math.floor(random() * options.tasks);
    const [start, range, test] = wanted[number] ?? ["0", "range(len(A))", "<"];
    const agent = pick(["able", "middling", "poor"]);
    const skill = { able: 0.9, middling: 0.75, poor: 0.5 }[agent] ?? 0.5;
    const choose = (right: string, list: readonly string[]): string =>
      random() < skill ? right : pick(list);
    const [a, b, c] = [choose(start, STARTS), choose(range, RANGES), choose(test, TESTS)];
    const name = pick(NAMES);
    const code = [
      `def solve_${number}(${name}):`,
      `    found = ${a}`,
      `    for i in ${b.replace("A", name)}:`,
      `        if ${name}[i] ${c} found:`,
      `            found = ${name}[i] + ${number % 7}`,
      `    return found`,
      random() < 0.3 ? `\nLIMIT = ${Math.floor(random() * 100)}\n` : "",
    ].join("\n");
    const task = taskOf(`task-${number}`, { prompt: `Write solve_${number} for case ${number} of the list` });
    const passed = a === start && b === range && c === test;
    yield outcomeOf({ id: `o${String(at).padStart(6, "0")}`, code, task, passed, at, proposer: { agent } });
  }
}
