import type { IncomingMessage, ServerResponse } from "node:http";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  /** One line, for a person. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says so to one who may not call, and ends the connection: nothing more is read of it. */
export function cutOff(response: ServerResponse, refusal: Refusal): void {
  response.setHeader("connection", "close");
  tell(response, refusal);
}

/** Says so to one who may call, and drops what still comes: who is cut off while it sends might not see the answer. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  request.resume();
  tell(response, refusal);
}

function tell(response: ServerResponse, { status, message, headers }: Refusal): void {
  response.writeHead(status, { ...headers, "content-type": "text/plain" });
  response.end(`${message}\n`);
}
