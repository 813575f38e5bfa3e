import { coreError, isAgentOSError } from "@agentos/core";
import { AgentOS, type AgentOSOptions } from "@agentos/sdk";
import { orAborted, SharedWork, type Waiting } from "./shared-work.js";

export type { Waiting } from "./shared-work.js";

/** The index of a project. */
export type Project = NonNullable<AgentOS["project"]>;
type IndexWatch = ReturnType<Project["watch"]>;

/** Options of AgentOS, for a project. */
export type ProjectOptions = AgentOSOptions & { readonly project: string };

/**
 * One project for all connections, opened when a tool first needs it: a server answers at once, whatever there is to read. The first
 * question about code indexes the project; from then on it is watched.
 */
export class OpenedProject {
  readonly #options: ProjectOptions;
  #opening: Promise<AgentOS> | undefined;
  #watching: SharedWork<IndexWatch> | undefined;
  readonly #closing = new AbortController();

  constructor(options: ProjectOptions) {
    this.#options = options;
  }

  /** Throws `CLOSED`, and as `AgentOS.open` does; the next call tries again. */
  async agentos(): Promise<AgentOS> {
    const { signal } = this.#closing;
    if (signal.aborted) throw closedError();
    this.#opening ??= AgentOS.open({ hostWide: true, ...this.#options, signal }).catch((error: unknown) => {
      this.#opening = undefined;
      throw signal.aborted && isAgentOSError(error, "ABORTED") ? closedError(error) : error;
    });
    return this.#opening;
  }

  /** The project's index, true of the files as they are. Throws `ABORTED` at once when the caller gives it up. */
  async project(waiting: Waiting): Promise<{ readonly agentos: AgentOS; readonly project: Project }> {
    const { signal } = waiting;
    const agentos = await orAborted(this.agentos(), signal);
    const { project } = agentos;
    if (project === undefined) throw new Error("AgentOS was opened with a project");
    const watch = await this.#watched(project, waiting);
    // What an agent wrote a moment ago is in the answer.
    if (!(await orAborted(watch.settled(), signal))) await orAborted(project.index({ signal }), signal);
    return { agentos, project };
  }

  async #watched(project: Project, waiting: Waiting): Promise<IndexWatch> {
    for (;;) {
      this.#watching ??= new SharedWork((shared) => this.#watch(project, shared));
      const watching = this.#watching;
      try {
        return await watching.wait(waiting);
      } catch (error) {
        if (waiting.signal.aborted) throw error;
        if (this.#watching === watching) this.#watching = undefined;
        // Those who waited before had all given it up.
        if (!watching.isCancelled || !isAgentOSError(error, "ABORTED")) throw error;
      }
    }
  }

  async #watch(project: Project, { signal, report }: Waiting): Promise<IndexWatch> {
    await project.index({
      signal: AbortSignal.any([signal, this.#closing.signal]),
      onProgress: ({ done, total }) => report({ done, total, message: `indexing ${done} of ${total} files` }),
    });
    const watch = project.watch({ signal: this.#closing.signal });
    try {
      await orAborted(watch.ready, signal);
      return watch;
    } catch (error) {
      await watch.close();
      throw error;
    }
  }

  /** Ends what is under way, and closes all. */
  async close(): Promise<void> {
    this.#closing.abort();
    const agentos = await this.#opening?.catch(() => undefined);
    await agentos?.close();
  }
}

function closedError(cause?: unknown): Error {
  return coreError("CLOSED", "This server is closed. Start a new one.", { cause });
}
