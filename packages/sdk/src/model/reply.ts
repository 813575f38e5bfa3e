import { createParser } from "eventsource-parser";
import * as v from "valibot";
import { sdkError } from "../errors.js";

/** A model's whole reply. */
export interface Reply {
  readonly text: string;
  /** As the endpoint counted them; absent when it did not. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Whether it was cut off at its longest length. */
  readonly cut: boolean;
}

/** Longest line and event of a stream, in characters; one that is longer is a fault of the endpoint. */
const MAX_EVENT = 8 * 1024 * 1024;

// Only what is read is named; endpoints add fields of their own.
const usageSchema = v.object({
  prompt_tokens: v.optional(v.number()),
  completion_tokens: v.optional(v.number()),
});
const errorSchema = v.union([
  v.string(),
  v.object({
    message: v.optional(v.string()),
    code: v.optional(v.nullable(v.union([v.string(), v.number()]))),
  }),
]);
const text = v.nullish(v.string());
const choice = v.object({
  delta: v.nullish(v.object({ content: text })),
  message: v.nullish(v.object({ content: text })),
  finish_reason: v.nullish(v.string()),
});
const chunkSchema = v.object({
  choices: v.nullish(v.array(choice)),
  usage: v.nullish(usageSchema),
  error: v.nullish(errorSchema),
});

/** An error that the endpoint reported inside a stream that had begun well. */
export class StreamedError extends Error {
  /** The HTTP status that it names, when it names one. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined) {
    super(message);
    this.name = "StreamedError";
    this.status = status;
  }
}

/** Puts a reply together from the pieces of a stream, or from one JSON document where an endpoint does not stream. */
export class ReplyReader {
  readonly #onText: (piece: string) => void;
  #text = "";
  #usage: v.InferOutput<typeof usageSchema> | undefined;
  #finish: string | undefined;
  #done = false;

  constructor(onText: (piece: string) => void) {
    this.#onText = onText;
  }

  /** What has come so far; of use when the connection is lost. */
  get text(): string {
    return this.#text;
  }

  /**
   * Reads the body to its end. Throws `MODEL_REPLY_INVALID` when it is not what the protocol says, or ends early.
   * @param pieces bytes, cut anywhere
   * @param type the content type that the endpoint named
   */
  async read(pieces: AsyncIterable<Uint8Array>, type: string): Promise<Reply> {
    const decoder = new TextDecoder();
    if (/^application\/json\b/i.test(type)) {
      let body = "";
      for await (const piece of pieces) body += decoder.decode(piece, { stream: true });
      this.#take(body + decoder.decode());
      this.#done = true;
    } else {
      const parser = createParser({
        maxBufferSize: MAX_EVENT,
        onEvent: ({ data }) => {
          if (data === "[DONE]") this.#done = true;
          else if (!this.#done) this.#take(data);
        },
      });
      for await (const piece of pieces) {
        this.#feed(parser, decoder.decode(piece, { stream: true }));
        if (this.#done) break;
      }
      // A last event without its blank line counts all the same.
      if (!this.#done) this.#feed(parser, `${decoder.decode()}\n\n`);
    }
    if (!this.#done && this.#finish === undefined) {
      throw sdkError(
        "MODEL_REPLY_INVALID",
        /^text\/html\b/i.test(type)
          ? "The endpoint answered with a web page, not with a chat completion. Check the base URL; most end in /v1."
          : "The reply ended before the model had finished.",
      );
    }
    return {
      text: this.#text,
      cut: this.#finish === "length",
      ...(this.#usage?.prompt_tokens !== undefined && { inputTokens: this.#usage.prompt_tokens }),
      ...(this.#usage?.completion_tokens !== undefined && { outputTokens: this.#usage.completion_tokens }),
    };
  }

  #feed(parser: { feed(chunk: string): void }, chunk: string): void {
    try {
      parser.feed(chunk);
    } catch (error) {
      if (error instanceof StreamedError || (error as { code?: unknown }).code !== undefined) throw error;
      throw sdkError("MODEL_REPLY_INVALID", `The stream holds an event of over ${MAX_EVENT} characters.`, {
        cause: error,
      });
    }
  }

  #take(data: string): void {
    const chunk = parse(data);
    if (chunk.error !== undefined && chunk.error !== null) throw streamed(chunk.error);
    for (const { delta, message, finish_reason } of chunk.choices ?? []) {
      const piece = delta?.content ?? message?.content ?? "";
      this.#text += piece;
      if (piece !== "") this.#onText(piece);
      if (finish_reason) this.#finish = finish_reason;
    }
    if (chunk.usage) this.#usage = chunk.usage;
  }
}

function parse(data: string): v.InferOutput<typeof chunkSchema> {
  try {
    return v.parse(chunkSchema, JSON.parse(data));
  } catch (cause) {
    const shown = data.length > 120 ? `${data.slice(0, 120)}…` : data;
    throw sdkError(
      "MODEL_REPLY_INVALID",
      `The reply holds something that is not a chat completion: ${shown}`,
      {
        cause,
      },
    );
  }
}

function streamed(error: v.InferOutput<typeof errorSchema>): StreamedError {
  if (typeof error === "string") return new StreamedError(error, undefined);
  const status = Number(error.code);
  return new StreamedError(
    error.message ?? "no reason given",
    status >= 400 && status < 600 ? status : undefined,
  );
}
