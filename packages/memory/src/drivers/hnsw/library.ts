import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether hnswlib-node can be used here. */
export type HnswAvailability =
  | { readonly available: true }
  | {
      readonly available: false;
      readonly reason: string;
      /** What to do about it. */
      readonly remedy: string;
    };

/** The path of hnswlib-node, which has been loaded for a trial. Throws when it is not there or not compiled. */
export function loadLibrary(): string {
  const require = createRequire(import.meta.url);
  const path = require.resolve("hnswlib-node");
  require(path);
  return path;
}

/** Whether the optional peer `hnswlib-node` is installed and compiled for this Node. Loads it for that. */
export function hnswAvailability(): HnswAvailability {
  try {
    loadLibrary();
    return { available: true };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return {
      available: false,
      reason:
        code === "MODULE_NOT_FOUND"
          ? "hnswlib-node is not installed"
          : `hnswlib-node does not load: ${message.split("\n")[0]}`,
      remedy: "npm install hnswlib-node (needs a C++ compiler); in a clone of AgentOS: npm run hnsw",
    };
  }
}

/** The program of the thread, found from where this code runs: the sources in a test, `dist` anywhere else. */
export function graphProgram(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("The folder of @agentos/memory was not found.");
    folder = parent;
  }
  return join(folder, "dist", "children", "hnsw.cjs");
}
