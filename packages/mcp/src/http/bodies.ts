import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpLimits } from "./limits.js";
import type { Refusal } from "./refusal.js";

const RETRY_SECONDS = "5";

/** The bodies of all requests that are under way: many large ones together would take all memory. */
export class Bodies {
  readonly #limits: HttpLimits;
  /** Of those that are being read, and of those that are not answered yet. */
  #bytes = 0;

  constructor(limits: HttpLimits) {
    this.#limits = limits;
  }

  /** The pieces of a body, which count until the answer has ended. Undefined when the client has gone meanwhile. */
  async read(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<readonly Buffer[] | Refusal | undefined> {
    const { bodyBytes, bodiesBytes, uncountedBytes } = this.#limits;
    if (Number(request.headers["content-length"]) > bodyBytes) return tooLong(bodyBytes);
    let counted = 0;
    let hasGone = false;
    response.once("close", () => {
      hasGone = true;
      this.#bytes -= counted;
    });
    const pieces: Buffer[] = [];
    let received = 0;
    try {
      // An iterator that destroys the request would take the connection along, and the answer with it.
      for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        if (hasGone) return undefined;
        received += piece.length;
        if (received > bodyBytes) return tooLong(bodyBytes);
        const more = Math.max(0, received - uncountedBytes) - counted;
        if (this.#bytes + more > bodiesBytes) return FULL;
        counted += more;
        this.#bytes += more;
        pieces.push(piece);
      }
    } catch {
      return undefined;
    }
    return hasGone ? undefined : pieces;
  }
}

const FULL: Refusal = {
  status: 503,
  message: "Too much is under way. Try again when other calls have ended.",
  headers: { "retry-after": RETRY_SECONDS },
};

function tooLong(bodyBytes: number): Refusal {
  return { status: 413, message: `A request must not be longer than ${bodyBytes} bytes.` };
}
