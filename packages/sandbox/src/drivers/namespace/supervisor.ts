import type { Script } from "./command.js";

// The first process of a sandbox is a shell that starts what the sandbox is for, waits for it and says how it ended. It is
// a copy of /bin/sh that may be executed but not read, and of a program that its user cannot read the kernel shows and
// lets change nothing: neither memory nor descriptors nor environment. So what it says can be trusted, unlike what comes
// over any other channel.

/** The supervisor's path inside. */
export const SUPERVISOR = "/supervisor/sh";

/** Bytes that must be free in a writable folder when a run fails, else it is said to be full. */
const ROOM_BYTES = 65_536;

/**
 * A script that does `work`, which may `exec`, and says how it ended. Of a process that a signal killed shells say so on
 * their standard error, which is the status channel here; `$?` alone cannot tell that from an exit with 128 + the
 * signal's number. The work does not get that channel.
 */
export function supervised(work: Script, fileBytes: number): Script {
  const room = Math.min(ROOM_BYTES, fileBytes);
  // Only a new file: whatever else has that name is the program's own affair. Nobody who is killed (137) found a folder full.
  const look = `if [ $status != 0 ] && [ $status != 137 ]; then for folder in /work /tmp; do
[ -w $folder ] && [ ! -e $folder/.room ] || continue
( set -C; printf '%${room}s' . > $folder/.room ) 2>/dev/null || echo "full $folder" >&7
done; fi
`;
  const text = `exec 5>&2 2>&7
( ${work.text}
) 2>&5 5>&- 7>&-
status=$?
${room > 0 ? look : ""}echo "ended $status \${BASH_VERSION:+bash}" >&7
exit $status`;
  return { text, args: work.args };
}

/** What the supervisor said. */
export interface SupervisorStatus {
  /** How the work ended, 128 + the signal's number when one killed it; undefined when nobody lived to say so. */
  readonly exitCode: number | undefined;
  /** The number of the signal that killed it. */
  readonly signal: number | undefined;
  /** Whether a folder that it may write to was full when it failed. */
  readonly full: boolean;
}

/** Of these signals dash and bash say nothing; bash is silent about 15, too. Who exits with such a code counts as killed. */
const SILENT = [2, 13];

/** Reads the status channel. */
export function readStatus(text: string): SupervisorStatus {
  const lines = text.split("\n").filter(Boolean);
  const [, code, shell] = /^ended (\d+) (bash)?$/.exec(lines.at(-1) ?? "") ?? [];
  const full = lines.some((line) => line.startsWith("full "));
  if (code === undefined) return { exitCode: undefined, signal: undefined, full };
  const number = Number(code) - 128;
  const silent = SILENT.includes(number) || (shell === "bash" && number === 15);
  const told = lines.slice(0, -1).some((line) => !line.startsWith("full "));
  return { exitCode: Number(code), signal: number > 0 && (silent || told) ? number : undefined, full };
}
