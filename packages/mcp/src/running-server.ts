import type { Logger } from "@agentos/core";
import type { OpenedProject } from "./opened-project.js";

/** A server that runs. */
export interface RunningServer {
  /**
   * Resolves when it has ended: the client has gone, or it was closed. Rejects with `MCP_CONNECTION_BROKEN` when it can hear or answer its
   * client no more.
   */
  readonly ended: Promise<void>;
  /** Ends what is under way and closes the project. */
  close(): Promise<void>;
}

/** A {@link RunningServer}, as who serves sees it. */
export interface Running extends RunningServer {
  /** Ends it by itself: without a fault when the client has gone. What cannot be closed then is logged. */
  end(fault?: Error): void;
}

/** Ends a connection, and then the project behind it, when asked to or when the signal says so. */
export function runningServer(
  connection: { close(): Promise<void> },
  opened: OpenedProject,
  logger: Logger,
  signal: AbortSignal | undefined,
): Running {
  let settle: () => void = () => {};
  let fault: Error | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = () => (fault === undefined ? resolve() : reject(fault));
  });
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    signal?.removeEventListener("abort", onAbort);
    try {
      await connection.close();
    } finally {
      await opened.close().finally(settle);
    }
  };
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  const end = (found?: Error): void => {
    if (closing !== undefined) return;
    fault = found;
    close().catch((error: unknown) => logger.error({ error }, "The project could not be closed"));
  };
  const onAbort = (): void => end();
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  return { ended, close, end };
}
