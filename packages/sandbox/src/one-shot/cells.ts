import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import process from "node:process";
import type { Guarantee } from "@agentos/core";
import { CgroupLeaf } from "../drivers/namespace/cgroup.js";
import { type Bind, bindProblem, type Command, commandOf } from "../drivers/namespace/command.js";
import { findHost, type Host, Identities } from "../drivers/namespace/host.js";
import { killSandbox } from "../drivers/namespace/kill.js";
import { supervised } from "../drivers/namespace/supervisor.js";
import { systemBinds } from "../drivers/namespace/toolchains.js";

const MEBIBYTE = 1024 * 1024;
/** What Node itself takes, beside the run: its heap, its code and its threads' stacks. */
const RUNTIME_BYTES = 256 * MEBIBYTE;
/** Threads of Node, and the processes of bubblewrap around it. */
const PROCESSES = 64;
/** How long a killed cell has to end in order, with nothing left behind, before whatever is left of it is killed. */
const ORDER_MS = 400;
/** A child opens few files and writes none. */
const SCRIPT = 'ulimit -c 0; ulimit -f 0; ulimit -n 256; exec "$@"';

/** What a cell shows of the host, and what it runs. */
export interface CellProgram {
  readonly binds: readonly Bind[];
  /** Node's options, the file inside, and its arguments. */
  readonly args: readonly string[];
  /** Memory of the run, in bytes, where it is known before. */
  readonly memoryBytes: number;
}

/**
 * A second wall around child processes: bubblewrap with a file system that shows Node and the child's own files read-only,
 * without a network, each under a user id and in a control group of its own. What breaks out of a runtime finds itself there.
 */
export class Cells {
  readonly #host: Host;
  readonly #identities = new Identities();
  readonly #node: Bind;
  readonly #system = systemBinds();
  #filters = false;

  private constructor(host: Host) {
    this.#host = host;
    const real = realpathSync(process.execPath);
    this.#node = { source: real, target: real.startsWith("/usr/") ? real : "/toolchain/node" };
  }

  /** Undefined where there is no bubblewrap. Whether it works is found by starting a child in a cell. */
  static async find(): Promise<Cells | undefined> {
    if (process.platform !== "linux") return undefined;
    const host = await findHost();
    return host ? new Cells(host) : undefined;
  }

  /** What holds in a cell whatever the child does. */
  get guarantees(): readonly Guarantee[] {
    return [
      ...(["filesystem", "network", "processes"] as const),
      ...(this.#host.cgroups ? (["memory"] as const) : []),
      ...(this.#filters ? (["kernel"] as const) : []),
    ];
  }

  /** Looks at the process of a child in a cell: the kernel says whether its system calls are filtered for good. */
  look(pid: number): void {
    const status = readFileSync(`/proc/${innermost(pid)}/status`, "latin1");
    this.#filters = /^Seccomp:\s+2$/m.test(status) && /^NoNewPrivs:\s+1$/m.test(status);
  }

  /** For a person. */
  get enforced(): readonly string[] {
    const { cgroups, root } = this.#host;
    return [
      "no network, private read-only file system around the process (bubblewrap)",
      ...(cgroups ? [`control group around the process (cgroup v${cgroups.version})`] : []),
      ...(this.#filters ? ["system calls of the process filtered (seccomp)"] : []),
      root ? "a user id of its own" : "the caller's user id, without privileges",
    ];
  }

  /** Why something cannot be shown in a cell. */
  problem(binds: readonly Bind[]): string | undefined {
    return [...binds, this.#node].map((bind) => bindProblem(this.#host, bind)).find(Boolean);
  }

  /** Makes one. Throws when its control group cannot be made, leaving nothing. */
  make(program: CellProgram): Cell {
    const { cgroups, root } = this.#host;
    const limits = { memoryBytes: program.memoryBytes + RUNTIME_BYTES, processes: PROCESSES };
    const leaf = cgroups ? new CgroupLeaf(cgroups, randomUUID().slice(0, 13), limits) : undefined;
    const identity = root ? this.#identities.take() : undefined;
    const own = this.#node.target === this.#node.source ? [] : [this.#node];
    const command = commandOf(
      this.#host,
      {
        binds: [...this.#system.binds, ...own, ...program.binds],
        links: this.#system.links,
        environment: {},
        workBytes: 4096,
        temporaryBytes: 4096,
      },
      supervised({ text: SCRIPT, args: [this.#node.target, ...program.args] }, 0),
      leaf?.joinFiles ?? [],
      identity,
    );
    return {
      command,
      filter: this.#host.filter,
      kill: (child) => {
        killSandbox(child);
        setTimeout(() => leaf?.kill(), ORDER_MS).unref();
      },
      cpuMs: () => leaf?.cpuMs(),
      outOfMemory: () => (leaf?.outOfMemoryKills() ?? 0) > 0,
      clear: async () => {
        // Where something of it still runs, nobody else is to have its id.
        const left = (await leaf?.remove()) === false;
        if (identity !== undefined && !left) this.#identities.give(identity);
      },
    };
  }
}

/** Shows the host's paths inside a cell. */
export class CellPaths {
  readonly #binds: readonly Bind[];

  /** @param shown paths inside by existing paths of the host, files or folders */
  constructor(shown: Readonly<Record<string, string>>) {
    this.#binds = Object.entries(shown).map(([source, target]) => ({ source: realpathSync(source), target }));
  }

  get binds(): readonly Bind[] {
    return this.#binds;
  }

  /** The path inside of what lies at or below something shown. */
  inside(path: string): string {
    const real = realpathSync(path);
    const bind = this.#binds.find(({ source }) => real === source || real.startsWith(`${source}/`));
    if (!bind) throw new Error(`${path} is not shown in the cell.`);
    return bind.target + real.slice(bind.source.length);
  }
}

/** The walls of one child. */
export interface Cell {
  readonly command: Command;
  /** The filter of system calls that the command names. */
  readonly filter: Uint8Array | undefined;
  kill(child: ChildProcess): void;
  /** CPU time of everything in it so far, in milliseconds; undefined where that is not counted. */
  cpuMs(): number | undefined;
  /** Whether the kernel ended something in it for its memory. */
  outOfMemory(): boolean;
  /** Gives back what was its own, once its process is gone. */
  clear(): Promise<void>;
}

/** The process that a chain of wrappers ends in. */
export function innermost(pid: number): number {
  for (let at = pid; ; ) {
    const path = `/proc/${at}/task/${at}/children`;
    const next = existsSync(path) ? Number(readFileSync(path, "latin1").trim().split(" ")[0]) : 0;
    if (!next) return at;
    at = next;
  }
}
