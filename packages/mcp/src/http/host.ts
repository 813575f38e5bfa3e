import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, silentLogger, validate } from "@agentos/core";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest, type McpServer } from "@modelcontextprotocol/server";
import * as v from "valibot";
import { mcpError } from "../errors.js";
import { isToken, refusal } from "./access.js";
import { Bodies } from "./bodies.js";
import { HTTP_LIMITS, type HttpLimits } from "./limits.js";
import { cutOff, refuse } from "./refusal.js";
import { Sessions } from "./sessions.js";

/** Options of {@link hostOverHttp}. */
export interface HostOptions {
  /** @default a free one */
  readonly port?: number;
  /** What clients must send, 16 characters or more. @default 32 random bytes */
  readonly token?: string;
  /** @default silent */
  readonly logger?: Logger;
}

/** A server that clients reach by its address. */
export interface Host {
  /** For example `http://127.0.0.1:41234/mcp`. */
  readonly url: string;
  /** Sent as `Authorization: Bearer <token>`. */
  readonly token: string;
  /** Cuts all clients off; what is under way for them is cancelled. */
  close(): Promise<void>;
}

const PATH = "/mcp";

const hostSchema = v.strictObject({
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)), 0),
  token: v.optional(v.pipe(v.string(), v.check(isToken, "must have 16 printable characters or more"))),
  logger: v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null)),
});

/**
 * Serves MCP to clients of this machine over streamable HTTP: on the loopback interface alone, to those that send the token and come from
 * no foreign page. Throws `OPTIONS_INVALID` and `MCP_PORT_UNAVAILABLE`.
 * @param makeServer makes the server of one session, or of one request of a revision without sessions
 */
export function hostOverHttp(makeServer: () => McpServer, options: HostOptions = {}): Promise<Host> {
  return hostWithin(HTTP_LIMITS, makeServer, options);
}

/** The same within other limits. */
export async function hostWithin(
  limits: HttpLimits,
  makeServer: () => McpServer,
  options: HostOptions = {},
): Promise<Host> {
  const wanted = validate(hostSchema, options, { what: "Options of an HTTP server" });
  const { logger = silentLogger, port, token = randomBytes(32).toString("base64url") } = wanted;
  const { bodyBytes: maxRequestBodySize } = limits;
  const modern = createMcpHandler(makeServer, {
    legacy: "reject",
    maxRequestBodySize,
    onerror: (error) => logger.warn({ error }, "A request could not be handled"),
  });
  const sessions = new Sessions(makeServer, maxRequestBodySize);
  const answer = toNodeHandler(
    {
      fetch: async (request, more) => {
        const isOfSession = await isLegacyRequest(request, undefined, { maxRequestBodySize });
        return isOfSession ? sessions.handle(request) : modern.fetch(request, more);
      },
    },
    { maxRequestBodySize, onerror: (error) => logger.error({ error }, "A request failed") },
  );
  const bodies = new Bodies(limits);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = refusal(request, PATH, token);
    if (refused !== undefined) return cutOff(response, refused);
    const body = await bodies.read(request, response);
    if (body === undefined) return;
    if ("status" in body) return refuse(request, response, body);
    const { method, url, headers } = request;
    await answer({ method, url, headers, [Symbol.asyncIterator]: () => piecesOf(body) }, response as never);
  };
  const server = createServer(
    {
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        logger.error({ error }, "A request failed");
        response.destroy();
      });
    },
  );
  server.maxConnections = limits.connections;
  await listening(server, port);
  const { port: actual } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await shut(server);
    await sessions.close();
    await modern.close();
  };
  return { url: `http://127.0.0.1:${actual}${PATH}`, token, close };
}

async function* piecesOf(body: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* body;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is taken" : `cannot be had (${cause.code})`;
      reject(
        mcpError("MCP_PORT_UNAVAILABLE", `Port ${port} ${why}. Name another one, or none for a free one.`, {
          cause,
        }),
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
