import { type Logger, silentLogger } from "@agentos/core";
import { serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import { makeServer } from "./make-server.js";
import { OpenedProject } from "./opened-project.js";
import { preparedTools } from "./prepared-tools.js";
import { type RunningServer, runningServer, type ServeOptions } from "./running-server.js";

/**
 * Serves one client over the standard input and output of this process. It answers at once; the project is opened with the first call that
 * needs it. It ends when the client closes the input. Nothing but the protocol may be written to the standard output meanwhile.
 */
export function serveStdio(options: ServeOptions): RunningServer {
  const { signal, ...open } = options;
  const logger: Logger = open.logger ?? silentLogger;
  const opened = new OpenedProject(open);
  const tools = preparedTools();
  const connection = serve(() => makeServer(opened, tools, logger), {
    onerror: (error) => logger.warn({ error }, "A message could not be handled"),
  });
  const running = runningServer(connection, opened, logger, signal);
  const onEnd = (): void => {
    void running
      .close()
      .catch((error: unknown) => logger.error({ error }, "The project could not be closed"));
  };
  process.stdin.once("end", onEnd).once("close", onEnd);
  return running;
}
