import type { AgentOS, AgentOSOptions } from "@agentos/sdk";
import type { Command } from "commander";
import { type LoadedConfig, loadConfig } from "./config.js";
import { globalIgnoreOf } from "./git-ignore.js";
import type { Colors, CommandResult, Progress } from "./output.js";

/** Flags that every command has. */
export interface GlobalFlags {
  readonly json?: boolean;
  readonly dir?: string;
  readonly project?: string;
}

/** What a command works with. */
export interface CommandContext {
  readonly cwd: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: GlobalFlags;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** For the result's text. */
  readonly colors: Colors;
  /** Tells a person something at once, on the error stream. */
  readonly tell: (line: string) => void;
  /** The whole standard input. */
  readonly readStdin: () => Promise<string>;
}

/** One command: its words and flags, and what it does. */
export interface CommandDefinition {
  /** Adds name, description, arguments, options and an example. */
  readonly define: (command: Command) => Command;
  /** Runs it. `args` and `options` are as commander read them. */
  readonly run: (
    context: CommandContext,
    args: readonly unknown[],
    options: Readonly<Record<string, unknown>>,
  ) => Promise<CommandResult>;
}

/** The configuration that holds here. */
export function configOf(context: CommandContext): Promise<LoadedConfig> {
  return loadConfig(context);
}

/** Opens AgentOS as configured, does the work, and closes it however that ends. */
export async function withAgentOS<Result>(
  context: CommandContext,
  work: (agentos: AgentOS, loaded: LoadedConfig) => Promise<Result>,
  options: Partial<AgentOSOptions> = {},
): Promise<Result> {
  const loaded = await configOf(context);
  const { needs, limits } = loaded.config;
  // Loaded when needed, so that help, wrong usage and `config` answer at once.
  const { AgentOS } = await import("@agentos/sdk");
  const agentos = await AgentOS.open({
    dir: loaded.dir,
    project: loaded.project,
    signal: context.signal,
    // Beside the servers of this user's editors.
    hostWide: true,
    globalIgnore: await globalIgnoreOf(context),
    ...(needs && { needs }),
    ...(limits && { limits }),
    ...options,
  });
  try {
    return await work(agentos, loaded);
  } finally {
    await agentos.close();
  }
}
