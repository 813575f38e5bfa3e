import { posix, win32 } from "node:path";
import { editedJson } from "./edited-json.js";
import { editedToml } from "./edited-toml.js";

/** How a client starts the server. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where a client's configuration may lie. */
export interface ClientPlace {
  /** The project's root. */
  readonly project: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** A client that can be told of the server. */
export interface McpClient {
  /** The project's own file. */
  projectFile(place: ClientPlace): string;
  /** The user's file, for all projects. */
  userFile(place: ClientPlace): string;
  /** The configuration with the server in it, all else as it was. Throws `MCP_CONFIG_INVALID`. @param text undefined: there is no file */
  edited(text: string | undefined, server: ServerCommand, file: string): string;
}

/** Editors start servers wherever they like, and say where the project is. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: editors fill it in
const IN_WORKSPACE = ["--project", "${workspaceFolder}"];

function inJson(
  key: string,
  more: Readonly<Record<string, string>>,
  moreArgs: readonly string[],
): McpClient["edited"] {
  return (text, { command, args }, file) =>
    editedJson(text, [key, NAME], { ...more, command, args: [...args, ...moreArgs] }, file);
}

/**
 * How long Codex waits, where its user has not said it. By itself, of its versions the most hasty gives a server 10 s to start, in which
 * npx has not fetched it, and a call 60 s, in which many a project's tests have not run.
 */
function codexWaits(own: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...(!("startup_timeout_sec" in own || "startup_timeout_ms" in own) && { startup_timeout_sec: 60 }),
    ...(!("tool_timeout_sec" in own) && { tool_timeout_sec: 600 }),
  };
}

/** The server's name in each configuration. */
const NAME = "agentos";

/** The clients, by the names of the command line. */
export const CLIENTS: Readonly<Record<ClientName, McpClient>> = {
  "claude-code": {
    projectFile: (place) => within(place, place.project, ".mcp.json"),
    userFile: (place) => within(place, place.home, ".claude.json"),
    edited: inJson("mcpServers", { type: "stdio" }, []),
  },
  cursor: {
    projectFile: (place) => within(place, place.project, ".cursor", "mcp.json"),
    userFile: (place) => within(place, place.home, ".cursor", "mcp.json"),
    edited: inJson("mcpServers", {}, IN_WORKSPACE),
  },
  vscode: {
    projectFile: (place) => within(place, place.project, ".vscode", "mcp.json"),
    userFile: (place) => within(place, place.home, ...vscodeFolder(place.platform), "mcp.json"),
    edited: inJson("servers", { type: "stdio" }, IN_WORKSPACE),
  },
  codex: {
    // Codex reads it in projects that its user trusts.
    projectFile: (place) => within(place, place.project, ".codex", "config.toml"),
    userFile: (place) => within(place, place.home, ".codex", "config.toml"),
    edited: (text, { command, args }, file) =>
      editedToml(text, ["mcp_servers", NAME], (own) => ({ command, args, ...codexWaits(own) }), file),
  },
};

/** Names of the clients. */
export type ClientName = "claude-code" | "cursor" | "vscode" | "codex";

function within({ platform }: ClientPlace, ...parts: string[]): string {
  return (platform === "win32" ? win32 : posix).join(...parts);
}

function vscodeFolder(platform: NodeJS.Platform): readonly string[] {
  if (platform === "darwin") return ["Library", "Application Support", "Code", "User"];
  return platform === "win32" ? ["AppData", "Roaming", "Code", "User"] : [".config", "Code", "User"];
}
