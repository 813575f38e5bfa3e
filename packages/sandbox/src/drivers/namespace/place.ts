import { randomUUID } from "node:crypto";
import type { RunLimits } from "@agentos/core";
import type { Spare } from "../../spare-pool.js";
import { CgroupLeaf, type CgroupUsage } from "./cgroup.js";
import { commandOf, type Script, type View } from "./command.js";
import type { Host, Identities } from "./host.js";
import { type Ended, type JobOptions, SandboxProcess } from "./launch.js";
import { groupLimits } from "./limits.js";

/** What a sandbox is started with. */
export interface PlaceOptions {
  readonly view: View;
  readonly script: Script;
  /** The bounds that hold from its start on. */
  readonly limits: Pick<Required<RunLimits>, "memoryBytes" | "processes">;
  /** Whether it gets a link to another half. */
  readonly link: boolean;
}

/** What the control group of a job counted; both are undefined where there is none. */
export interface Counted {
  /** When the job was over. */
  readonly atEnd: CgroupUsage | undefined;
  /** When it was about to be ended from outside. */
  readonly atStop: CgroupUsage | undefined;
}

/** A started sandbox with the control group and the user id that are its own. They are given back when it is gone. */
export class Place implements Spare {
  readonly process: SandboxProcess;
  /** Resolves when nothing is left of it. */
  readonly gone: Promise<void>;
  readonly #leaf: CgroupLeaf | undefined;
  #usage: CgroupUsage | undefined;
  /** CPU time that was spent before the job came, in milliseconds. */
  #spentBefore = 0;

  /** Throws when the control group cannot be made or nothing can be started, leaving nothing. */
  constructor(host: Host, identities: Identities, options: PlaceOptions) {
    const { cgroups, root, filter } = host;
    const leaf = cgroups
      ? new CgroupLeaf(cgroups, randomUUID().slice(0, 13), groupLimits(options.limits))
      : undefined;
    this.#leaf = leaf;
    const identity = root ? identities.take() : undefined;
    try {
      const command = commandOf(host, options.view, options.script, leaf?.joinFiles ?? [], identity);
      this.process = new SandboxProcess(command, {
        link: options.link,
        filter,
        killRest: () => leaf?.kill(),
      });
    } catch (error) {
      leaf?.removeNow();
      if (identity !== undefined) identities.give(identity);
      throw error;
    }
    this.gone = this.process.gone.then(async () => {
      this.#usage = this.#usageNow();
      // Where something of it still runs, nobody else is to have its id.
      const left = (await leaf?.remove()) === false;
      if (identity !== undefined && !left) identities.give(identity);
    });
  }

  get ready(): Promise<void> {
    return this.process.ready;
  }

  get ended(): boolean {
    return this.process.ended;
  }

  kill(): void {
    this.process.kill();
  }

  hold(held: boolean): void {
    this.process.hold(held);
  }

  residentBytes(): number | undefined {
    return this.#leaf?.memoryBytes();
  }

  /** Runs its one job. `ahead`: what was used before it does not count. */
  async run(
    job: Omit<JobOptions, "cpuMs" | "beforeStop">,
    ahead: boolean,
  ): Promise<{ readonly ended: Ended; readonly counted: Counted }> {
    if (ahead) {
      this.#spentBefore = this.#leaf?.cpuMs() ?? 0;
      this.#leaf?.resetPeak();
    }
    let atStop: CgroupUsage | undefined;
    const ended = await this.process.run({
      ...job,
      cpuMs: () => this.#cpuMs(),
      beforeStop: () => {
        atStop = this.#usageNow();
      },
    });
    return { ended, counted: { atEnd: this.#usage ?? this.#usageNow(), atStop } };
  }

  #cpuMs(): number | undefined {
    const total = this.#leaf?.cpuMs();
    return total === undefined ? undefined : total - this.#spentBefore;
  }

  #usageNow(): CgroupUsage | undefined {
    return this.#leaf && { ...this.#leaf.usage(), cpuMs: this.#cpuMs() };
  }
}
