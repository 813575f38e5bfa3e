import { isAgentOSError } from "@agentos/core";
import { AgentOS, type AgentOSOptions } from "@agentos/sdk";

/** The index of a project. */
export type Project = NonNullable<AgentOS["project"]>;
type IndexWatch = ReturnType<Project["watch"]>;

/** What is told of work that takes long. */
export interface Progress {
  /** How much is done; it grows from one to the next. */
  readonly done: number;
  /** How much there is in all, where that is known. */
  readonly total?: number;
  readonly message: string;
}

/** How a caller waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Options of AgentOS, for a project. */
export type ProjectOptions = AgentOSOptions & { readonly project: string };

/**
 * One project for all connections, opened when a tool first needs it: a server answers at once, whatever there is to read. The first
 * question about code indexes the project; from then on it is watched.
 */
export class OpenedProject {
  readonly #options: ProjectOptions;
  #opening: Promise<AgentOS> | undefined;
  #watching: Promise<IndexWatch> | undefined;
  readonly #closing = new AbortController();

  constructor(options: ProjectOptions) {
    this.#options = options;
  }

  /** The project's root as it was given. */
  get root(): string {
    return this.#options.project;
  }

  /** Throws as `AgentOS.open` does; the next call tries again. */
  agentos(): Promise<AgentOS> {
    this.#closing.signal.throwIfAborted();
    this.#opening ??= AgentOS.open({ hostWide: true, ...this.#options }).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** The project's index, true of the files as they are. */
  async project(waiting: Waiting): Promise<{ readonly agentos: AgentOS; readonly project: Project }> {
    const agentos = await this.agentos();
    const { project } = agentos;
    if (project === undefined) throw new Error("AgentOS was opened with a project");
    const watch = await this.#watched(project, waiting);
    // What an agent wrote a moment ago is in the answer.
    if (!(await watch.settled())) await project.index({ signal: waiting.signal });
    return { agentos, project };
  }

  async #watched(project: Project, waiting: Waiting): Promise<IndexWatch> {
    for (;;) {
      this.#watching ??= this.#watch(project, waiting);
      try {
        return await this.#watching;
      } catch (error) {
        this.#watching = undefined;
        // Another who waited for the same indexing may have cancelled it.
        if (!isAgentOSError(error, "ABORTED") || waiting.signal.aborted) throw error;
      }
    }
  }

  async #watch(project: Project, { signal, report }: Waiting): Promise<IndexWatch> {
    await project.index({
      signal,
      onProgress: ({ done, total }) => report({ done, total, message: `indexing ${done} of ${total} files` }),
    });
    const watch = project.watch({ signal: this.#closing.signal });
    await watch.ready;
    return watch;
  }

  /** Waits for what is under way, and closes all. */
  async close(): Promise<void> {
    this.#closing.abort();
    const agentos = await this.#opening?.catch(() => undefined);
    await agentos?.close();
  }
}
