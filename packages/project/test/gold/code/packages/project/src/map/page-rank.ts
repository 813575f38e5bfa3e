/** A directed graph over 0…size-1 with weighted edges: those of node `n` are at `start[n]` to `start[n + 1]`, exclusive. */
export interface WeightedGraph {
  readonly size: number;
  readonly start: Uint32Array;
  readonly target: Uint32Array;
  /** Positive. */
  readonly weight: Float64Array;
}

/** How the surfer of {@link pageRank} moves. */
export interface PageRankOptions {
  /** The share of steps that follow an edge. @default 0.85 */
  readonly damping?: number;
  /** The iteration ends when the ranks change by less than this in sum. @default 1e-7 */
  readonly tolerance?: number;
  /** @default 100 */
  readonly maxIterations?: number;
}

/** Makes a graph of edges; those between the same nodes are added up. */
export function weightedGraph(size: number, edges: readonly ReadonlyMap<number, number>[]): WeightedGraph {
  const start = new Uint32Array(size + 1);
  for (let node = 0; node < size; node += 1) start[node + 1] = (start[node] ?? 0) + (edges[node]?.size ?? 0);
  const count = start[size] ?? 0;
  const target = new Uint32Array(count);
  const weight = new Float64Array(count);
  let next = 0;
  for (let node = 0; node < size; node += 1) {
    for (const [to, amount] of edges[node] ?? []) {
      target[next] = to;
      weight[next] = amount;
      next += 1;
    }
  }
  return { size, start, target, weight };
}

/**
 * The personalised PageRank of each node, which add up to 1: where a surfer is who follows edges by their weight with probability
 * `damping`, and else, and where no edge leads on, starts anew by the personalisation. Page, Brin, Motwani and Winograd, "The PageRank
 * citation ranking" (1999); the personalisation as in Haveliwala, "Topic-sensitive PageRank" (2002). By power iteration.
 * @param personalisation one value of at least 0 per node, scaled here; all zero: each node alike
 */
export function pageRank(
  graph: WeightedGraph,
  personalisation: ArrayLike<number>,
  { damping = 0.85, tolerance = 1e-7, maxIterations = 100 }: PageRankOptions = {},
): Float64Array {
  const { size, start, target, weight } = graph;
  const restart = scaled(personalisation, size);
  const total = new Float64Array(size);
  for (let node = 0; node < size; node += 1) {
    let sum = 0;
    for (let edge = start[node] ?? 0; edge < (start[node + 1] ?? 0); edge += 1) sum += weight[edge] ?? 0;
    total[node] = sum;
  }
  let rank = Float64Array.from(restart);
  let next = new Float64Array(size);
  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    let lost = 0;
    next.fill(0);
    for (let node = 0; node < size; node += 1) {
      const share = rank[node] ?? 0;
      const sum = total[node] ?? 0;
      if (sum === 0) {
        lost += share;
        continue;
      }
      const factor = (damping * share) / sum;
      for (let edge = start[node] ?? 0; edge < (start[node + 1] ?? 0); edge += 1) {
        const to = target[edge] ?? 0;
        next[to] = (next[to] ?? 0) + factor * (weight[edge] ?? 0);
      }
    }
    const anew = 1 - damping + damping * lost;
    let change = 0;
    for (let node = 0; node < size; node += 1) {
      const value = (next[node] ?? 0) + anew * (restart[node] ?? 0);
      next[node] = value;
      change += Math.abs(value - (rank[node] ?? 0));
    }
    [rank, next] = [next, rank];
    if (change < tolerance) break;
  }
  return rank;
}

function scaled(personalisation: ArrayLike<number>, size: number): Float64Array {
  const restart = new Float64Array(size);
  let sum = 0;
  for (let node = 0; node < size; node += 1) sum += personalisation[node] ?? 0;
  for (let node = 0; node < size; node += 1) {
    restart[node] = sum > 0 ? (personalisation[node] ?? 0) / sum : 1 / size;
  }
  return restart;
}
