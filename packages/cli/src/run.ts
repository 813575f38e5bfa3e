import { homedir } from "node:os";
import { type AgentOSError, isAgentOSError } from "@agentos/core";
import { Command, CommanderError } from "commander";
import { configCommand } from "./commands/config.js";
import { doctorCommand } from "./commands/doctor.js";
import { explainCommand } from "./commands/explain.js";
import { impactCommand } from "./commands/impact.js";
import { indexCommand } from "./commands/index-project.js";
import { initCommand } from "./commands/init.js";
import { mapCommand } from "./commands/map.js";
import { mcpCommand } from "./commands/mcp.js";
import { recallCommand } from "./commands/recall.js";
import { refsCommand } from "./commands/refs.js";
import { rememberCommand } from "./commands/remember.js";
import { searchCommand } from "./commands/search.js";
import { solveCommand } from "./commands/solve.js";
import { statsCommand } from "./commands/stats.js";
import { symbolCommand } from "./commands/symbol.js";
import { verifyCommand } from "./commands/verify.js";
import type { CommandDefinition, GlobalFlags } from "./context.js";
import { cliError, EXIT, exitCodeOf } from "./errors.js";
import { type CommandResult, colorsFor, Progress, printable, type TextStream } from "./output.js";
import { VERSION } from "./version.js";

/** The command's surroundings. */
export interface RunEnvironment {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly readStdin: () => Promise<string>;
  /** Cancels the work; the command then ends with 130. */
  readonly signal: AbortSignal;
}

const COMMANDS: readonly CommandDefinition[] = [
  initCommand,
  indexCommand,
  verifyCommand,
  solveCommand,
  rememberCommand,
  recallCommand,
  searchCommand,
  symbolCommand,
  refsCommand,
  impactCommand,
  mapCommand,
  mcpCommand,
  doctorCommand,
  statsCommand,
  explainCommand,
  configCommand,
];

/**
 * Runs the command with arguments as a shell gives them (without `node` and the script).
 * Resolves to the exit code: 0 done or passed, 1 a verdict failed, 2 bad usage or input, 3 broken machinery, 130 cancelled.
 */
export async function runCli(args: readonly string[], around: RunEnvironment): Promise<number> {
  const { stdout, stderr, environment } = around;
  const json = wantsJson(args);
  let result: CommandResult | undefined;
  let help = "";
  const program = withGlobalFlags(new Command("agentos"))
    .description("Memory, sandbox, project index and learning for coding agents.")
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => {},
      outputError: () => {},
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      "after",
      "\nExit codes: 0 done or passed, 1 a verdict failed, 2 bad usage or input, 3 broken machinery, 130 cancelled.",
    );
  const progress = new Progress(stderr, stderr.isTTY === true && environment["TERM"] !== "dumb");
  for (const definition of COMMANDS) {
    const command = definition.define(program.command("?"));
    command.action(async (...given: unknown[]) => {
      const {
        json: _json,
        dir,
        project,
        ...options
      } = command.optsWithGlobals<GlobalFlags & Record<string, unknown>>();
      const flags = { json, ...(dir && { dir }), ...(project && { project }) };
      const colors = colorsFor(stdout, environment);
      const { cwd, signal, readStdin } = around;
      // The user's home is part of the environment; a test can move it.
      const home = environment["HOME"] || homedir();
      const tell = (line: string): void => {
        progress.end();
        stderr.write(`${printable(line)}\n`);
      };
      result = await definition.run(
        { cwd, home, environment, flags, signal, progress, colors, tell, readStdin },
        given.slice(0, -2),
        options,
      );
    });
  }
  try {
    if (args.length === 0)
      throw cliError("CLI_USAGE", `Name a command.\n\n${program.helpInformation().trimEnd()}`);
    await program.parseAsync([...args], { from: "user" });
    if (result === undefined) throw cliError("CLI_USAGE", "Name a command; see agentos --help.");
    if (result.isWritten) return result.exitCode ?? EXIT.ok;
    stdout.write(json ? `${JSON.stringify(result.json, null, 2)}\n` : `${result.text}\n`);
    return result.exitCode ?? EXIT.ok;
  } catch (thrown) {
    progress.end();
    if (thrown instanceof CommanderError && thrown.exitCode === 0) {
      stdout.write(help);
      return EXIT.ok;
    }
    const error = asError(thrown);
    const { code, message, details } = error;
    if (json) stdout.write(`${JSON.stringify({ error: { code, message, details } }, null, 2)}\n`);
    else
      stderr.write(
        `${code}: ${printable(message)}\n${code === "CLI_INTERNAL" ? `${printable(stackOf(thrown))}\n` : ""}`,
      );
    return exitCodeOf(error);
  }
}

function withGlobalFlags(command: Command): Command {
  return command
    .option("--json", "one JSON document on the standard output, errors too")
    .option("--dir <folder>", "folder for everything that is kept (default: .agentos in the project)")
    .option("--project <folder>", "the project's root (default: the nearest one upwards)");
}

function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).includes("--json");
}

function asError(thrown: unknown): AgentOSError {
  if (isAgentOSError(thrown)) return thrown;
  if (thrown instanceof CommanderError) {
    if (thrown.code === "commander.help") return cliError("CLI_USAGE", "Name a command; see agentos --help.");
    return cliError(
      "CLI_USAGE",
      `${thrown.message.replace(/^error: /, "").replace(/[.\s]+$/, "")}. See agentos --help.`,
    );
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return cliError("CLI_INTERNAL", `This should not have happened: ${message}. Please report it.`, {
    cause: thrown,
  });
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? "") : "";
}
