import type { Host } from "./host.js";
import { reachable } from "./host.js";

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
  readonly temporaryBytes: number;
}

/** bubblewrap reads its arguments here. Reports go out at 3, the archive of the files comes in at 4. */
const ARGUMENTS_DESCRIPTOR = 5;

/** A process to spawn. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** bubblewrap's arguments, which go through a descriptor: its command line can be read from inside. */
  readonly bubblewrapArguments: readonly string[];
}

/**
 * The command that starts `/bin/sh -c script` in a new sandbox. A host that is root first joins the control groups,
 * then gives up root: only an unprivileged process starts bubblewrap.
 */
export function commandOf(
  host: Host,
  view: View,
  script: { readonly text: string; readonly args: readonly string[] },
  joinFiles: readonly string[],
  identity: number | undefined,
): Command {
  const staged = host.root ? view.binds.filter((bind) => !reachable(bind.source)) : [];
  const sources = new Map(staged.map((bind, index) => [bind.source, `${host.staging}/${index}`]));
  const inner = [
    host.bubblewrap,
    "--args",
    String(ARGUMENTS_DESCRIPTOR),
    "--",
    "/bin/sh",
    "-c",
    script.text,
    "sh",
    ...script.args,
  ];
  const bubblewrapArguments = viewArguments(host, view, sources);
  if (identity !== undefined && host.setpriv) {
    const drop = [
      host.setpriv,
      "--reuid",
      String(identity),
      "--regid",
      String(identity),
      "--clear-groups",
      "--",
    ];
    inner.unshift(...drop);
  }
  if (joinFiles.length === 0 && staged.length === 0) {
    return { file: inner[0] ?? "", args: inner.slice(1), bubblewrapArguments };
  }
  const steps = joinFiles.map((file) => `echo 0 > ${quote(file)}`);
  if (staged.length > 0) {
    const mount = host.mount ?? "mount";
    const staging = host.staging ?? "/mnt";
    steps.push(`${mount} -t tmpfs -o mode=755,size=1m tmpfs ${staging}`);
    staged.forEach((bind, index) => {
      const point = `${staging}/${index}`;
      steps.push(`if [ -d ${quote(bind.source)} ]; then mkdir ${point}; else : > ${point}; fi`);
      steps.push(`${mount} --bind ${quote(bind.source)} ${point}`);
    });
  }
  const shell = ["/bin/sh", "-c", `set -e\n${steps.join("\n")}\nexec "$@"`, "sh", ...inner];
  const outer =
    staged.length > 0
      ? [host.unshare ?? "unshare", "--mount", "--propagation", "private", "--", ...shell]
      : shell;
  return { file: outer[0] ?? "", args: outer.slice(1), bubblewrapArguments };
}

/** Why a folder of the host could not be shown, or undefined when it can be. */
export function bindProblem(host: Host, bind: Bind): string | undefined {
  if (!host.root || reachable(bind.source)) return undefined;
  if (host.staging && host.unshare && host.mount) return undefined;
  return `${bind.source} cannot be read by an unprivileged user id, and the programs unshare and mount, which would show it, are missing`;
}

function viewArguments(host: Host, view: View, sources: ReadonlyMap<string, string>): readonly string[] {
  const environment = Object.entries(view.environment).flatMap(([name, value]) => ["--setenv", name, value]);
  return [
    "--unshare-all",
    "--unshare-user",
    ...(host.forbidsNesting ? ["--disable-userns"] : []),
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    ...environment,
    ...["--uid", "1000", "--gid", "1000", "--hostname", "sandbox"],
    ...["--proc", "/proc", "--dev", "/dev"],
    ...["--size", String(64 * 1024 * 1024), "--tmpfs", "/dev/shm"],
    ...["--size", String(view.temporaryBytes), "--tmpfs", "/tmp"],
    ...["--size", String(view.workBytes), "--tmpfs", "/work"],
    ...["--size", String(8 * 1024 * 1024), "--tmpfs", "/harness"],
    ...[...view.links].flatMap(([path, target]) => ["--symlink", target, path]),
    ...view.binds.flatMap((bind) => ["--ro-bind", sources.get(bind.source) ?? bind.source, bind.target]),
    ...["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"],
    ...["--chdir", "/work"],
  ];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
