import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the endpoint got it. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly [key: string]: unknown;
  };
}

/** Answers the nth request (from 0). */
export type Answer = (response: ServerResponse, index: number, request: SeenRequest) => void | Promise<void>;

/** A real HTTP server on the loopback that answers as it is told and keeps what it was asked. */
export async function openEndpoint(answer: Answer): Promise<{
  baseUrl: string;
  seen: SeenRequest[];
  close(): Promise<void>;
}> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const asked: SeenRequest = {
      path: request.url ?? "",
      headers: request.headers,
      body: JSON.parse(body) as SeenRequest["body"],
    };
    seen.push(asked);
    await answer(response, seen.length - 1, asked);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The events of a reply, cut into the given pieces of text, as hosted endpoints and Ollama send them. */
export function recorded(
  pieces: readonly string[],
  usage?: { readonly prompt_tokens: number; readonly completion_tokens: number },
  finish = "stop",
): string {
  const chunk = (choice: object) => ({
    id: "chatcmpl-9x",
    object: "chat.completion.chunk",
    created: 1_700_000_000,
    model: "tiny-coder",
    choices: [{ index: 0, logprobs: null, ...choice }],
  });
  const events: object[] = [
    chunk({ delta: { role: "assistant", content: "" }, finish_reason: null }),
    ...pieces.map((content) => chunk({ delta: { content }, finish_reason: null })),
    chunk({ delta: {}, finish_reason: finish }),
  ];
  if (usage) events.push({ ...chunk({}), choices: [], usage: { ...usage, total_tokens: 0 } });
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
}

/** Starts an event stream. */
export function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

/** Sends a whole stream at once. */
export function sendStream(response: ServerResponse, text: string): void {
  startStream(response);
  response.end(text);
}

/** Refuses, the way hosted endpoints do. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { message, type: "error", code: null } }));
}
