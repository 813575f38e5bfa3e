import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import type { Command } from "./command.js";
import { ARGUMENTS, FILTER, feed, GROUP_LIMIT, openStdio, type StdioOptions } from "./descriptors.js";

/**
 * Starts the process of a sandbox and hands bubblewrap what it needs. 0 to 4 are pipes, and those of `options`. Throws
 * when nothing can be started, leaving nothing; a program that is missing is told by the child's "error".
 */
export function spawnSandbox(
  command: Command,
  options: Pick<StdioOptions, "link" | "status"> & { readonly filter: Uint8Array | undefined },
): ChildProcess {
  const { filter } = options;
  const { groupBytes } = command;
  const pipes = { ...options, filter: filter !== undefined, groupLimit: groupBytes !== undefined };
  const { stdio, close } = openStdio(command, pipes);
  try {
    const { identity } = command;
    const child = spawn(command.file, command.args, {
      env: {},
      cwd: "/",
      // A process group of its own: see `killSandbox`.
      detached: true,
      stdio,
      ...(identity === undefined ? {} : { uid: identity, gid: identity }),
    });
    const streams = child.stdio as readonly unknown[];
    feed(streams[ARGUMENTS] as Writable, Buffer.from(`${command.bubblewrapArguments.join("\0")}\0`));
    if (filter) feed(streams[FILTER] as Writable, filter);
    if (groupBytes !== undefined) feed(streams[GROUP_LIMIT] as Writable, Buffer.from(`${groupBytes}\n`));
    return child;
  } finally {
    close();
  }
}
