import type { Needs, RunLimits, Task, VerifyOptions } from "@agentos/core";
import { abortedError, coreError } from "@agentos/core";
import type { BoundedDriver } from "./bounded-driver.js";
import type { Baselines } from "./compare.js";
import type { DriverJob } from "./driver.js";
import { askedLimits, DEFAULT_LIMITS } from "./options.js";
import type { Project } from "./project.js";
import type { DriverRegistry, Wanted } from "./registry.js";
import type { ProjectBases, ProjectLimits } from "./workspace/bases.js";
import type { CandidateLimits, Workspace } from "./workspace.js";

/** What a sandbox has for its verdicts. */
export interface VerifyContext {
  readonly registry: DriverRegistry;
  readonly bases: ProjectBases;
  readonly baselines: Baselines;
  readonly needs: Needs;
  readonly limits: RunLimits;
  readonly sizes: CandidateLimits & ProjectLimits;
}

/** A compiler of types or a build has more to do than one test file. */
const CHECK_WALL_MS = 120_000;
const CHECK_MEMORY_BYTES = 2048 * 1024 * 1024;

/** Makes the jobs of one verification, and finds who can run them. */
export class VerifyJobs {
  readonly #context: VerifyContext;
  readonly #task: Task;
  readonly #options: VerifyOptions;

  constructor(context: VerifyContext, task: Task, options: VerifyOptions) {
    this.#context = context;
    this.#task = task;
    this.#options = options;
  }

  /** The driver that runs jobs of a kind with what the verification needs. Throws `SANDBOX_GUARANTEE_UNAVAILABLE`, `SANDBOX_LANGUAGE_UNAVAILABLE`. */
  driver(kind: Pick<Wanted, "tests" | "projects" | "separates">): Promise<BoundedDriver> {
    return this.#context.registry.choose({
      language: this.#task.language,
      needs: this.#options.needs ?? this.#context.needs,
      limits: askedLimits(this.#context.limits, this.#options.limits),
      driver: this.#options.driver,
      ...kind,
    });
  }

  /** A job on a workspace, in a project when there is one. */
  job(
    workspace: Pick<Workspace, "files"> & Partial<Pick<Workspace, "deleted">>,
    project: Project | undefined,
    kind: Pick<DriverJob, "tests" | "check" | "half">,
  ): DriverJob {
    const { language } = this.#task;
    return {
      language: language === "typescript" ? "javascript" : language,
      files: workspace.files,
      entry: kind.tests?.files[0]?.path ?? kind.check?.paths[0] ?? "",
      args: [],
      stdin: new Uint8Array(),
      limits: { ...DEFAULT_LIMITS, ...this.#context.limits, ...this.#options.limits },
      ...(project ? { base: project.base, deleted: workspace.deleted, mounts: project.mounts } : {}),
      ...kind,
    };
  }

  /** What a compiler of types or a build may use. */
  checkLimits(): RunLimits {
    const asked = { ...this.#context.limits, ...this.#options.limits };
    return {
      wallMs: asked.wallMs ?? CHECK_WALL_MS,
      memoryBytes: asked.memoryBytes ?? CHECK_MEMORY_BYTES,
    };
  }

  /** Throws `ABORTED` or `CLOSED` when a run ended so. */
  throwIfCancelled(status: string): void {
    if (status !== "cancelled") return;
    if (this.#options.signal?.aborted) throw abortedError(this.#options.signal);
    throw coreError("CLOSED", "The sandbox was closed during this verification. Open a new one.");
  }
}
