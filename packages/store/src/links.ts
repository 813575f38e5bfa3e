import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { listGenerations } from "./drivers/level-generations.js";
import { storeError } from "./errors.js";

/** A folder may come with a repository, perhaps a stranger's: nothing may be written through a link in it. */
export async function refuseLinks(folder: string): Promise<void> {
  const within = [...(await listGenerations(folder)), "snapshots"].map((name) => join(folder, name));
  for (const below of [folder, ...within]) {
    const entries = await readdir(below, { withFileTypes: true }).catch(() => []);
    const link = entries.find((entry) => entry.isSymbolicLink());
    if (link === undefined) continue;
    throw storeError(
      "STORE_UNOPENABLE",
      `The store in ${folder} holds a link, ${link.name}, which could lead anywhere. Remove it, or name another folder.`,
      { details: { dir: folder, link: join(below, link.name) } },
    );
  }
}
