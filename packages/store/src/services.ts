import { type AgentOSError, abortedError, coreError, isAgentOSError, throwIfAborted } from "@agentos/core";
import { storeError } from "./errors.js";

/** What a handler is given beside the request. */
export interface ServiceContext {
  /** Is aborted when the caller cancels or dies, and when this process closes the store while another one waits. */
  readonly signal: AbortSignal;
}

/** Answers calls of a service. Request and answer are JSON. */
export type ServiceHandler = (request: unknown, context: ServiceContext) => Promise<unknown>;

/** So long after the folder was opened, a call waits for a service that is not there yet. */
const REGISTRATION_MS = 5_000;

/** The services that a process offers, and calls of them. */
export class Services {
  readonly #dir: string;
  readonly #handlers = new Map<string, ServiceHandler>();
  readonly #waiting = new Set<() => void>();
  #openUntil = 0;

  /** @param dir the store's folder, for messages */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Begins the time in which calls wait for services: the folder was opened just now. */
  opened(): void {
    this.#openUntil = performance.now() + REGISTRATION_MS;
  }

  /** Throws `INPUT_INVALID` when the service has a handler already. Gives what removes the handler. */
  add(service: string, handler: ServiceHandler): () => void {
    if (typeof service !== "string" || service === "" || typeof handler !== "function")
      throw coreError("INPUT_INVALID", "A service needs a non-empty name and a function that handles it.");
    if (this.#handlers.has(service)) {
      throw coreError("INPUT_INVALID", `This Store serves "${service}" already. Remove that handler first.`, {
        details: { service },
      });
    }
    this.#handlers.set(service, handler);
    for (const look of [...this.#waiting]) look();
    return () => {
      if (this.#handlers.get(service) === handler) this.#handlers.delete(service);
    };
  }

  /**
   * Runs the handler. Request and answer are copied through JSON, so that a call means the same in every process.
   * Throws `STORE_SERVICE_UNKNOWN`, `STORE_SERVICE_FAILED`, `STORE_VALUE_INVALID`, `ABORTED`, and what the handler
   * throws.
   */
  async call(service: string, request: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    throwIfAborted(signal);
    const copy = throughJson(request, `request to "${service}"`);
    const handler = this.#handlers.get(service) ?? (await this.#registered(service, signal));
    const calling = new AbortController();
    const answer = (async () => handler(copy, { signal: calling.signal }))();
    try {
      return throughJson(await orAborted(answer, signal, calling), `answer of "${service}"`);
    } catch (error) {
      throw isAgentOSError(error) ? error : failed(service, error);
    }
  }

  #registered(service: string, signal: AbortSignal | undefined): Promise<ServiceHandler> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        signal?.removeEventListener("abort", abort);
      };
      const look = (): void => {
        const handler = this.#handlers.get(service);
        if (handler === undefined) return;
        done();
        resolve(handler);
      };
      const abort = (): void => {
        done();
        reject(abortedError(signal as AbortSignal));
      };
      const timer = setTimeout(
        () => {
          done();
          reject(this.#unknown(service));
        },
        Math.max(0, this.#openUntil - performance.now()),
      );
      this.#waiting.add(look);
      signal?.addEventListener("abort", abort);
    });
  }

  #unknown(service: string): AgentOSError {
    return storeError(
      "STORE_SERVICE_UNKNOWN",
      `The process that owns the store in ${this.#dir} (pid ${process.pid}) does not serve "${service}". Open there what serves it, or close that process: one that serves it then takes over.`,
      { details: { service, dir: this.#dir, pid: process.pid, served: [...this.#handlers.keys()] } },
    );
  }
}

/** The answer, or `ABORTED` as soon as the caller cancels: a handler may take its time to notice. */
async function orAborted(
  answer: Promise<unknown>,
  signal: AbortSignal | undefined,
  calling: AbortController,
): Promise<unknown> {
  if (signal === undefined) return answer;
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = (): void => {
      calling.abort(signal.reason);
      reject(abortedError(signal));
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    if (abort !== undefined) signal.removeEventListener("abort", abort);
    answer.catch(() => {});
    aborted.catch(() => {});
  }
}

/** A copy as another process would get it. Undefined stays undefined. */
export function throughJson(value: unknown, what: string): unknown {
  if (value === undefined) return undefined;
  let cause: unknown;
  try {
    const json = JSON.stringify(value);
    if (json !== undefined) return JSON.parse(json);
  } catch (error) {
    cause = error;
  }
  throw storeError("STORE_VALUE_INVALID", `The ${what} must be JSON (no function, BigInt or cycle).`, {
    cause,
  });
}

/** An error that a program can tell apart from those of the store, in every process the same. */
function failed(service: string, error: unknown): AgentOSError {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  return storeError("STORE_SERVICE_FAILED", `The service "${service}" failed: ${message}`, {
    cause: error,
    details: { service, name, message },
  });
}
