import { statSync } from "node:fs";
import { ARGUMENTS, FILTER, GROUP_LIMIT, JOINS, SHELL } from "./descriptors.js";
import type { Host } from "./host.js";
import { reachable } from "./host.js";
import { overlayAt } from "./overlay.js";
import { quote } from "./quote.js";
import { SUPERVISOR } from "./supervisor.js";

/** A file or folder of the host that a run may read. */
export interface Bind {
  /** Absolute path on the host. */
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
}

/** What a sandbox looks like inside. */
export interface View {
  /** Read-only binds of the host; their sources must exist. */
  readonly binds: readonly Bind[];
  /** Symbolic links: target by absolute path. */
  readonly links: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string>>;
  /** Sizes of the writable folders, in bytes. */
  readonly workBytes: number;
  /** A folder of the host that the work folder is a writable layer over. */
  readonly overlay?: string;
  readonly temporaryBytes: number;
  /** The memory limit that runtimes are to read in their control group, in bytes. Absent: they find none. */
  readonly groupBytes?: number;
}

/** What the supervisor runs inside. */
export interface Script {
  readonly text: string;
  readonly args: readonly string[];
}

/** A process to spawn. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** The user and group id to start it under; undefined for this process's own. */
  readonly identity: number | undefined;
  /** Files of control groups that it joins by writing to {@link JOINS}. */
  readonly joinFiles: readonly string[];
  /** bubblewrap's arguments, which go through a descriptor: its command line can be read from inside. */
  readonly bubblewrapArguments: readonly string[];
  /** What it hands to the descriptor of that name; see {@link View}. */
  readonly groupBytes: number | undefined;
}

/**
 * The command that starts the supervisor with a script in a new sandbox. Only an unprivileged process starts bubblewrap:
 * a host that is root starts it under `identity`. Folders that such an id could not reach are shown in a mount namespace
 * first, which takes root; it is given up then.
 */
export function commandOf(
  host: Host,
  view: View,
  script: Script,
  joinFiles: readonly string[],
  identity: number | undefined,
): Command {
  const staged = host.root ? view.binds.filter((bind) => !reachable(bind.source)) : [];
  // A single folder needs no tmpfs with a place for each: it is shown at the staging folder itself.
  const single = staged.length === 1 && view.overlay === undefined && isFolder(staged[0]?.source ?? "");
  const sources = new Map(
    staged.map((bind, index) => [bind.source, single ? `${host.staging}` : `${host.staging}/${index}`]),
  );
  const inner = [
    ...[host.bubblewrap, "--args", String(ARGUMENTS), "--"],
    ...[SUPERVISOR, "-c", script.text, "sh", ...script.args],
  ];
  const overlay = view.overlay === undefined ? undefined : overlayAt(host, view.overlay, view.workBytes);
  const joins = JOINS.slice(0, joinFiles.length);
  const join = joins.map((descriptor) => `echo 0 >&${descriptor}\n`).join("");
  // All three are closed, whether they were used or not: nothing of the host goes inside.
  const close = JOINS.map((descriptor) => `${descriptor}>&-`).join(" ");
  const bubblewrapArguments = viewArguments(host, view, sources, overlay?.merged);
  const shell = (steps: string, command: readonly string[]): readonly string[] => [
    ...["/bin/sh", "-c", `set -e\n${steps}exec "$@" ${close}`, "sh"],
    ...command,
  ];
  if (staged.length === 0 && overlay === undefined) {
    const [file = "", ...args] = joinFiles.length === 0 ? inner : shell(join, inner);
    return { file, args, identity, joinFiles, bubblewrapArguments, groupBytes: view.groupBytes };
  }
  const mount = host.mount ?? "mount";
  const staging = host.staging ?? "/mnt";
  const steps = single
    ? []
    : [`${mount} -t tmpfs -o mode=755,size=1m tmpfs ${staging}`, ...(overlay?.steps ?? [])];
  staged.forEach((bind, index) => {
    const point = sources.get(bind.source) ?? `${staging}/${index}`;
    if (!single) steps.push(`if [ -d ${quote(bind.source)} ]; then mkdir ${point}; else : > ${point}; fi`);
    steps.push(`${mount} --bind ${quote(bind.source)} ${point}`);
  });
  const id = String(identity);
  const drop = [host.setpriv ?? "setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--", ...inner];
  return {
    file: host.unshare ?? "unshare",
    args: [
      ...(host.root ? [] : ["--user", "--map-root-user"]),
      ...["--mount", "--propagation", "private", "--"],
      ...shell(`${join}${steps.join("\n")}\n`, identity === undefined ? inner : drop),
    ],
    identity: undefined,
    joinFiles,
    bubblewrapArguments,
    groupBytes: view.groupBytes,
  };
}

/** Why a folder of the host could not be shown, or undefined when it can be. */
export function bindProblem(host: Host, bind: Bind): string | undefined {
  if (!host.root || reachable(bind.source)) return undefined;
  if (host.staging && host.unshare && host.mount && host.setpriv) return undefined;
  return `${bind.source} cannot be read by an unprivileged user id, and one of the programs unshare, mount and setpriv, which would show it, is missing; apt-get install util-linux mount`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** One file under the names that version 1 and version 2 of control groups have for the limit. */
const GROUP_ARGUMENTS: readonly string[] = [
  ...["--perms", "0444", "--file", String(GROUP_LIMIT), "/sys/fs/cgroup/memory.max"],
  ...["memory.high", "memory/memory.limit_in_bytes", "memory/memory.soft_limit_in_bytes"].flatMap((name) => [
    "--symlink",
    "/sys/fs/cgroup/memory.max",
    `/sys/fs/cgroup/${name}`,
  ]),
];

function viewArguments(
  host: Host,
  view: View,
  sources: ReadonlyMap<string, string>,
  merged: string | undefined,
): readonly string[] {
  const environment = Object.entries(view.environment).flatMap(([name, value]) => ["--setenv", name, value]);
  return [
    "--unshare-all",
    "--unshare-user",
    ...(host.forbidsNesting ? ["--disable-userns"] : []),
    // In a user namespace in which the mounting was done, bubblewrap starts with capabilities.
    ...(merged === undefined ? [] : ["--cap-drop", "ALL"]),
    // The supervisor is the first process: it takes care of orphans, and the program is never that process itself.
    ...["--as-pid-1", "--die-with-parent"],
    ...(host.filter ? ["--seccomp", String(FILTER)] : []),
    "--new-session",
    "--clearenv",
    ...environment,
    ...["--uid", "1000", "--gid", "1000", "--hostname", "sandbox"],
    ...["--proc", "/proc", "--dev", "/dev"],
    ...["--size", String(64 * 1024 * 1024), "--tmpfs", "/dev/shm"],
    ...["--size", String(view.temporaryBytes), "--tmpfs", "/tmp"],
    ...(merged === undefined
      ? ["--size", String(view.workBytes), "--tmpfs", "/work"]
      : ["--bind", merged, "/work"]),
    ...[...view.links].flatMap(([path, target]) => ["--symlink", target, path]),
    ...view.binds.flatMap((bind) => ["--ro-bind", sources.get(bind.source) ?? bind.source, bind.target]),
    ...["--perms", "0111", "--file", String(SHELL), SUPERVISOR],
    ...(view.groupBytes === undefined ? [] : GROUP_ARGUMENTS),
    ...["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"],
    ...["--chdir", "/work"],
  ];
}
