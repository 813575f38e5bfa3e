import type { History } from "@agentos/core";
import { queryTerms } from "../search/terms.js";
import { withoutTrailers } from "./trailers.js";

/** What is kept of a commit to say which files belong together. */
export interface PastCommit {
  /** In milliseconds since 1970. */
  readonly time: number;
  /** Terms of its message. */
  readonly terms: ReadonlySet<string>;
  /** Files that it touched, by the names that they have now. */
  readonly paths: readonly string[];
}

/** Commits that are looked at. */
const COMMITS = 1_000;
/** A commit of more files is a sweep over all, which says nothing of what belongs together. */
const MOST_FILES = 30;
/** Days after which a commit counts half: a project's parts move. */
const HALF_LIFE_DAYS = 365;
const DAY_MS = 86_400_000;
/** Terms of a text that are looked for, the first ones. */
const MOST_TERMS = 500;
/** Commits after which one counts half for what is worked on now. */
const RECENT_COMMITS = 50;

/** The last 1,000 commits, newest first, without those of more than 30 files. */
export async function readPast(
  history: History,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly PastCommit[]> {
  const commits: PastCommit[] = [];
  // What a file of an older commit is called now.
  const names = new Map<string, string>();
  for await (const { time, message, files } of history.commits({ ...options, limit: COMMITS })) {
    const touched = new Set<string>();
    for (const { path, oldPath, status } of files) {
      const now = names.get(path) ?? path;
      touched.add(now);
      if (status === "renamed" && oldPath !== undefined) names.set(oldPath, now);
    }
    if (touched.size === 0 || touched.size > MOST_FILES) continue;
    commits.push({
      time,
      terms: new Set(queryTerms(withoutTrailers(message.slice(0, MOST_MESSAGE)))),
      paths: [...touched],
    });
  }
  return commits;
}

/** Characters of a message that say what a commit is about; all of them would be kept. */
const MOST_MESSAGE = 4_000;

/** A file that changed together with another. */
export interface CoChange {
  /** 0 (never together) to 1 (always). */
  readonly score: number;
  /** Commits that touched both. */
  readonly commits: number;
}

/**
 * Files that change together with one. The score is the cosine of two files as vectors over commits (Salton and McGill 1983), where a
 * commit of n files counts 1 / (n - 1), as it shares itself among the others (Newman, "Scientific collaboration networks II", 2001),
 * and half for each year that it is older than the newest.
 */
export function changedTogether(past: readonly PastCommit[], path: string): ReadonlyMap<string, CoChange> {
  const newest = past[0]?.time ?? 0;
  const shared = new Map<string, { weight: number; commits: number }>();
  const total = new Map<string, number>();
  for (const { time, paths } of past) {
    const years = Math.max(0, newest - time) / DAY_MS / HALF_LIFE_DAYS;
    const weight = 2 ** -years / Math.max(paths.length - 1, 1);
    const together = paths.includes(path);
    for (const each of paths) {
      total.set(each, (total.get(each) ?? 0) + weight);
      if (!together || each === path) continue;
      const known = shared.get(each) ?? { weight: 0, commits: 0 };
      shared.set(each, { weight: known.weight + weight, commits: known.commits + 1 });
    }
  }
  const own = total.get(path) ?? 0;
  return new Map(
    [...shared].map(([other, { weight, commits }]) => [
      other,
      { score: Math.min(1, weight / Math.sqrt(own * (total.get(other) ?? 0))), commits },
    ]),
  );
}

/**
 * Files of commits whose messages are like a text, by how much. A commit gives to each of its n files the square of its likeness by
 * √n: the sum of the rarities (log(1 + commits / commits with the term)) of the terms that both have, by √(4 + its terms).
 */
export function changedForSimilar(past: readonly PastCommit[], text: string): ReadonlyMap<string, number> {
  const wanted = queryTerms(text).slice(0, MOST_TERMS);
  const rarity = new Map<string, number>();
  for (const term of wanted) {
    const frequency = past.reduce((sum, { terms }) => sum + (terms.has(term) ? 1 : 0), 0);
    if (frequency > 0) rarity.set(term, Math.log(1 + past.length / frequency));
  }
  const scores = new Map<string, number>();
  for (const { terms, paths } of past) {
    let likeness = 0;
    for (const [term, weight] of rarity) if (terms.has(term)) likeness += weight;
    const share = (likeness * likeness) / (4 + terms.size) / Math.sqrt(paths.length);
    if (share === 0) continue;
    for (const path of paths) scores.set(path, (scores.get(path) ?? 0) + share);
  }
  return scores;
}

/** Files that were touched of late, by how much: a commit of n files gives each 1 / n, and half of that 50 commits on. */
export function changedOfLate(past: readonly PastCommit[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  for (const [position, { paths }] of past.entries()) {
    const share = 2 ** (-position / RECENT_COMMITS) / paths.length;
    if (share < 1e-6) break;
    for (const path of paths) scores.set(path, (scores.get(path) ?? 0) + share);
  }
  return scores;
}
