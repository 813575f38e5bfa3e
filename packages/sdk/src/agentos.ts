import { join } from "node:path";
import {
  AgentLoop,
  type Brief,
  type Candidate,
  type Events,
  type Explanation,
  type Forecast,
  Lifecycle,
  type LoopEvents,
  type Outcome,
  type Propose,
  type Scope,
  type Solution,
  type SolveOptions,
  type StatedOutcome,
  type Task,
  timeSortedIds,
  type Verdict,
  type VerifyOptions,
  validate,
  type WaitOptions,
} from "@agentos/core";
import { Learner } from "@agentos/learn";
import { EmbeddedTexts, MemoryStore } from "@agentos/memory";
import { ParserPool, ProjectIndex } from "@agentos/project";
import { Sandbox } from "@agentos/sandbox";
import { HostPlaces, Store, StoreJournal } from "@agentos/store";
import { type AgentOSStats, type Diagnosis, diagnose, gatherStats } from "./doctor.js";
import { makeDir, projectRoot } from "./folder.js";
import { IndexedProject } from "./indexed-project.js";
import { type AgentOSOptions, agentOSOptionsSchema } from "./options.js";
import { ProjectIdentities, type ProjectIdentity } from "./project-identity.js";

interface Parts {
  readonly dir: string;
  readonly store: Store;
  readonly memory: MemoryStore;
  readonly sandbox: Sandbox;
  readonly learner: Learner;
  readonly journal: StoreJournal;
  readonly project: ProjectIndex | undefined;
  readonly identity: ProjectIdentity | undefined;
  readonly scopes: readonly Scope[];
  readonly loop: AgentLoop;
}

/**
 * The embedded engines wired together under one folder: memory, sandbox, project index, learner and journal over one
 * store, and the loop over all of them.
 */
export class AgentOS {
  /** The folder, absolute: `store/` and `cache/` lie in it. */
  readonly dir: string;
  readonly store: Store;
  readonly memory: MemoryStore;
  readonly sandbox: Sandbox;
  readonly learner: Learner;
  readonly journal: StoreJournal;
  /** Absent without `project`. The loop brings it up to date when it first uses it; call `project.index()` to do so yourself. */
  readonly project: ProjectIndex | undefined;
  /** Who the project is, wherever it lies. Absent without `project`. */
  readonly identity: ProjectIdentity | undefined;
  /** Where memories of this project belong; the user's when there is none. */
  readonly scope: Scope;
  /** Whose memories a task here is briefed with: the project's, the user's and those that all share. */
  readonly scopes: readonly Scope[];
  readonly loop: AgentLoop;
  readonly #lifecycle: Lifecycle;

  private constructor(parts: Parts, lifecycle: Lifecycle) {
    this.dir = parts.dir;
    this.store = parts.store;
    this.memory = parts.memory;
    this.sandbox = parts.sandbox;
    this.learner = parts.learner;
    this.journal = parts.journal;
    this.project = parts.project;
    this.identity = parts.identity;
    this.scope = scopeOf(parts.identity);
    this.scopes = parts.scopes;
    this.loop = parts.loop;
    this.#lifecycle = lifecycle;
  }

  /**
   * Opens everything under `dir`. The project is indexed, and sandbox drivers are tried, when first used.
   * Several processes may have the same folder open: each sees what the others write.
   * Throws `OPTIONS_INVALID`, `SDK_DIR_INVALID`, `SDK_DIR_UNWRITABLE`, `SDK_PROJECT_INVALID`, `ABORTED`, and what the store
   * throws: `STORE_LOCKED` when another process has it for itself, `STORE_OWNER_UNREACHABLE`, `STORE_PROTOCOL_MISMATCH`,
   * `STORE_VERSION_NEWER`, `STORE_CORRUPT`.
   */
  static async open(options: AgentOSOptions): Promise<AgentOS> {
    const valid = validate(agentOSOptionsSchema, options, { what: "AgentOS options" });
    const lifecycle = new Lifecycle("AgentOS");
    try {
      return new AgentOS(await openParts(valid, lifecycle), lifecycle);
    } catch (error) {
      // The reason why it could not be opened matters more than what then failed to close.
      await lifecycle.close().catch(() => undefined);
      throw error;
    }
  }

  /** What happens in the loop, as it happens. */
  get events(): Events<LoopEvents> {
    return this.loop.events;
  }

  /** See {@link AgentLoop.brief}. */
  brief(task: Task, options?: WaitOptions & { readonly maxTokens?: number }): Promise<Brief> {
    return this.#lifecycle.track(() => this.loop.brief(task, options));
  }

  /** See {@link AgentLoop.forecast}. */
  forecast(task: Task, candidate: Candidate, options?: WaitOptions): Promise<Forecast> {
    return this.#lifecycle.track(() => this.loop.forecast(task, candidate, options));
  }

  /** See {@link AgentLoop.verify}. */
  verify(task: Task, candidate: Candidate, options?: VerifyOptions): Promise<Verdict> {
    return this.#lifecycle.track(() => this.loop.verify(task, candidate, options));
  }

  /** See {@link AgentLoop.learn}. */
  learn(from: Outcome | StatedOutcome, options?: WaitOptions): Promise<Outcome> {
    return this.#lifecycle.track(() => this.loop.learn(from, options));
  }

  /** See {@link AgentLoop.outcome}. */
  outcome(task: Task, candidate: Candidate, verdict: Verdict, forecast?: Forecast): Outcome {
    return this.loop.outcome(task, candidate, verdict, forecast);
  }

  /** See {@link AgentLoop.solve}. */
  solve(task: Task, propose: Propose, options?: SolveOptions): Promise<Solution> {
    return this.#lifecycle.track(() => this.loop.solve(task, propose, options));
  }

  /** See {@link AgentLoop.replay}. */
  replay(solveId: string): Promise<Solution> {
    return this.#lifecycle.track(() => this.loop.replay(solveId));
  }

  /** See {@link AgentLoop.explain}. */
  explain(outcomeId: string): Promise<Explanation> {
    return this.#lifecycle.track(() => this.loop.explain(outcomeId));
  }

  /** What this machine can enforce, found by trying, and what to install for the rest. Takes up to some seconds. */
  doctor(): Promise<Diagnosis> {
    return this.#lifecycle.track(() => diagnose(this));
  }

  /** What is kept, in figures. */
  stats(): Promise<AgentOSStats> {
    return this.#lifecycle.track(() => gatherStats(this));
  }

  /** Waits for what is under way, ends all sandboxes and closes the store. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Milliseconds of parsing in this thread after which threads are started for it: about what it takes to start one. */
const IN_THREAD_MS = 150;

async function openParts(options: AgentOSOptions, lifecycle: Lifecycle): Promise<Parts> {
  const { shared = true, logger, clock, needs, limits, drivers, countTokens, signal } = options;
  const ids = options.ids ?? timeSortedIds(clock);
  const root = options.project === undefined ? undefined : await projectRoot(options.project);
  const dir = await makeDir(options.dir);
  const store = await Store.open({ dir: join(dir, "store"), shared, logger, clock, signal });
  lifecycle.add(store);
  const identities = new ProjectIdentities(store, ids);
  const admission = options.hostWide ? await HostPlaces.open() : undefined;
  if (admission !== undefined) lifecycle.add(admission);
  const parser = await ParserPool.open({ logger, admission, inThreadMs: IN_THREAD_MS });
  lifecycle.add(parser);
  const memory = await MemoryStore.open({ clock, ids, logger, ...options.memory, store });
  lifecycle.add(memory);
  const learner = await Learner.open({ store, parser, clock, logger });
  lifecycle.add(learner);
  const journal = new StoreJournal(store);
  const sandbox = await Sandbox.open({
    cacheDir: join(dir, "cache"),
    drivers,
    needs,
    limits,
    admission,
    logger,
  });
  lifecycle.add(sandbox);
  const project =
    root === undefined
      ? undefined
      : await ProjectIndex.open({
          root,
          store,
          parser,
          globalIgnore: options.globalIgnore,
          vectors: vectorsOf(options),
          logger,
          clock,
        });
  if (project !== undefined) lifecycle.add(project);
  const identity = root === undefined ? undefined : await identities.of(root, dir, signal);
  const own = identity === undefined ? [] : [scopeOf(identity)];
  const scopes: readonly Scope[] = [...own, { level: "user" }, { level: "shared" }];
  const engines = {
    memory,
    sandbox,
    learner,
    journal,
    project: project && new IndexedProject(project, root),
  };
  const loop = new AgentLoop(engines, { scopes, countTokens, clock, ids, logger });
  return { dir, store, memory, sandbox, learner, journal, project, identity, scopes, loop };
}

/** Code is found by its meaning where memories are: an embedder that knows words alone finds what names and words do. */
function vectorsOf({ memory }: AgentOSOptions): EmbeddedTexts | undefined {
  const embedder = memory?.embedder;
  return embedder === undefined || embedder.lexical === true ? undefined : new EmbeddedTexts({ embedder });
}

function scopeOf(identity: ProjectIdentity | undefined): Scope {
  return identity === undefined ? { level: "user" } : { level: "project", id: identity.id };
}
