import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { IgnoreRules } from "./ignore-rules.js";

/** What a walk found. */
export interface Walked {
  /** Regular files relative to the root, with `/`, sorted. */
  readonly paths: readonly string[];
  /** Folders that could not be read. */
  readonly unreadable: readonly string[];
}

/** Lists the files of a root that are not ignored. Links, sockets and devices are passed over: no path leaves the root. */
export async function walk(
  root: string,
  own: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Walked> {
  const paths: string[] = [];
  const unreadable: string[] = [];
  const pending: { folder: string; rules: IgnoreRules }[] = [
    { folder: "", rules: await IgnoreRules.open(root, own) },
  ];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    throwIfAborted(signal);
    const { folder } = place;
    const entries = await list(join(root, folder));
    if (entries === undefined) {
      unreadable.push(folder.replace(/\/$/, ""));
      continue;
    }
    const rules = folder === "" ? place.rules : await place.rules.enter(root, folder);
    for (const entry of entries) {
      const path = folder + entry.name;
      if (entry.isDirectory()) {
        if (!rules.ignores(`${path}/`)) pending.push({ folder: `${path}/`, rules });
      } else if (entry.isFile() && !rules.ignores(path)) paths.push(path);
    }
  }
  return { paths: paths.sort(), unreadable: unreadable.sort() };
}

async function list(folder: string): Promise<Dirent[] | undefined> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
