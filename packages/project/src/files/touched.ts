import { lstatSync, type Stats } from "node:fs";
import { basename, join } from "node:path";
import { EXCLUDE_FILE, RULES_FILE } from "./ignore-rules.js";
import type { IgnoredPaths } from "./ignored-paths.js";
import { type Walked, walk } from "./walk.js";

/** So few places are looked at one by one. */
const FEW_PLACES = 8;

/** What is there at paths that something became of. */
export interface TouchedWalk extends Walked {
  /** Whether a path lies where it was looked: when it is not among those found, it is there no more. */
  covers(path: string): boolean;
}

/** How touched paths are looked at. */
export interface TouchedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with each folder before it is listed. */
  readonly onFolder?: ((folder: string) => void) | undefined;
  /** Called with each path that may have been a folder and is no longer the same one. */
  readonly onGone?: ((path: string) => void) | undefined;
}

/**
 * Looks at touched paths: files are found as they are, folders are walked. Undefined when one of them is a rule on what to leave out,
 * or begins or ends a repository: then anything may be left out or let in anew, and all is to be walked.
 */
export async function walkTouched(
  touched: Iterable<string>,
  ignored: IgnoredPaths,
  { signal, onFolder, onGone }: TouchedOptions = {},
): Promise<TouchedWalk | undefined> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  const repositories: string[] = [];
  const looked = new Set<string>();
  const covers = (path: string): boolean => isAtOrBelow(path, looked);
  // A folder comes before what lies in it, and the walk of it stands for that.
  for (const path of [...touched].sort()) {
    if (path === EXCLUDE_FILE) return undefined;
    const name = basename(path);
    if ((name === RULES_FILE || name === ".git") && ignored.rulesOf(folderOf(path)) !== undefined)
      return undefined;
    if (covers(path)) continue;
    looked.add(path);
    const found = lookAt(join(ignored.root, path));
    onGone?.(path);
    if (found?.isFile()) {
      if (!ignored.ignores(path)) paths.push(path);
      continue;
    }
    ignored.forget(`${path}/`);
    if (!found?.isDirectory() || ignored.ignores(`${path}/`)) continue;
    const below = await walk(ignored, { signal, from: `${path}/`, onFolder });
    // Not spread into a call: there may be more than a call takes.
    for (const file of below.paths) paths.push(file);
    for (const folder of below.unreadable) unreadable.push(folder);
    for (const folder of below.repositories) repositories.push(folder);
  }
  return { paths, unreadable, repositories, covers };
}

function lookAt(full: string): Stats | undefined {
  try {
    return lstatSync(full, { throwIfNoEntry: false });
  } catch {
    // A file stands where a folder of the path was, or the name is none that this system has.
    return undefined;
  }
}

function isAtOrBelow(path: string, places: ReadonlySet<string>): boolean {
  if (places.has(path)) return true;
  if (places.size <= FEW_PLACES) {
    for (const place of places) if (path.startsWith(place) && path[place.length] === "/") return true;
    return false;
  }
  for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1))
    if (places.has(path.slice(0, end))) return true;
  return false;
}

/** With a `/` at its end unless it is the root. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
