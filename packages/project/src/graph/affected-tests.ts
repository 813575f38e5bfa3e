import { dialectOf, languageOf } from "../source-parser.js";
import type { ImportGraph } from "./import-graph.js";
import { folderOf, type ProjectMap } from "./project-map.js";
import { isTestFile, testSubject } from "./test-files.js";

/** Names that say nothing about what a file holds. */
const GENERIC = new Set([
  "index",
  "main",
  "utils",
  "util",
  "helpers",
  "types",
  "mod",
  "lib",
  "__init__",
  "common",
]);

interface Affected {
  readonly path: string;
  /** Imports between the test and the nearest changed file; 0 for a changed test. */
  readonly distance: number;
  /** Whether it is named after a changed file. */
  readonly namesake: boolean;
  /** How many leading folders it shares with the nearest changed file. */
  readonly shared: number;
}

/**
 * Tests that reach the changed files by imports, nearest first: fewer steps, then named after a changed file, then
 * sharing more folders. A test that is named after a changed file of its package counts as one step away without an
 * import, since some tests start a program instead.
 */
export function affectedTests(
  changed: readonly string[],
  graph: ImportGraph,
  exists: (path: string) => boolean,
  limit: number,
): string[] {
  const distances = new Map<string, { distance: number; origin: string }>();
  let front: string[] = [];
  for (const path of changed) {
    if (!distances.has(path)) front.push(path);
    distances.set(path, { distance: 0, origin: path });
  }
  for (let distance = 1; front.length > 0; distance += 1) {
    const next: string[] = [];
    for (const path of front) {
      const origin = distances.get(path)?.origin ?? path;
      for (const importer of graph.importersOf(path)) {
        if (distances.has(importer)) continue;
        distances.set(importer, { distance, origin });
        next.push(importer);
      }
    }
    front = next;
  }
  const namesakes = namesakesOf(changed, graph.map);
  for (const [path, origin] of namesakes) {
    if ((distances.get(path)?.distance ?? Number.POSITIVE_INFINITY) > 1)
      distances.set(path, { distance: 1, origin });
  }
  const affected: Affected[] = [];
  for (const [path, { distance, origin }] of distances) {
    if (!(isTestFile(path) && exists(path))) continue;
    affected.push({ path, distance, namesake: namesakes.has(path), shared: sharedFolders(path, origin) });
  }
  return affected
    .sort(nearestFirst)
    .slice(0, limit)
    .map(({ path }) => path);
}

function nearestFirst(left: Affected, right: Affected): number {
  return (
    left.distance - right.distance ||
    Number(right.namesake) - Number(left.namesake) ||
    right.shared - left.shared ||
    (left.path < right.path ? -1 : 1)
  );
}

/** Tests named after a changed file of the same package, with that file. */
function namesakesOf(changed: readonly string[], map: ProjectMap): Map<string, string> {
  const bySubject = new Map<string, string[]>();
  for (const path of changed) {
    const name = (path.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "");
    if (isTestFile(path) || GENERIC.has(name)) continue;
    bySubject.set(name, [...(bySubject.get(name) ?? []), path]);
  }
  const found = new Map<string, string>();
  if (bySubject.size === 0) return found;
  for (const path of map.paths) {
    if (!isTestFile(path)) continue;
    const origin = bySubject
      .get(testSubject(path))
      ?.find(
        (source) => family(source) === family(path) && map.packageFolder(source) === map.packageFolder(path),
      );
    if (origin !== undefined) found.set(path, origin);
  }
  return found;
}

/** Languages that test one another. */
function family(path: string): string {
  const dialect = dialectOf(path);
  const language = dialect && languageOf(dialect);
  if (language === "c" || language === "cpp") return "c";
  return language === "typescript" ? "javascript" : (language ?? "");
}

function sharedFolders(left: string, right: string): number {
  const leftParts = folderOf(left).split("/");
  const rightParts = folderOf(right).split("/");
  let shared = 0;
  while (shared < leftParts.length && leftParts[shared] === rightParts[shared]) shared += 1;
  return shared;
}
