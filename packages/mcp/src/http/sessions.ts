import { randomUUID } from "node:crypto";
import { type McpServer, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { RecentEvents } from "./recent-events.js";

/** More clients than that are not at work at once: whoever asked longest ago begins anew. */
const MOST_SESSIONS = 64;
const HEADER = "mcp-session-id";
/** Milliseconds after which a client that was cut off asks again. */
const RETRY_MS = 1_000;

interface Session {
  readonly server: McpServer;
  readonly transport: WebStandardStreamableHTTPServerTransport;
}

/**
 * Clients of the revisions of 2025, each with a session of its own: without one, a cancellation would not find its call, and the server
 * could tell nothing by itself. Those of later revisions need none.
 */
export class Sessions {
  /** Whoever asked longest ago comes first. */
  readonly #sessions = new Map<string, Session>();
  readonly #makeServer: () => McpServer;
  readonly #maxBytes: number;

  constructor(makeServer: () => McpServer, maxBytes: number) {
    this.#makeServer = makeServer;
    this.#maxBytes = maxBytes;
  }

  async handle(request: Request): Promise<Response> {
    const id = request.headers.get(HEADER);
    if (id === null) return this.#begin(request);
    const session = this.#sessions.get(id);
    if (session === undefined) return unknownSession();
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(all.map(({ server }) => server.close()));
  }

  /** What is no beginning of a session, its transport refuses. */
  async #begin(request: Request): Promise<Response> {
    const server = this.#makeServer();
    const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new RecentEvents(),
      retryInterval: RETRY_MS,
      maxRequestBodySize: this.#maxBytes,
      onsessioninitialized: (id) => this.#add(id, { server, transport }),
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
      },
    });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  async #add(id: string, session: Session): Promise<void> {
    this.#sessions.set(id, session);
    const [oldest] = this.#sessions;
    if (this.#sessions.size <= MOST_SESSIONS || oldest === undefined) return;
    this.#sessions.delete(oldest[0]);
    await oldest[1].server.close();
  }
}

/** The protocol has a client begin anew then. */
function unknownSession(): Response {
  const error = { code: -32_001, message: "Session not found: begin a new one." };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 404 });
}
