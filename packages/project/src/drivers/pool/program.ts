import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The program of a worker, found from where this code runs: the sources in a test, `dist` anywhere else. */
export function parserProgram(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("The folder of @agentos/project was not found.");
    folder = parent;
  }
  return join(folder, "dist", "children", "parser.js");
}
