import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sandboxError } from "./errors.js";
import { packageFolder } from "./one-shot/package-files.js";

/** Absolute path of this package's `assets` folder, from the sources and from the built files alike. */
export function assetFolder(): string {
  const folder = join(packageFolder(), "assets");
  if (existsSync(folder)) return folder;
  throw sandboxError(
    "SANDBOX_DRIVER_FAILED",
    "The folder assets of @agentos/sandbox is missing. Install the package again.",
  );
}

/** The text of a file of this package's `assets` folder. */
export function readAsset(name: string): Promise<string> {
  return readFile(join(assetFolder(), name), "utf8");
}
