import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isAgentOSError } from "@agentos/core";

/** A benchmark as a command. */
export interface BenchCommand<Arguments extends { readonly json?: string }> {
  readonly usage: string;
  /** Reads the arguments; `undefined` when help was asked for. Throws when they are wrong. */
  readonly read: (args: readonly string[]) => Arguments | undefined;
  readonly measure: (args: Arguments, signal: AbortSignal) => Promise<void>;
}

/** Runs a benchmark. Resolves to the exit status: 0 measured, 1 something is broken, 2 wrong arguments, 130 cancelled. */
export async function runCommand<Arguments extends { readonly json?: string }>(
  command: BenchCommand<Arguments>,
  args: readonly string[],
): Promise<number> {
  let read: Arguments | undefined;
  try {
    read = command.read(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${command.usage}`);
    return 2;
  }
  if (!read) {
    process.stdout.write(command.usage);
    return 0;
  }
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once("SIGINT", cancel).once("SIGTERM", cancel);
  try {
    if (read.json) await access(dirname(resolve(read.json)), constants.W_OK);
    await command.measure(read, controller.signal);
    return 0;
  } catch (error) {
    if (controller.signal.aborted) {
      process.stderr.write("Cancelled.\n");
      return 130;
    }
    process.stderr.write(`${isAgentOSError(error) ? `${error.code}: ${error.message}` : describe(error)}\n`);
    return 1;
  } finally {
    process.off("SIGINT", cancel).off("SIGTERM", cancel);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
