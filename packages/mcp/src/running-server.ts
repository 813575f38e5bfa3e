import type { Logger } from "@agentos/core";
import type { OpenedProject, ProjectOptions } from "./opened-project.js";

/** A server that runs. */
export interface RunningServer {
  /** Resolves when it has ended: the client has gone, or it was closed. */
  readonly ended: Promise<void>;
  /** Ends what is under way and closes the project. */
  close(): Promise<void>;
}

/** Options of a server. */
export type ServeOptions = ProjectOptions & {
  /** Ends the server. */
  readonly signal?: AbortSignal;
};

/** Ends a connection, and then the project behind it, when asked to or when the signal says so. */
export function runningServer(
  connection: { close(): Promise<void> },
  opened: OpenedProject,
  logger: Logger,
  signal: AbortSignal | undefined,
): RunningServer {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= connection
      .close()
      .then(() => opened.close())
      .finally(end);
    return closing;
  };
  const onAbort = (): void => {
    void close().catch((error: unknown) => logger.error({ error }, "The project could not be closed"));
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  return { ended, close };
}
