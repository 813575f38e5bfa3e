import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfAborted } from "@agentos/core";
import { RULES_FILE } from "./ignore-rules.js";
import { type IgnoredPaths, isRepository } from "./ignored-paths.js";

/** What a walk found. */
export interface Walked {
  /** Regular files relative to the root, with `/`, sorted. */
  readonly paths: readonly string[];
  /** Folders that could not be read. */
  readonly unreadable: readonly string[];
  /** Folders that are repositories of their own, which git does not look into either. */
  readonly repositories: readonly string[];
}

/** How a walk goes. */
export interface WalkOptions {
  readonly signal?: AbortSignal | undefined;
  /** The folder to begin with, relative to the root, with a `/` at its end. @default the root */
  readonly from?: string;
  /** Called with each folder before it is listed: what changes in it from then on may be watched for. */
  readonly onFolder?: ((folder: string) => void) | undefined;
}

/** Milliseconds for which the walk holds the thread at a time. Listing at once is several times faster than by callbacks. */
const SLICE_MS = 8;

/** Lists the files of a root that are not ignored. Links, sockets and devices are passed over: no path leaves the root. */
export async function walk(
  ignored: IgnoredPaths,
  { signal, from = "", onFolder }: WalkOptions = {},
): Promise<Walked> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  const repositories: string[] = [];
  const first = ignored.rulesOf(from);
  const pending = first === undefined ? [] : [{ folder: from, above: first }];
  let slice = performance.now();
  throwIfAborted(signal);
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    if (performance.now() - slice > SLICE_MS) {
      await nextTurn();
      throwIfAborted(signal);
      slice = performance.now();
    }
    const { folder, above } = place;
    onFolder?.(folder);
    const entries = list(join(ignored.root, folder));
    if (entries === undefined) {
      unreadable.push(folder.replace(/\/$/, ""));
      continue;
    }
    const holds = (name: string): boolean => entries.some((entry) => entry.name === name);
    if (folder !== "" && holds(".git") && isRepository(join(ignored.root, folder))) {
      repositories.push(folder.replace(/\/$/, ""));
      continue;
    }
    const rules = folder === from ? above : ignored.enter(above, folder, holds(RULES_FILE));
    for (const entry of entries) {
      const path = folder + entry.name;
      if (entry.isDirectory()) {
        if (!rules.ignores(`${path}/`)) pending.push({ folder: `${path}/`, above: rules });
      } else if (entry.isFile() && !rules.ignores(path)) paths.push(path);
    }
  }
  return { paths: paths.sort(), unreadable: unreadable.sort(), repositories: repositories.sort() };
}

function list(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
