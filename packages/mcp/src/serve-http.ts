import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, silentLogger, validate } from "@agentos/core";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import * as v from "valibot";
import { refusal } from "./access.js";
import { mcpError } from "./errors.js";
import { makeServer } from "./make-server.js";
import { OpenedProject } from "./opened-project.js";
import { preparedTools } from "./prepared-tools.js";
import type { RunningServer, ServeOptions } from "./serve-stdio.js";

/** Options of {@link serveHttp}. */
export type HttpOptions = ServeOptions & {
  /** @default a free one */
  readonly port?: number;
  /** What clients must send, 16 characters or more. @default 32 random bytes */
  readonly token?: string;
};

/** A server that clients reach by its address. */
export interface HttpServer extends RunningServer {
  /** For example `http://127.0.0.1:41234/mcp`. */
  readonly url: string;
  /** Sent as `Authorization: Bearer <token>`. */
  readonly token: string;
}

const PATH = "/mcp";
/** Patches and files of a change. */
const MOST_BODY_BYTES = 16_777_216;

const httpSchema = v.object({
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)), 0),
  token: v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,}$/, "must have 16 printable characters or more")),
  ),
});

/**
 * Serves clients of this machine over streamable HTTP: on the loopback interface alone, to those that send the token and come from no
 * foreign page. All of them share one project. Throws `OPTIONS_INVALID` and `MCP_PORT_UNAVAILABLE`.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpServer> {
  const { signal, port, token: given, ...open } = options;
  const wanted = validate(httpSchema, { port, token: given }, { what: "Options of serveHttp" });
  const token = wanted.token ?? randomBytes(32).toString("base64url");
  const logger: Logger = open.logger ?? silentLogger;
  const opened = new OpenedProject(open);
  const tools = preparedTools();
  const handler = createMcpHandler(() => makeServer(opened, tools, logger), {
    maxRequestBodySize: MOST_BODY_BYTES,
    onerror: (error) => logger.warn({ error }, "A request could not be handled"),
  });
  const answer = toNodeHandler(
    {
      fetch: async (request, more) => {
        const refused = refusal(request, token);
        if (refused !== undefined) return refused;
        if (new URL(request.url).pathname !== PATH) return new Response("Not found\n", { status: 404 });
        return handler.fetch(request, more);
      },
    },
    { maxRequestBodySize: MOST_BODY_BYTES },
  );
  const server = createServer((request, response) => void answer(request, response as never));
  await listening(server, wanted.port);
  const { port: actual } = server.address() as AddressInfo;
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= shut(server)
      .then(() => handler.close())
      .then(() => opened.close())
      .finally(end);
    return closing;
  };
  const onAbort = (): void => {
    void close().catch((error: unknown) => logger.error({ error }, "The project could not be closed"));
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  return { url: `http://127.0.0.1:${actual}${PATH}`, token, ended, close };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is taken" : `cannot be had (${cause.code})`;
      reject(
        mcpError("MCP_PORT_UNAVAILABLE", `Port ${port} ${why}. Name another one, or 0 for a free one.`, {
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

/** What is under way is cancelled: its clients are cut off. */
function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
