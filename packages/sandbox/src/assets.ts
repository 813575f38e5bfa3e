import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sandboxError } from "./errors.js";

/** Absolute path of a file of this package's `assets` folder, from the sources and from the built files alike. */
export function assetPath(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let depth = 0; depth < 5; depth++) {
    const path = join(folder, "assets", name);
    if (existsSync(path)) return path;
    folder = dirname(folder);
  }
  throw sandboxError(
    "SANDBOX_DRIVER_FAILED",
    `The file assets/${name} of @agentos/sandbox is missing. Install the package again.`,
  );
}

/** The text of a file of this package's `assets` folder. */
export function readAsset(name: string): Promise<string> {
  return readFile(assetPath(name), "utf8");
}
