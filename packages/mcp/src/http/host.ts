import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Logger, silentLogger, validate } from "@agentos/core";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest, type McpServer } from "@modelcontextprotocol/server";
import * as v from "valibot";
import { mcpError } from "../errors.js";
import { refusal } from "./access.js";
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
/** Patches and files of a change. */
const MOST_BODY_BYTES = 16_777_216;

const hostSchema = v.object({
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)), 0),
  token: v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,}$/, "must have 16 printable characters or more")),
  ),
});

/**
 * Serves MCP to clients of this machine over streamable HTTP: on the loopback interface alone, to those that send the token and come from
 * no foreign page. Throws `OPTIONS_INVALID` and `MCP_PORT_UNAVAILABLE`.
 * @param makeServer makes the server of one session, or of one request of a revision without sessions
 */
export async function hostOverHttp(makeServer: () => McpServer, options: HostOptions = {}): Promise<Host> {
  const { logger = silentLogger, port, token: given } = options;
  const wanted = validate(hostSchema, { port, token: given }, { what: "Options of an HTTP server" });
  const token = wanted.token ?? randomBytes(32).toString("base64url");
  const modern = createMcpHandler(makeServer, {
    legacy: "reject",
    maxRequestBodySize: MOST_BODY_BYTES,
    onerror: (error) => logger.warn({ error }, "A request could not be handled"),
  });
  const sessions = new Sessions(makeServer, MOST_BODY_BYTES);
  const answer = toNodeHandler(
    {
      fetch: async (request, more) => {
        const refused = refusal(request, token);
        if (refused !== undefined) return refused;
        if (new URL(request.url).pathname !== PATH) return new Response("Not found\n", { status: 404 });
        const isOfSession = await isLegacyRequest(request, undefined, {
          maxRequestBodySize: MOST_BODY_BYTES,
        });
        return isOfSession ? sessions.handle(request) : modern.fetch(request, more);
      },
    },
    { maxRequestBodySize: MOST_BODY_BYTES },
  );
  const server = createServer((request, response) => void answer(request, response as never));
  await listening(server, wanted.port);
  const { port: actual } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await shut(server);
    await sessions.close();
    await modern.close();
  };
  return { url: `http://127.0.0.1:${actual}${PATH}`, token, close };
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

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
