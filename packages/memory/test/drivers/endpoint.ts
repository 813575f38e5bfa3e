import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { HashedEmbedder } from "../../src/index.js";

/** What a client sent. */
export interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly model: string; readonly input: readonly string[]; readonly dimensions?: number };
}

/** Answers a request, or leaves it to the endpoint by giving false. */
export type Misbehave = (response: ServerResponse, seen: Seen, count: number) => boolean | Promise<boolean>;

/** An endpoint for embeddings on loopback. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly seen: readonly Seen[];
}

/** Starts an endpoint that gives hashed vectors of 64 dimensions, unless it misbehaves. It ends with the test. */
export async function startEndpoint(misbehave: Misbehave = () => false): Promise<Endpoint> {
  const seen: Seen[] = [];
  const embedder = new HashedEmbedder(64);
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const piece of request) body += String(piece);
    const one: Seen = {
      path: request.url ?? "",
      authorization: request.headers.authorization,
      body: JSON.parse(body),
    };
    seen.push(one);
    if (await misbehave(response, one, seen.length)) return;
    const data = (await embedder.embed(one.body.input)).map((vector, index) => ({
      object: "embedding",
      index,
      embedding: [...vector],
    }));
    // In another order than asked, as the format allows.
    sendJson(response, { object: "list", data: data.reverse(), model: one.body.model });
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): true {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
  return true;
}

export function sendText(
  response: ServerResponse,
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): true {
  response.writeHead(status, headers).end(text);
  return true;
}
