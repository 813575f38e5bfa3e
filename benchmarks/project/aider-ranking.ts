import { pageRank, weightedGraph } from "../../packages/project/src/map/page-rank.js";

/** What the ranking needs of a file: the names that it defines, and how often it uses others. */
export interface NamedFile {
  readonly path: string;
  readonly definitions: readonly string[];
  readonly uses: Readonly<Record<string, number>>;
}

/** Names that more files define count a tenth. */
const MANY_DEFINERS = 5;
const LONG_NAME = 8;

/**
 * Files in the order of aider's repository map for a message, with no file in the chat, after its published description: PageRank with
 * damping 0.85 over edges from the users of a name to all its definers, whose weight is the square root of the number of uses, times 10 for a
 * name that the message holds, times 10 for one of 8 or more characters in snake, kebab or camel case, times 0.1 where it begins with `_`,
 * times 0.1 where more than 5 files define it. The surfer starts anew at files that the message names, whole or by a word of their
 * path, with 100 / number of files each. The rank of a file then flows on along its edges to the definitions, by which files are
 * listed; what is not reached follows by its rank.
 */
export function aiderRanking(files: readonly NamedFile[], message: string): readonly string[] {
  const definers = new Map<string, number[]>();
  for (const [node, file] of files.entries()) {
    for (const name of new Set(file.definitions)) {
      const known = definers.get(name);
      if (known === undefined) definers.set(name, [node]);
      else known.push(node);
    }
  }
  const mentioned = new Set(message.split(/[^\p{L}\p{N}_]+/u));
  const links: { from: number; to: number; name: string; weight: number }[] = [];
  const used = new Set<string>();
  for (const [from, file] of files.entries()) {
    for (const [name, count] of Object.entries(file.uses)) {
      const targets = definers.get(name);
      if (targets === undefined) continue;
      used.add(name);
      const weight = nameWeight(name, targets.length, mentioned) * Math.sqrt(count);
      for (const to of targets) links.push({ from, to, name, weight });
    }
  }
  for (const [name, targets] of definers) {
    // A name that nobody uses holds its file in the graph.
    if (!used.has(name)) for (const to of targets) links.push({ from: to, to, name, weight: 0.1 });
  }
  const edges = files.map(() => new Map<number, number>());
  const out = new Float64Array(files.length);
  for (const { from, to, weight } of links) {
    const targets = edges[from];
    targets?.set(to, (targets.get(to) ?? 0) + weight);
    out[from] = (out[from] ?? 0) + weight;
  }
  const rank = pageRank(weightedGraph(files.length, edges), personalisation(files, message, mentioned));
  const definitions = new Map<string, { path: string; score: number }>();
  for (const { from, to, name, weight } of links) {
    const path = files[to]?.path ?? "";
    const key = `${to} ${name}`;
    const score = ((rank[from] ?? 0) * weight) / (out[from] ?? 1);
    const known = definitions.get(key);
    if (known === undefined) definitions.set(key, { path, score });
    else known.score += score;
  }
  const byDefinition = [...definitions.values()].sort((one, other) => other.score - one.score);
  const byRank = files
    .map(({ path }, node) => ({ path, score: rank[node] ?? 0 }))
    .sort((one, other) => other.score - one.score);
  return [...new Set([...byDefinition, ...byRank].map(({ path }) => path))];
}

function nameWeight(name: string, definers: number, mentioned: ReadonlySet<string>): number {
  const isSnakeOrKebab = /[_-]/.test(name) && /\p{L}/u.test(name);
  const isCamel = /\p{Lu}/u.test(name) && /\p{Ll}/u.test(name);
  let weight = 1;
  if (mentioned.has(name)) weight *= 10;
  if ((isSnakeOrKebab || isCamel) && name.length >= LONG_NAME) weight *= 10;
  if (name.startsWith("_")) weight *= 0.1;
  if (definers > MANY_DEFINERS) weight *= 0.1;
  return weight;
}

function personalisation(
  files: readonly NamedFile[],
  message: string,
  mentioned: ReadonlySet<string>,
): readonly number[] {
  const words = new Set(message.split(/\s+/).map((word) => word.replace(/^["'`*_]+|["'`*_,.!;:?]+$/g, "")));
  const share = 100 / files.length;
  return files.map(({ path }) => {
    const parts = path.split("/");
    const file = parts.at(-1) ?? "";
    const stem = file.replace(/\.[^.]+$/, "");
    const named = words.has(path) || words.has(file);
    const word = [...parts, stem].some((part) => mentioned.has(part));
    return (named ? share : 0) + (word ? share : 0);
  });
}
