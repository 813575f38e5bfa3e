import { createHash } from "node:crypto";
import {
  type Brief,
  type Budget,
  type Candidate,
  Events,
  estimateTokens,
  type Feedback,
  type Proposal,
  type Propose,
  type ProposeContext,
  silentLogger,
  systemClock,
  type Task,
  type TokenCounter,
  type Usage,
  validate,
} from "@agentos/core";
import { type ChatMessage, commonDialect, type Dialect, sendChat } from "./chat.js";
import { extractCode } from "./code.js";
import { type ModelOptions, modelOptionsSchema } from "./options.js";
import { promptFor, REPEATED } from "./prompt.js";
import type { Reply } from "./reply.js";
import { withRetries } from "./retry.js";

/** What happens while a model writes. */
export interface ModelEvents {
  /** A request is sent. `reply` counts the replies of a round from 1. */
  request: { readonly taskId: string; readonly round: number; readonly reply: number };
  /** A piece of a reply, as it comes. */
  text: { readonly taskId: string; readonly round: number; readonly reply: number; readonly text: string };
  /** A request failed and is sent again after a pause. `reason` is for a person. */
  retry: {
    readonly taskId: string;
    readonly retry: number;
    readonly delayMs: number;
    readonly reason: string;
  };
  /** A reply gave no candidate: it held no code, repeated what was judged, or could not be afforded. */
  nothing: { readonly taskId: string; readonly round: number; readonly reason: string };
}

/** A model behind an endpoint, as an agent that a solve can ask. */
export interface Model {
  readonly name: string;
  readonly events: Events<ModelEvents>;
  /**
   * The agent for one solve of a task. An empty proposal (the event `nothing` says why) ends the solve as `failed`.
   * Rejects with a `MODEL_…` code when the endpoint fails for good, with `ABORTED` when cancelled. Keeps within what
   * the budget has left by lowering the longest reply, so `SolveOptions.reserve` is not needed.
   */
  propose(task: Task): Propose;
}

interface Round {
  readonly task: Task;
  readonly context: ProposeContext;
  readonly messages: readonly ChatMessage[];
  readonly inputTokens: number;
  readonly maxTokens: number | undefined;
}

interface Answer {
  readonly reply: Reply;
  readonly usage: Required<Usage>;
}

/**
 * A model behind any endpoint that speaks the chat completions of the OpenAI API: hosted ones, Ollama, llama.cpp, vLLM.
 * Throws `OPTIONS_INVALID` naming each wrong option.
 */
export function openAICompatible(options: ModelOptions): Model {
  const valid = validate(modelOptionsSchema, options, { what: "openAICompatible options" });
  return new OpenAICompatibleModel(valid);
}

class OpenAICompatibleModel implements Model {
  readonly name: string;
  readonly events: Events<ModelEvents>;
  readonly #options: ModelOptions;
  readonly #url: string;
  readonly #countTokens: TokenCounter;
  readonly #dialect: Dialect = commonDialect();

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#url = chatUrl(options.baseUrl);
    this.#countTokens = options.countTokens ?? estimateTokens;
    this.name = options.model;
    const logger = options.logger ?? silentLogger;
    this.events = new Events((error) => logger.error({ error }, "A listener threw"));
    this.events.on("retry", (retry) =>
      logger.warn({ model: this.name, ...retry }, "Sending a request again"),
    );
    this.events.on("nothing", (nothing) => logger.warn({ model: this.name, ...nothing }, "No candidate"));
  }

  propose(task: Task): Propose {
    const seen = new Set<string>();
    return async (brief, feedback, context) => {
      // After a resume `seen` is empty, but the feedback still shows the best of what was judged.
      if (feedback !== undefined) seen.add(digestOf(feedback.candidate.files));
      const first = await this.#round(task, brief, feedback, context, seen, []);
      if (!first.repeated || first.candidates.length > 0) return proposal(first);
      const left = { ...context, remaining: without(context.remaining, first.usage) };
      const again = await this.#round(task, brief, feedback, left, seen, [REPEATED]);
      return proposal({ ...again, usage: sum([first.usage, again.usage]) });
    };
  }

  async #round(
    task: Task,
    brief: Brief,
    feedback: Feedback | undefined,
    context: ProposeContext,
    seen: Set<string>,
    further: readonly ChatMessage[],
  ): Promise<{ candidates: Candidate[]; usage: Required<Usage>; repeated: boolean }> {
    const messages = [...promptFor(task, brief, feedback), ...further];
    const replies = this.#options.candidates ?? 1;
    const inputTokens = messages.reduce((total, { content }) => total + this.#countTokens(content) + 4, 0);
    const maxTokens = this.#affordable(inputTokens, replies, context);
    const nothing = (reason: string) =>
      this.events.emit("nothing", { taskId: task.id, round: context.round, reason });
    if (maxTokens !== undefined && maxTokens < 1) {
      nothing(`the budget left does not cover a prompt of ${inputTokens} tokens and a reply`);
      return { candidates: [], usage: { tokens: 0, money: 0 }, repeated: false };
    }
    const round: Round = { task, context, messages, inputTokens, maxTokens };
    const settled = await Promise.allSettled(
      Array.from({ length: replies }, (_, index) => this.#ask(round, index + 1)),
    );
    const answers = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    if (answers.length === 0) throw settled.find((result) => result.status === "rejected")?.reason;
    const candidates: Candidate[] = [];
    let repeated = false;
    for (const { reply } of answers) {
      const code = extractCode(reply.text, task);
      if (code.files === undefined) {
        nothing(reply.cut ? `${code.reason}; it was cut off at its longest length` : code.reason);
        continue;
      }
      const digest = digestOf(code.files);
      if (seen.has(digest)) {
        repeated = true;
        nothing("the reply repeats code that was proposed before");
        continue;
      }
      seen.add(digest);
      candidates.push({
        id: `${context.round}-${digest.slice(0, 12)}`,
        files: code.files,
        proposer: { model: this.name },
      });
    }
    return { candidates, usage: sum(answers.map((answer) => answer.usage)), repeated };
  }

  async #ask(round: Round, reply: number): Promise<Answer> {
    const { task, context, messages, inputTokens } = round;
    const where = { taskId: task.id, round: context.round, reply };
    const spent: Required<Usage>[] = [];
    const answer = await withRetries(
      () => {
        this.events.emit("request", where);
        return sendChat({
          url: this.#url,
          apiKey: this.#options.apiKey,
          model: this.name,
          messages,
          temperature: this.#options.temperature,
          maxTokens: round.maxTokens,
          timeoutMs: this.#options.timeoutMs ?? 120_000,
          // Called as a plain function: the platform's refuses to be a method.
          fetch: this.#options.fetch ?? ((...call) => globalThis.fetch(...call)),
          signal: context.signal,
          clock: this.#options.clock ?? systemClock,
          onText: (text) => this.events.emit("text", { ...where, text }),
          // What was lost on the way was paid for all the same.
          onLost: (text) => spent.push(this.#priced(inputTokens, this.#countTokens(text))),
          dialect: this.#dialect,
        });
      },
      {
        maxRetries: this.#options.maxRetries ?? 3,
        delayMs: this.#options.retryDelayMs ?? 500,
        maxDelayMs: this.#options.maxRetryDelayMs ?? 60_000,
        random: this.#options.random ?? Math.random,
        signal: context.signal,
        onRetry: (retry, delayMs, failure) =>
          this.events.emit("retry", {
            taskId: task.id,
            retry,
            delayMs,
            reason: failure.error instanceof Error ? failure.error.message : String(failure.error),
          }),
      },
    );
    spent.push(
      this.#priced(answer.inputTokens ?? inputTokens, answer.outputTokens ?? this.#countTokens(answer.text)),
    );
    return { reply: answer, usage: sum(spent) };
  }

  /** The longest reply in tokens that the options and what is left of the budget allow; undefined is the endpoint's own. */
  #affordable(inputTokens: number, replies: number, { remaining }: ProposeContext): number | undefined {
    const bounds: number[] = [];
    if (this.#options.maxOutputTokens !== undefined) bounds.push(this.#options.maxOutputTokens);
    if (remaining.tokens !== undefined) bounds.push(remaining.tokens / replies - inputTokens);
    const { prices } = this.#options;
    if (remaining.money !== undefined && prices !== undefined && prices.outputPerMillion > 0) {
      const left = remaining.money / replies - (inputTokens * prices.inputPerMillion) / 1e6;
      bounds.push((left * 1e6) / prices.outputPerMillion);
    }
    return bounds.length === 0 ? undefined : Math.floor(Math.min(...bounds));
  }

  #priced(inputTokens: number, outputTokens: number): Required<Usage> {
    const { inputPerMillion, outputPerMillion } = this.#options.prices ?? {
      inputPerMillion: 0,
      outputPerMillion: 0,
    };
    return {
      tokens: inputTokens + outputTokens,
      money: (inputTokens * inputPerMillion + outputTokens * outputPerMillion) / 1e6,
    };
  }
}

function chatUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/chat/completions`;
  return url.href;
}

function proposal({ candidates, usage }: { candidates: readonly Candidate[]; usage: Usage }): Proposal {
  return { candidates, usage };
}

function without(budget: Budget, usage: Required<Usage>): Budget {
  return {
    ...budget,
    ...(budget.tokens !== undefined && { tokens: budget.tokens - usage.tokens }),
    ...(budget.money !== undefined && { money: budget.money - usage.money }),
  };
}

function sum(usages: readonly Required<Usage>[]): Required<Usage> {
  return usages.reduce(
    (total, { tokens, money }) => ({ tokens: total.tokens + tokens, money: total.money + money }),
    { tokens: 0, money: 0 },
  );
}

/** Names files by their content, so that the same code is the same candidate wherever it comes up. */
function digestOf(files: Candidate["files"]): string {
  const sorted = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
