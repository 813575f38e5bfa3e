import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";

// What runs may leave behind, found by looking at the machine and not by asking the sandbox.

/**
 * Processes of one run: those whose command line holds its mark, and those that see its entry file in their working
 * folder, whatever they call themselves.
 */
export function processesOf(run: { readonly mark: string; readonly entry: string }): readonly string[] {
  return processIds().filter(
    (id) =>
      id !== String(process.pid) &&
      (read(`/proc/${id}/cmdline`).includes(run.mark) || existsSync(`/proc/${id}/root/work/${run.entry}`)),
  );
}

/** Something that was left, a line each. */
export type Leftovers = readonly string[];

/** Remembers what is there now; `left` says what has come since and belongs to this process, or to another owner. */
export class Watch {
  readonly #owner: number;
  readonly #before: ReadonlySet<string>;

  constructor(owner: number = process.pid) {
    this.#owner = owner;
    this.#before = new Set(present(owner));
  }

  /** All that is there now, known or not. */
  present(): Leftovers {
    return present(this.#owner);
  }

  /** What has come since, by kind and name. Empty where there is no `/proc`. */
  left(): Leftovers {
    return present(this.#owner).filter((line) => !this.#before.has(line));
  }

  /** Waits until nothing is left, or the time is over; says what is left then. */
  async settled(milliseconds = 1000): Promise<Leftovers> {
    const end = performance.now() + milliseconds;
    for (;;) {
      const left = this.left();
      if (left.length === 0 || performance.now() > end) return left;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

function present(owner: number): readonly string[] {
  const own = `agentos.${owner}.`;
  return [
    ...processIds().flatMap((id) => {
      const mine = read(`/proc/${id}/cgroup`).includes(own) || isChildOf(owner, id);
      return mine
        ? [`process ${id}: ${read(`/proc/${id}/cmdline`).replaceAll("\0", " ").slice(0, 100)}`]
        : [];
    }),
    ...cgroupFolders().flatMap((folder) =>
      list(folder)
        .filter((name) => name.startsWith(own))
        .map((name) => `control group ${folder}/${name}`),
    ),
    ...read("/proc/self/mountinfo")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `mount ${line}`),
    ...list(tmpdir()).map((name) => `temporary ${name}`),
    ...descriptors().map((line) => `descriptor ${line}`),
  ];
}

/** Open descriptors by what they lead to, numbered among equals: the numbers of the descriptors themselves change. */
function descriptors(): readonly string[] {
  const seen = new Map<string, number>();
  return list("/proc/self/fd").flatMap((descriptor) => {
    let target = "";
    try {
      target = readlinkSync(`/proc/self/fd/${descriptor}`).replace(/\d+/g, "");
    } catch {
      return [];
    }
    // This look itself.
    if (target.startsWith("/proc/")) return [];
    const count = (seen.get(target) ?? 0) + 1;
    seen.set(target, count);
    return [`${target} ${count}`];
  });
}

function isChildOf(owner: number, id: string): boolean {
  const stat = read(`/proc/${id}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(owner);
}

/** This process's own control groups, where they are mounted in the usual place. */
function cgroupFolders(): readonly string[] {
  return read("/proc/self/cgroup")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [, controllers = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      const name = controllers.replace("name=", "");
      return [`/sys/fs/cgroup/${name}${path}`, ...(name === "" ? [`/sys/fs/cgroup/unified${path}`] : [])];
    });
}

function processIds(): readonly string[] {
  return list("/proc").filter((name) => /^\d+$/.test(name));
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
