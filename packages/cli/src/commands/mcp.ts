import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import type { ClientName, RunningServer } from "@agentos/mcp";
import { Argument, Option } from "commander";
import { type CommandContext, type CommandDefinition, configOf } from "../context.js";
import { cliError } from "../errors.js";
import { wholeNumber } from "../flags.js";
import { globalIgnoreOf } from "../git-ignore.js";
import { type CommandResult, printable } from "../output.js";

interface Flags {
  readonly client?: ClientName;
  readonly user?: boolean;
  readonly write?: boolean;
  readonly http?: boolean;
  readonly port?: number;
}

/** `agentos mcp`: serves the project to coding agents, and tells their clients of it. */
export const mcpCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("mcp")
      .description("serve this project to a coding agent, or tell its client how to start that")
      .addArgument(
        new Argument(
          "[action]",
          "serve: over standard input and output; install: show the change of a client",
        )
          .choices(["serve", "install"])
          .default("serve"),
      )
      .addOption(
        new Option("--client <name>", "whose configuration").choices([
          "claude-code",
          "cursor",
          "vscode",
          "codex",
        ]),
      )
      .option("--user", "install for all of your projects")
      .option("--write", "install: write the change")
      .option("--http", "serve over HTTP to programs of this machine that send the token")
      .option("--port <number>", "port of --http (default: a free one)", wholeNumber)
      .addHelpText(
        "after",
        "\nThe token of --http is AGENTOS_MCP_TOKEN, or a new one that is printed.\n\nExamples:\n  agentos mcp install --client claude-code --write\n  agentos mcp --http --port 7333",
      ),

  async run(context, [action], options) {
    const flags = options as unknown as Flags;
    return action === "install" ? install(context, flags) : serve(context, flags);
  },
};

async function serve(context: CommandContext, { http, port }: Flags): Promise<CommandResult> {
  const { dir, project, config } = await configOf(context);
  const { signal, environment } = context;
  const common = {
    dir,
    project,
    signal,
    globalIgnore: await globalIgnoreOf(context),
    ...(config.needs && { needs: config.needs }),
    ...(config.limits && { limits: config.limits }),
  };
  const { serveHttp, serveStdio } = await import("@agentos/mcp");
  let server: RunningServer;
  if (http) {
    const own = environment["AGENTOS_MCP_TOKEN"];
    const started = await serveHttp({ ...common, ...(port && { port }), ...(own && { token: own }) });
    context.tell(`serving ${project} at ${started.url}`);
    if (!own) context.tell(`token ${started.token}`);
    server = started;
  } else server = serveStdio(common);
  await server.ended;
  return { json: undefined, text: "", isWritten: true };
}

async function install(context: CommandContext, { client, user, write }: Flags): Promise<CommandResult> {
  const { project } = await configOf(context);
  const { applyInstall, planInstall } = await import("@agentos/mcp");
  if (client === undefined)
    throw cliError("CLI_USAGE", "Name the client: --client claude-code, cursor, vscode or codex.");
  const plan = await planInstall({
    client,
    project,
    home: context.home,
    user: user === true,
    server: serverCommand(context.environment),
  });
  const { file, diff } = plan;
  if (write && diff !== "") await applyInstall(plan);
  const state = diff === "" ? "is there already" : write ? "written" : "not written yet: add --write";
  return {
    json: { file, diff, written: write === true && diff !== "" },
    text: [...(diff === "" ? [] : diff.split("\n").map(printable)), `${printable(file)}: ${state}`].join(
      "\n",
    ),
  };
}

/** `agentos` where a shell would find it; else this very program. */
function serverCommand(environment: CommandContext["environment"]) {
  const found = (environment["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => isProgram(join(folder, "agentos")));
  if (found) return { command: "agentos", args: ["mcp"] };
  const manifest = createRequire(import.meta.url).resolve("@agentos/cli/package.json");
  return { command: process.execPath, args: [join(dirname(manifest), "dist", "bin.js"), "mcp"] };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
