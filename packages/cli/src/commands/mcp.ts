import { createRequire } from "node:module";
import type { ClientName, RunningServer } from "@agentos/mcp";
import { Argument, Option } from "commander";
import { type CommandContext, type CommandDefinition, configOf } from "../context.js";
import { cliError } from "../errors.js";
import { wholeNumber } from "../flags.js";
import { globalIgnoreOf } from "../git-ignore.js";
import { collectWhenIdle } from "../idle-memory.js";
import { type CommandResult, printable } from "../output.js";
import { serverStart } from "../server-command.js";
import { toldLogger } from "../told-logger.js";

const INSTALL = "npm install --global @agentos/cli";

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
    refuseIdle(action === "install" ? "install" : "serve", flags);
    return action === "install" ? install(context, flags) : serve(context, flags);
  },
};

/** A flag that would do nothing is a slip: `agentos mcp --client cursor --write` would serve in silence. */
function refuseIdle(action: "serve" | "install", flags: Flags): void {
  const others = action === "install" ? (["http", "port"] as const) : (["client", "user", "write"] as const);
  const idle = others.find((name) => flags[name] !== undefined);
  if (idle !== undefined)
    throw cliError(
      "CLI_USAGE",
      action === "install"
        ? `--${idle} is for serving, and clients start the server without it. Leave it out.`
        : `--${idle} is for "agentos mcp install". Leave it out, or name install.`,
    );
  if (flags.port !== undefined && !flags.http)
    throw cliError("CLI_USAGE", "--port is for --http. Name both, or neither.");
}

async function serve(context: CommandContext, { http, port }: Flags): Promise<CommandResult> {
  const { dir, project, config } = await configOf(context);
  const { signal, environment } = context;
  const common = {
    dir,
    project,
    signal,
    logger: toldLogger(context.tell),
    globalIgnore: await globalIgnoreOf(context),
    ...(config.needs && { needs: config.needs }),
    ...(config.limits && { limits: config.limits }),
  };
  const { isToken, serveHttp, serveStdio } = await import("@agentos/mcp");
  collectWhenIdle();
  let server: RunningServer;
  if (http) {
    const own = environment["AGENTOS_MCP_TOKEN"];
    if (own !== undefined && !isToken(own))
      throw cliError(
        "CLI_USAGE",
        "AGENTOS_MCP_TOKEN must have 16 printable characters or more, without spaces. Unset it to have one made.",
      );
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
  const { by, ...server } = serverStart({
    path: context.environment["PATH"] ?? "",
    manifest: createRequire(import.meta.url).resolve("@agentos/cli/package.json"),
    node: process.execPath,
  });
  const plan = await planInstall({ client, project, home: context.home, user: user === true, server });
  const { file, diff } = plan;
  if (write && diff !== "") await applyInstall(plan);
  const state = diff === "" ? "is there already" : write ? "written" : "not written yet: add --write";
  const note = (user ? NOTES.user : NOTES.project)[by];
  return {
    json: { file, diff, written: write === true && diff !== "", server, note },
    text: [
      ...(diff === "" ? [] : diff.split("\n").map(printable)),
      `${printable(file)}: ${state}`,
      note,
    ].join("\n"),
  };
}

/** What a person should know of how the server is started. */
const NOTES = {
  project: {
    command: `The client starts the agentos of your PATH. Who shares this file needs it too: ${INSTALL}`,
    package: `The client starts it with npx, for all who share this file. For a faster start: ${INSTALL}, then this again.`,
    path: "The client starts this checkout by its path, which only this machine has: do not share the file.",
  },
  user: {
    command: "The client starts the agentos of your PATH.",
    package: `The client starts it with npx. For a faster start: ${INSTALL}, then this again.`,
    path: "The client starts this checkout by its path: do this again when it moves.",
  },
} as const;
