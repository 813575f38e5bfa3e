import { type AgentOSError, abortedError, type Clock, isAgentOSError } from "@agentos/core";
import { type SdkErrorCode, sdkError } from "../errors.js";
import { type Reply, ReplyReader, StreamedError } from "./reply.js";
import { Failure, retryAfterMs } from "./retry.js";

/** One message of a chat. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** One request to a chat endpoint. */
export interface ChatRequest {
  readonly url: string;
  readonly apiKey?: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Longest silence in milliseconds. */
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly signal?: AbortSignal;
  readonly onText: (piece: string) => void;
  /** Told what had come of a reply when a try fails in the middle of it. */
  readonly onLost: (text: string) => void;
  readonly dialect: Dialect;
  readonly clock: Clock;
}

/** What an endpoint turned out not to know. Endpoints differ; what one refuses by name is left out from then on. */
export interface Dialect {
  streamOptions: boolean;
  temperature: boolean;
  maxTokens: "max_tokens" | "max_completion_tokens";
}

/** What is assumed of an endpoint at first. */
export function commonDialect(): Dialect {
  return { streamOptions: true, temperature: true, maxTokens: "max_tokens" };
}

/** Bytes kept of the body of a refusal. */
const MAX_REFUSAL = 2_000;

/** Sends a request once. A failure says whether to send it again. */
export async function sendChat(request: ChatRequest): Promise<Reply | Failure> {
  if (request.signal?.aborted) return new Failure(abortedError(request.signal), { again: false });
  const silence = new Silence(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, silence.signal]) : silence.signal;
  const reader = new ReplyReader(request.onText);
  try {
    const response = await request.fetch(request.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        ...(request.apiKey !== undefined && { authorization: `Bearer ${request.apiKey}` }),
      },
      body: JSON.stringify(bodyOf(request)),
      signal,
    });
    silence.broken();
    const pieces = silence.listen(response.body);
    if (!response.ok) return await refusal(request, response, pieces);
    return await reader.read(pieces, response.headers.get("content-type") ?? "");
  } catch (cause) {
    if (reader.text !== "") request.onLost(reader.text);
    if (request.signal?.aborted) return new Failure(abortedError(request.signal), { again: false });
    return silence.signal.aborted ? timedOut(request) : lost(request, cause);
  } finally {
    silence.end();
  }
}

function bodyOf(request: ChatRequest): Record<string, unknown> {
  const { dialect, temperature, maxTokens } = request;
  return {
    model: request.model,
    messages: request.messages,
    stream: true,
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
    ...(dialect.temperature && temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { [dialect.maxTokens]: maxTokens }),
  };
}

async function refusal(
  request: ChatRequest,
  response: Response,
  pieces: AsyncIterable<Uint8Array>,
): Promise<Reply | Failure> {
  let body = "";
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    body += decoder.decode(piece, { stream: true });
    if (body.length > MAX_REFUSAL) break;
  }
  const said = messageIn(body);
  if (response.status === 400 && adapt(request.dialect, said)) {
    return await sendChat(request);
  }
  return new Failure(refused(request, response.status, said), {
    again: isPassing(response.status),
    afterMs: retryAfterMs(response.headers.get("retry-after"), request.clock()),
  });
}

/** Leaves out what the endpoint says it does not know. Whether anything changed. */
function adapt(dialect: Dialect, said: string): boolean {
  if (dialect.streamOptions && said.includes("stream_options")) {
    dialect.streamOptions = false;
    return true;
  }
  if (dialect.maxTokens === "max_tokens" && said.includes("max_completion_tokens")) {
    dialect.maxTokens = "max_completion_tokens";
    return true;
  }
  if (dialect.temperature && said.includes("temperature")) {
    dialect.temperature = false;
    return true;
  }
  return false;
}

function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

function refused(request: ChatRequest, status: number, said: string): AgentOSError {
  const reason = redacted(said, request.apiKey).trim().slice(0, 300) || "no reason given";
  const [code, advice] = refusalKind(status, request.model);
  return sdkError(code, `${endpoint(request.url)} answered ${status} (${reason}). ${advice}`, {
    details: { status },
  });
}

function refusalKind(status: number, model: string): [SdkErrorCode, string] {
  if (status === 401 || status === 403)
    return ["MODEL_UNAUTHORIZED", "Check the API key and what it may use."];
  if (status === 429)
    return ["MODEL_RATE_LIMITED", "Wait, ask for fewer candidates, or raise your limit there."];
  if (status >= 500 || status === 408)
    return ["MODEL_UNAVAILABLE", "The endpoint is in trouble; try again later."];
  return ["MODEL_REFUSED", `Check the base URL, that it serves the model "${model}", and the options.`];
}

function timedOut(request: ChatRequest): Failure {
  const message = `${endpoint(request.url)} was silent for ${request.timeoutMs} ms. Raise timeoutMs if the model is only slow.`;
  return new Failure(sdkError("MODEL_TIMEOUT", message), { again: true });
}

function lost(request: ChatRequest, cause: unknown): Failure {
  if (cause instanceof StreamedError) {
    const status = cause.status ?? 500;
    return new Failure(refused(request, status, cause.message), { again: isPassing(status) });
  }
  // A reply that is cut short or garbled is worth another try: the endpoint may have been restarted under it.
  if (isAgentOSError(cause)) return new Failure(withoutKey(cause, request.apiKey), { again: true });
  const reason = redacted(reasonOf(cause), request.apiKey);
  const message = `${endpoint(request.url)} could not be reached, or the connection was lost (${reason}). Check the base URL and that the server runs.`;
  return new Failure(sdkError("MODEL_UNREACHABLE", message), { again: true });
}

/** The platform's "fetch failed" hides the reason in its cause, and that in its list of addresses tried. */
function reasonOf(error: unknown): string {
  const { message, code, cause, errors } = error as Error & { code?: unknown; errors?: unknown[] };
  if (cause instanceof Error) return reasonOf(cause);
  if (Array.isArray(errors) && errors[0] instanceof Error) return reasonOf(errors[0]);
  return message || String(code ?? error);
}

function withoutKey(error: AgentOSError, apiKey: string | undefined): AgentOSError {
  const message = redacted(error.message, apiKey);
  // The cause quotes what the endpoint sent, which may hold the key; the message says enough.
  return sdkError("MODEL_REPLY_INVALID", message);
}

/** Endpoints like to repeat the key that they refuse. */
function redacted(text: string, apiKey: string | undefined): string {
  const known = apiKey === undefined ? text : text.replaceAll(apiKey, "[key]");
  return known.replace(/\b(sk|pk)-[\w*-]{6,}/gi, "[key]");
}

function messageIn(body: string): string {
  try {
    const { error, message, detail } = JSON.parse(body) as Record<string, unknown>;
    const inner =
      typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
    const said = inner ?? message ?? detail;
    return typeof said === "string" ? said : body;
  } catch {
    return body;
  }
}

function endpoint(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** Aborts its signal when nothing was heard for a time. */
class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.#controller.abort(), timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Passes bytes on and listens to them. Leaving the loop early cancels the request. */
  async *listen(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
    if (body === null) return;
    for await (const piece of body) {
      this.broken();
      yield piece;
    }
  }
}
