import { type Clock, throwIfAborted } from "@agentos/core";
import { readAnswer } from "./answer.js";
import { Failure, isPassing, reasonOf, retryAfter, safeWords } from "./failure.js";

/** One request for vectors. */
export interface EmbeddingRequest {
  /** Ends in `/embeddings`. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly texts: readonly string[];
  /** Length of the vectors; undefined when any will do. */
  readonly dimensions: number | undefined;
  readonly shorten: boolean;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Bytes that a refusal may have; the rest is not read. */
const REFUSAL_BYTES = 10_000;
/** Bytes that a number of a vector may have, and those beside the vectors. */
const NUMBER_BYTES = 40;
const OTHER_BYTES = 1_000_000;
const MOST_DIMENSIONS = 100_000;

/** Sends a request once. Throws `ABORTED`. */
export async function sendRequest(request: EmbeddingRequest): Promise<readonly Float32Array[] | Failure> {
  throwIfAborted(request.signal);
  const { signal, timeoutMs, texts } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  const where = request.url;
  try {
    const response = await fetch(where, {
      method: "POST",
      // Where it leads is for whoever configures it to say: a redirect would take the texts elsewhere.
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(request.apiKey === undefined ? {} : { authorization: `Bearer ${request.apiKey}` }),
      },
      body: JSON.stringify({
        model: request.model,
        input: texts,
        ...(request.shorten && request.dimensions !== undefined ? { dimensions: request.dimensions } : {}),
      }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) return await refused(request, response);
    const most = texts.length * (request.dimensions ?? MOST_DIMENSIONS) * NUMBER_BYTES + OTHER_BYTES;
    const { text, whole } = await readBody(response, most);
    if (!whole) return new Failure(`${where} answered with more than ${most} bytes.`, { again: false });
    const answer = readAnswer(text, texts.length, request.dimensions);
    return typeof answer === "string"
      ? new Failure(`${where} answered, but ${answer}. Check that it is an endpoint for embeddings.`, {
          again: false,
        })
      : answer;
  } catch (error) {
    throwIfAborted(signal);
    if (timeout.aborted) {
      const advice = "Raise timeoutMs if the model is only slow, or lower batchTexts.";
      return new Failure(`${where} did not answer within ${timeoutMs} ms. ${advice}`, { again: true });
    }
    // No cause is kept: what the platform says may quote the headers.
    const reason = safeWords(reasonOf(error), request.apiKey);
    const message = `${where} could not be reached, or the connection was lost (${reason}). Check baseUrl and that the server runs.`;
    return new Failure(message, { again: true });
  }
}

async function refused(request: EmbeddingRequest, response: Response): Promise<Failure> {
  const { status, headers } = response;
  const { text } = await readBody(response, REFUSAL_BYTES);
  const words = safeWords(messageIn(text), request.apiKey) || "no reason given";
  return new Failure(`${request.url} answered ${status} (${words}). ${adviceFor(status)}`, {
    again: isPassing(status),
    afterMs: retryAfter(headers.get("retry-after"), request.clock()),
    status,
  });
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return "Check the API key and what it may use.";
  if (status === 429) return "Wait, or raise your limit there.";
  if (isPassing(status)) return "The endpoint is in trouble; try again later.";
  if (status >= 300 && status < 400) return "It redirects: give its new place as baseUrl.";
  return "Check baseUrl, model and dimensions; lower textChars if a text is too long for the model.";
}

/** The body up to a number of bytes; what comes behind is not waited for. */
async function readBody(
  response: Response,
  most: number,
): Promise<{ readonly text: string; readonly whole: boolean }> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > most) break;
  }
  return { text: Buffer.concat(pieces).subarray(0, most).toString("utf8"), whole: bytes <= most };
}

function messageIn(body: string): string {
  try {
    const { error, message, detail } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const inner =
      typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
    const said = inner ?? message ?? detail;
    return typeof said === "string" ? said : body;
  } catch {
    return body;
  }
}
