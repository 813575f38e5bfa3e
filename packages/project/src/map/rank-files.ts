import { changedForSimilar, changedOfLate, changedTogether, type PastCommit } from "../history/past.js";
import type { FileGraph } from "./file-graph.js";
import { asksForTests, kindWeight } from "./file-kind.js";
import { textScores } from "./file-terms.js";
import { definedNames, namedFiles, namesIn } from "./mentions.js";
import { pageRank } from "./page-rank.js";

/** What files are ranked for. */
export interface MapFocus {
  /** What is to be done, in words; empty for nothing in particular. */
  readonly task: string;
  /** Files that the reader has before it. */
  readonly open: readonly string[];
  /** Files that are being changed. */
  readonly changed: readonly string[];
  /** Names of symbols that matter. */
  readonly names: readonly string[];
}

/** Steps that follow an edge: few where a task says what it wants, many where only the files themselves tell. */
const DAMPING_FOR_TASK = 0.2;
const DAMPING = 0.85;

// What each hint counts for where the surfer starts, beside the file that fits the words of the task best, which counts 1.
const NAMED_FILE = 1;
const NAMED_SYMBOL = 0.3;
const ASKED_SYMBOL = 1;
const OPEN = 1;
const CHANGED = 1;
const SIMILAR = 0.5;
const TOGETHER = 0.3;
const OF_LATE = 0.1;
/** Every file may matter a little. */
const ANY = 1e-4;

/**
 * How much each file of a graph matters, by node, adding up to 1 before files that nobody wrote and tests are let down: personalised
 * PageRank from where the focus points to, along the uses of names.
 */
export function rankFiles(graph: FileGraph, focus: MapFocus, past: readonly PastCommit[]): Float64Array {
  const tests = asksForTests(focus.task);
  const kinds = Float64Array.from(graph.kinds, (kind) => kindWeight(kind, tests));
  const hints = hintsOf(graph, focus, past);
  const start = Float64Array.from(hints, (hint, node) => hint * (kinds[node] ?? 1) + ANY);
  const damping = focus.task.trim() === "" ? DAMPING : DAMPING_FOR_TASK;
  const rank = pageRank(graph.edges, start, { damping });
  return rank.map((value, node) => value * (kinds[node] ?? 1));
}

function hintsOf(graph: FileGraph, focus: MapFocus, past: readonly PastCommit[]): Float64Array {
  const { records, nodes } = graph;
  const { task, open, changed, names } = focus;
  const hints = new Float64Array(records.length);
  const add = (values: ArrayLike<number>, weight: number): void => {
    for (let node = 0; node < hints.length; node += 1) {
      hints[node] = (hints[node] ?? 0) + weight * (values[node] ?? 0);
    }
  };
  const at = (scores: ReadonlyMap<string, number>): Float64Array => {
    const values = new Float64Array(records.length);
    for (const [path, score] of scores) {
      const node = nodes.get(path);
      if (node !== undefined) values[node] = score;
    }
    return values;
  };
  const paths = (given: readonly string[]): Float64Array => at(new Map(given.map((path) => [path, 1])));
  // Squared: the best fit stands out from the many that have one common word.
  add(
    scaled(textScores(graph.terms, task)).map((score) => score * score),
    1,
  );
  add(namedFiles(records, task), NAMED_FILE);
  add(definedNames(graph, namesIn(task)), NAMED_SYMBOL);
  add(definedNames(graph, new Map(names.map((name) => [name, 1]))), ASKED_SYMBOL);
  add(paths(open), OPEN);
  add(paths(changed), CHANGED);
  add(scaled(at(changedForSimilar(past, task))), SIMILAR);
  add(scaled(at(changedOfLate(past))), OF_LATE);
  for (const path of changed) {
    const together = [...changedTogether(past, path)].map(([other, { score }]) => [other, score] as const);
    add(at(new Map(together)), TOGETHER);
  }
  return hints;
}

/** With the largest value made 1. */
function scaled(values: Float64Array): Float64Array {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  return most > 0 ? values.map((value) => value / most) : values;
}
