import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative } from "node:path";
import { validate } from "@agentos/core";
import { createTwoFilesPatch } from "diff";
import * as v from "valibot";
import { mcpError } from "../errors.js";
import { CLIENTS, type ClientName, type ServerCommand } from "./client.js";

/** Options of {@link planInstall}. */
export interface InstallOptions {
  readonly client: ClientName;
  /** The project's root. */
  readonly project: string;
  /** The user's home folder. */
  readonly home: string;
  /** Whether the server is for all of the user's projects. @default false: for this one */
  readonly user?: boolean;
  /** How the client starts the server. */
  readonly server: ServerCommand;
  /** @default that of this process */
  readonly platform?: NodeJS.Platform;
}

/** What would be written. */
export interface InstallPlan {
  readonly file: string;
  /** Undefined when there is no file yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** The change as a unified diff; empty when it is there already. */
  readonly diff: string;
}

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const installSchema = v.strictObject({
  client: v.picklist(Object.keys(CLIENTS) as ClientName[]),
  project: text,
  home: text,
  user: v.optional(v.boolean()),
  server: v.strictObject({ command: text, args: v.array(v.string()) }),
  platform: v.optional(v.custom<NodeJS.Platform>((value) => typeof value === "string")),
});

/** Works out how a client's configuration changes. Throws `OPTIONS_INVALID`, `MCP_CONFIG_UNREADABLE` and `MCP_CONFIG_INVALID`. */
export async function planInstall(options: InstallOptions): Promise<InstallPlan> {
  const valid = validate(installSchema, options, { what: "Options of planInstall" });
  const { project, home, platform = process.platform, server } = valid;
  const client = CLIENTS[valid.client];
  const place = { project, home, platform };
  const file = valid.user
    ? await followed(client.userFile(place), undefined)
    : await followed(client.projectFile(place), project);
  const before = await read(file);
  const after = client.edited(before, server, file);
  const diff = before === after ? "" : createTwoFilesPatch(file, file, before ?? "", after);
  return { file, before, after, diff };
}

/** Writes what was planned, whole or not at all. Throws `MCP_CONFIG_UNREADABLE` also where the file has changed since. */
export async function applyInstall({ file, before, after }: InstallPlan): Promise<void> {
  if ((await read(file)) !== before)
    throw mcpError(
      "MCP_CONFIG_UNREADABLE",
      `${file} has changed meanwhile. Nothing was written; run it again.`,
    );
  const fresh = `${file}.${process.pid}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const mode = before === undefined ? 0o600 : (await stat(file)).mode & 0o777;
    await writeFile(fresh, after, { mode, flag: "wx" });
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => {});
    throw unusable(file, "written", cause);
  }
}

/** The file that a link leads to: it is written, and the link stays. One of a project may not lead out of it. */
async function followed(file: string, project: string | undefined): Promise<string> {
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined || project === undefined) return real ?? file;
  const inside = relative(await realpath(project), real);
  if (!inside.startsWith("..") && !isAbsolute(inside)) return real;
  throw mcpError(
    "MCP_CONFIG_UNREADABLE",
    `${file} is a link to ${real}, outside of the project. Remove the link.`,
  );
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(file, "read", cause);
  }
}

function unusable(file: string, how: string, cause: unknown): Error {
  const { code } = cause as NodeJS.ErrnoException;
  return mcpError("MCP_CONFIG_UNREADABLE", `${file} cannot be ${how} (${code}). See to its permissions.`, {
    cause,
  });
}
