import { type Logger, silentLogger } from "@agentos/core";
import { makeServer } from "../make-server.js";
import { OpenedProject } from "../opened-project.js";
import { preparedTools } from "../prepared-tools.js";
import { type RunningServer, runningServer } from "../running-server.js";
import { requireServable, type ServeOptions } from "../serve-options.js";
import { type HostOptions, hostOverHttp } from "./host.js";

/** Options of {@link serveHttp}. */
export type HttpOptions = ServeOptions & Pick<HostOptions, "port" | "token">;

/** A server that clients reach by its address. */
export interface HttpServer extends RunningServer {
  /** For example `http://127.0.0.1:41234/mcp`. */
  readonly url: string;
  /** Sent as `Authorization: Bearer <token>`. */
  readonly token: string;
}

/**
 * Serves clients of this machine over streamable HTTP: on the loopback interface alone, to those that send the token and come from no
 * foreign page. All of them share one project. Throws `OPTIONS_INVALID`, `SDK_PROJECT_INVALID` and `MCP_PORT_UNAVAILABLE`.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { port, token: given, ...servable } = options;
  requireServable(servable, "Options of serveHttp");
  const { signal, ...open } = servable;
  const logger: Logger = open.logger ?? silentLogger;
  const opened = new OpenedProject(open);
  const tools = preparedTools();
  const host = await hostOverHttp(() => makeServer(opened, tools, logger), {
    logger,
    ...(port !== undefined && { port }),
    ...(given !== undefined && { token: given }),
  });
  const { url, token } = host;
  const { ended, close } = runningServer(host, opened, logger, signal);
  return { url, token, ended, close };
}
