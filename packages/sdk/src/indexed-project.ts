import { type CodeSearch, type CodeSymbol, isAgentOSError, type WaitOptions } from "@agentos/core";
import type { ProjectIndex } from "@agentos/project";

/** The project index as the loop sees it: brought up to date when first used, so that opening costs nothing. */
export class IndexedProject implements CodeSearch {
  readonly roots: readonly string[];
  readonly #project: ProjectIndex;
  #indexing: Promise<void> | undefined;

  /** @param given the root's path as the caller wrote it, which may be a link to the real one */
  constructor(project: ProjectIndex, given: string = project.root) {
    this.roots = [project.root, given];
    this.#project = project;
  }

  async relevantSymbols(
    text: string,
    options: WaitOptions & { readonly limit?: number } = {},
  ): Promise<readonly CodeSymbol[]> {
    await this.#ready(options);
    return this.#project.relevantSymbols(text, options);
  }

  async repoMap(
    options: Parameters<NonNullable<CodeSearch["repoMap"]>>[0],
  ): Promise<{ readonly text: string }> {
    await this.#ready(options);
    return this.#project.repoMap(options);
  }

  async affectedTests(paths: readonly string[], options: WaitOptions = {}): Promise<readonly string[]> {
    await this.#ready(options);
    return this.#project.affectedTests(paths, options);
  }

  async #ready({ signal }: WaitOptions): Promise<void> {
    for (;;) {
      this.#indexing ??= this.#index(signal);
      try {
        await this.#indexing;
        return;
      } catch (error) {
        // Another caller who waited for the same indexing may have cancelled it; that must not cancel this one.
        if (!isAgentOSError(error, "ABORTED") || signal?.aborted) throw error;
      }
    }
  }

  async #index(signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#project.index({ signal });
    } catch (error) {
      // A passing fault must not spoil the next use.
      this.#indexing = undefined;
      throw error;
    }
  }
}
