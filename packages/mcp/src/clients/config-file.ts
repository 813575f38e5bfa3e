import { lstat, mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { mcpError } from "../errors.js";

/**
 * The file that a path leads to through links of files and folders: it is written, and the links stay. It need not be there yet.
 * Throws `MCP_CONFIG_UNREADABLE` where a link leads to nothing.
 * @param project what the file may not lie outside of; undefined: links may lead anywhere
 */
export async function followed(file: string, project: string | undefined): Promise<string> {
  const real = await realPath(file);
  if (project === undefined) return real;
  const inside = relative(await realPath(project), real);
  if (inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return real;
  throw mcpError(
    "MCP_CONFIG_UNREADABLE",
    `${file} leads through a link to ${real}, outside of the project. Nothing was written: remove the link.`,
  );
}

/** The text of a file, its byte order mark included; undefined when there is none. */
export async function readConfig(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw unusable(file, "read", cause);
  });
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw mcpError(
      "MCP_CONFIG_INVALID",
      `${file} is not in UTF-8. Nothing was written: save it in UTF-8, or move it away.`,
      { cause },
    );
  }
}

/** Writes a file whole or not at all. A new one is readable by its owner alone; else the mode stays. */
export async function writeConfig(file: string, text: string): Promise<void> {
  const mode = await modeToKeep(file);
  const fresh = `${file}.${process.pid}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(fresh, text, { mode: mode ?? 0o600, flag: "wx" });
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => {});
    throw unusable(file, "written", cause);
  }
}

/** The mode of a file that may be written; undefined when there is none. Renaming over a file asks its folder alone, not the file. */
async function modeToKeep(file: string): Promise<number | undefined> {
  try {
    // Opened and not asked for access: that would answer for the user who started this process, not for the one it acts as.
    await (await open(file, "r+")).close();
    return (await stat(file)).mode & 0o777;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw mcpError(
      "MCP_CONFIG_UNREADABLE",
      `${file} may not be written (${code}). Nothing was written: make it writable, or add the shown lines where this file is made.`,
      { cause },
    );
  }
}

/** The real path of the nearest folder that is there, and what is missing behind it. */
async function realPath(file: string): Promise<string> {
  const missing: string[] = [];
  for (let at = file; ; at = dirname(at)) {
    try {
      return join(await realpath(at), ...missing);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || dirname(at) === at)
        throw unusable(file, "read", cause);
      await refuseLinkToNothing(at);
      missing.unshift(basename(at));
    }
  }
}

/** A link is there though nothing is where it leads: writing would make a file in a place that nobody named, or replace the link. */
async function refuseLinkToNothing(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return;
  throw mcpError(
    "MCP_CONFIG_UNREADABLE",
    `${path} is a link to something that is not there. Nothing was written: make what it leads to, or remove the link.`,
  );
}

function unusable(file: string, how: string, cause: unknown): Error {
  const { code } = cause as NodeJS.ErrnoException;
  return mcpError("MCP_CONFIG_UNREADABLE", `${file} cannot be ${how} (${code}). See to its permissions.`, {
    cause,
  });
}
