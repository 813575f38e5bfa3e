import { type Logger, silentLogger } from "@agentos/core";
import { serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { makeServer } from "./make-server.js";
import { OpenedProject, type ProjectOptions } from "./opened-project.js";
import { preparedTools } from "./prepared-tools.js";

/** A server that runs. */
export interface RunningServer {
  /** Resolves when it has ended: the client has gone, or it was closed. */
  readonly ended: Promise<void>;
  /** Ends what is under way and closes the project. */
  close(): Promise<void>;
}

/** Options of {@link serveStdio}. */
export type ServeOptions = ProjectOptions & {
  /** Ends the server. */
  readonly signal?: AbortSignal;
};

/**
 * Serves one client over the standard input and output of this process. It answers at once; the project is opened with the first call that
 * needs it. It ends when the client closes the input. Nothing but the protocol may be written to the standard output meanwhile.
 */
export function serveStdio(options: ServeOptions): RunningServer {
  const { signal, ...open } = options;
  const logger: Logger = open.logger ?? silentLogger;
  const opened = new OpenedProject(open);
  const tools = preparedTools();
  const handle = serve(() => makeServer(opened, tools, logger), {
    onerror: (error) => logger.warn({ error }, "A message could not be handled"),
  });
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= handle
      .close()
      .then(() => opened.close())
      .finally(end);
    return closing;
  };
  const onEnd = (): void => {
    void close().catch((error: unknown) => logger.error({ error }, "The project could not be closed"));
  };
  process.stdin.once("end", onEnd).once("close", onEnd);
  if (signal?.aborted) onEnd();
  else signal?.addEventListener("abort", onEnd, { once: true });
  return { ended, close };
}
