import { validate } from "@agentos/core";
import { createTwoFilesPatch } from "diff";
import * as v from "valibot";
import { mcpError } from "../errors.js";
import { CLIENTS, type ClientName, type ServerCommand } from "./client.js";
import { followed, readConfig, writeConfig } from "./config-file.js";

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
  const before = await readConfig(file);
  const after = client.edited(before, server, file);
  const diff = before === after ? "" : createTwoFilesPatch(file, file, before ?? "", after);
  return { file, before, after, diff };
}

/** Writes what was planned, whole or not at all. Throws `MCP_CONFIG_UNREADABLE` also where the file has changed since. */
export async function applyInstall({ file, before, after }: InstallPlan): Promise<void> {
  if ((await readConfig(file)) !== before)
    throw mcpError(
      "MCP_CONFIG_UNREADABLE",
      `${file} has changed meanwhile. Nothing was written; run it again.`,
    );
  await writeConfig(file, after);
}
