import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import type { Command } from "./command.js";

// The descriptors with which a sandbox is started. The joining shell closes 5, 8 and 9, and bubblewrap those from 10 on;
// the supervisor keeps 5, where it puts the program's stderr, and 7.

/** Where harnesses report. */
export const REPORT = 3;
/** Where the files of a run come in. */
export const ARCHIVE = 4;
/** Leads to the other half of a separated verdict. */
export const LINK = 6;
/** Where the supervisor speaks. */
export const STATUS = 7;
/** Where the files of the control group are that a process joins by: shells know numbers of one digit alone. */
export const JOINS = [5, 8, 9] as const;
/** Where bubblewrap reads its arguments, its filter of system calls, the supervisor and the limit to show. */
export const ARGUMENTS = 10;
export const FILTER = 11;
export const SHELL = 12;
export const GROUP_LIMIT = 13;
/** One more than the highest. */
const DESCRIPTORS = 14;

/** What is opened for a sandbox's process, to be closed when it was spawned. */
export interface Stdio {
  readonly stdio: ("pipe" | "ignore" | number)[];
  close(): void;
}

/** Which pipes there are beside those that every sandbox has. */
export interface StdioOptions {
  readonly link: boolean;
  /** Whether somebody reads what the supervisor says. */
  readonly status: boolean;
  readonly filter: boolean;
  readonly groupLimit: boolean;
}

/** Opens what a sandbox is started with. Throws when something cannot be opened, leaving nothing open. */
export function openStdio(command: Command, options: StdioOptions): Stdio {
  const opened: number[] = [];
  const close = (): void => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor);
  };
  const open = (path: string, flags: "r" | "w"): number => {
    const descriptor = openSync(path, flags);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const empty = open("/dev/null", "r");
    const stdio: Stdio["stdio"] = Array<number>(DESCRIPTORS).fill(empty);
    for (const piped of [0, 1, 2, REPORT, ARCHIVE, ARGUMENTS]) stdio[piped] = "pipe";
    // Open in any case: the supervisor, which a cell has too, does not start without it.
    if (options.status) stdio[STATUS] = "pipe";
    if (options.link) stdio[LINK] = "pipe";
    if (options.filter) stdio[FILTER] = "pipe";
    if (options.groupLimit) stdio[GROUP_LIMIT] = "pipe";
    command.joinFiles.forEach((file, index) => {
      stdio[JOINS[index] ?? 0] = open(file, "w");
    });
    stdio[SHELL] = open("/bin/sh", "r");
    // What this process itself inherited would be passed on: it is covered.
    for (const descriptor of inheritedFrom(DESCRIPTORS)) {
      while (stdio.length < descriptor) stdio.push("ignore");
      stdio[descriptor] = empty;
    }
    return { stdio, close };
  } catch (error) {
    close();
    throw error;
  }
}

function inheritedFrom(first: number): readonly number[] {
  return readdirSync("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => descriptor >= first && inherited(descriptor))
    .sort((a, b) => a - b);
}

/** Whether a descriptor is not closed by `exec` (O_CLOEXEC is 02000000). */
function inherited(descriptor: number): boolean {
  try {
    const flags =
      /^flags:\s+([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & 0o2000000) === 0;
  } catch {
    return false;
  }
}

/** Writes all there is to a descriptor of the child. One that closes it unread has chosen so. */
export function feed(stream: Writable, data: Uint8Array): void {
  stream.on("error", () => {});
  stream.end(data);
}

/** Writes to the standard input what is there, then what comes. */
export async function feedInput(
  stream: Writable,
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  if (rest === undefined) return feed(stream, first);
  stream.on("error", () => {});
  stream.write(first);
  for await (const bytes of rest) {
    if (stream.destroyed) return;
    if (!stream.write(bytes))
      await Promise.race([once(stream, "drain"), once(stream, "close")]).catch(() => {});
  }
  stream.end();
}
