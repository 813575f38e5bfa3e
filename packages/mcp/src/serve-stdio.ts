import { type Logger, silentLogger } from "@agentos/core";
import { serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { mcpError } from "./errors.js";
import { makeServer } from "./make-server.js";
import { MOST_MESSAGE_BYTES } from "./message-size.js";
import { OpenedProject } from "./opened-project.js";
import { preparedTools } from "./prepared-tools.js";
import { type RunningServer, runningServer } from "./running-server.js";
import { requireServable, type ServeOptions } from "./serve-options.js";
import { StdioWire } from "./stdio-wire.js";

/**
 * Serves one client over the standard input and output of this process. It answers at once; the project is opened with the first call that
 * needs it. It ends when the client closes the input. Nothing but the protocol may be written to the standard output meanwhile.
 * Throws `OPTIONS_INVALID` and `SDK_PROJECT_INVALID`.
 */
export function serveStdio(options: ServeOptions): RunningServer {
  requireServable(options, "Options of serveStdio");
  const { signal, ...open } = options;
  const logger: Logger = open.logger ?? silentLogger;
  const opened = new OpenedProject(open);
  const tools = preparedTools();
  /** What disturbed the connection last; where that ends it, it is the cause. */
  let disturbance: Error | undefined;
  const wire = new StdioWire(() => end(hasGone() ? undefined : brokenBy(disturbance)));
  const connection = serve(() => makeServer(opened, tools, logger), {
    transport: wire,
    onerror: (error) => {
      disturbance = error;
      logger.warn({ error }, "A message could not be handled");
    },
  });
  const { end, ...running } = runningServer(connection, opened, logger, signal);
  return running;
}

/** Whether the client has closed its side, which is how it ends a server. */
function hasGone(): boolean {
  const { stdin, stdout } = process;
  const isClosed = stdin.readableEnded || (stdin.destroyed && stdin.errored === null);
  return isClosed || (stdout.errored as NodeJS.ErrnoException | null)?.code === "EPIPE";
}

function brokenBy(cause: Error | undefined): Error {
  return mcpError(
    "MCP_CONNECTION_BROKEN",
    `The connection to the client has ended (${cause?.message ?? "it was closed"}). A message has at most ${MOST_MESSAGE_BYTES} bytes. Have the client start the server anew.`,
    { cause },
  );
}
