import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";

/** How a client is told to start the server. */
export interface ServerStart {
  /** Where that is: a command that is installed, the package by its name, or a checkout by its path. */
  readonly by: "command" | "package" | "path";
  readonly command: string;
  readonly args: readonly string[];
}

/** What decides how the server is started. */
export interface ServerPlace {
  /** The variable PATH. */
  readonly path: string;
  /** The manifest of the package that runs. */
  readonly manifest: string;
  /** The program that runs it. */
  readonly node: string;
}

/**
 * The server's command as a client finds it, which has not the PATH that npm makes for its scripts: `agentos` where it is installed to
 * stay; else npx, which works on the machines of all who share the file; the very file only of a checkout, in whose place npx would
 * fetch what is published.
 */
export function serverStart({ path, manifest, node }: ServerPlace): ServerStart {
  if (path.split(delimiter).some((folder) => stays(folder) && isProgram(join(folder, "agentos"))))
    return { by: "command", command: "agentos", args: ["mcp"] };
  const folder = dirname(manifest);
  if (/[\\/]node_modules[\\/]@agentos[\\/]cli$/.test(folder))
    return { by: "package", command: "npx", args: ["-y", "@agentos/cli", "mcp"] };
  return { by: "path", command: node, args: [join(folder, "dist", "bin.js"), "mcp"] };
}

/** npm, npx, pnpm and Yarn put folders on the PATH of what they run, which no other program sees. */
function stays(folder: string): boolean {
  if (!isAbsolute(folder)) return false;
  try {
    return !/[\\/](?:node_modules[\\/]\.bin|_npx|xfs-[^\\/]*)(?:[\\/]|$)/.test(realpathSync(folder));
  } catch {
    return false;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
