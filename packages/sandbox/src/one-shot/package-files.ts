import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder of this package, found from where this code runs: its sources in a test, `dist` anywhere else. Bundling
 * moves code between files, so no fixed number of steps up is right.
 */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("The folder of @agentos/sandbox was not found.");
    folder = parent;
  }
  return folder;
}

/** The built program of a child process. */
export function childFile(name: string): string {
  return join(packageFolder(), "dist", "children", `${name}.cjs`);
}

/** The folder of the built programs that Node starts inside the namespace driver's sandboxes. */
export function nodeHarnessFolder(): string {
  return join(packageFolder(), "dist", "harness");
}

/** The built program of the contexts of JavaScript engines. */
export function realmFile(): string {
  return join(packageFolder(), "dist", "children", "realm.js");
}
