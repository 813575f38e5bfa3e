import { abortedError, type Clock, throwIfAborted } from "@agentos/core";
import type { StoreProgress } from "../copy.js";
import type { ClientMessage, Request, RequestBody } from "./messages.js";

const TICK_MS = 1_000;
/** So many ticks without a word from the owner, and it is taken for one that hangs. */
const SILENT_TICKS = 10;
/** So many ticks a request waits while no owner is known. */
const WAIT_TICKS = 10;
/** A write that was sent so long ago is not sent again: less than the time for which owners remember writes. */
const RESEND_MS = 30_000;

/** What is not over when its caller cancels, only when the owner says so. */
const SETTLED_BY_OWNER: ReadonlySet<Request["t"]> = new Set(["write", "backup", "compact"]);

/** The way to the owner. */
export interface Link {
  send(message: ClientMessage): void;
  /** The owner has not said anything for too long. */
  hang(): void;
}

interface Pending {
  readonly request: Request;
  readonly onProgress: ((progress: StoreProgress) => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Ends listening to the caller's signal. */
  readonly settle: () => void;
  /** When it was first sent, in milliseconds since 1970. */
  sentAt: number | undefined;
  aborted: boolean;
  waited: number;
}

/**
 * What was asked and not answered yet. It outlives owners: whatever is open is asked again of the next one, in the same
 * order. While something is open it keeps the process alive, and watches that the owner says something.
 */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #unreachable: () => Error;
  readonly #pending = new Map<number, Pending>();
  #fresh: Pending[] = [];
  #last = 0;
  #link: Link | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #silent = 0;

  /** @param unreachable makes the error for requests that no owner answers */
  constructor(clock: Clock, unreachable: () => Error) {
    this.#clock = clock;
    this.#unreachable = unreachable;
  }

  get none(): boolean {
    return this.#pending.size === 0;
  }

  /**
   * Asks the owner, now or when there is one. What is asked in one go leaves together, right after; until then
   * the signal takes back a write. Later only the owner knows whether it still can.
   */
  ask(
    body: RequestBody,
    signal: AbortSignal | undefined,
    onProgress?: (progress: StoreProgress) => void,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      throwIfAborted(signal);
      this.#last += 1;
      const n = this.#last;
      const abort = (): void => this.#abort(n, signal as AbortSignal);
      const settle = (): void => signal?.removeEventListener("abort", abort);
      signal?.addEventListener("abort", abort);
      const request = { ...body, n } as Request;
      const pending: Pending = {
        request,
        onProgress,
        resolve,
        reject,
        settle,
        sentAt: undefined,
        aborted: false,
        waited: 0,
      };
      this.#pending.set(n, pending);
      if (this.#fresh.push(pending) === 1) queueMicrotask(() => this.#flush());
      this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
    });
  }

  answer(n: number, value: unknown): void {
    this.#end(n)?.resolve(value);
  }

  /** The owner says how far it is. */
  progress(n: number, progress: StoreProgress): void {
    try {
      this.#pending.get(n)?.onProgress?.(progress);
    } catch (error) {
      this.tell({ t: "cancel", n });
      this.fail(n, error);
    }
  }

  fail(n: number, error: unknown): void {
    this.#end(n)?.reject(error);
  }

  /** Sends without expecting an answer, if there is an owner to hear it. */
  tell(message: ClientMessage): void {
    this.#link?.send(message);
  }

  /** There is an owner: asks it everything that is open, in order. */
  connect(link: Link): void {
    this.#link = link;
    this.#fresh = [];
    this.#silent = 0;
    for (const pending of [...this.#pending.values()]) {
      pending.waited = 0;
      const { sentAt, request } = pending;
      if (sentAt !== undefined && request.t === "write" && this.#clock() - sentAt > RESEND_MS)
        this.fail(request.n, this.#unreachable());
      else this.#send(pending);
    }
  }

  /** The owner is gone. */
  disconnect(): void {
    this.#link = undefined;
  }

  /** The owner said something. */
  heard(): void {
    this.#silent = 0;
  }

  failAll(error: unknown): void {
    for (const n of [...this.#pending.keys()]) this.fail(n, error);
  }

  #flush(): void {
    if (this.#link === undefined) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const pending of fresh) if (this.#pending.has(pending.request.n)) this.#send(pending);
  }

  #send(pending: Pending): void {
    const { request, aborted } = pending;
    const again = pending.sentAt !== undefined;
    pending.sentAt ??= this.#clock();
    try {
      const marks = { ...(aborted && { aborted }), ...(again && request.t === "backup" && { again }) };
      this.#link?.send({ ...request, ...marks });
    } catch (error) {
      this.fail(request.n, error);
    }
  }

  #abort(n: number, signal: AbortSignal): void {
    const pending = this.#pending.get(n);
    if (pending === undefined) return;
    const sent = pending.sentAt !== undefined;
    pending.aborted = true;
    if (sent) this.tell({ t: "cancel", n });
    // A write that was sent may be applied already, so its outcome is the owner's to tell; a backup must be cleared away.
    if (!sent || !SETTLED_BY_OWNER.has(pending.request.t)) this.fail(n, abortedError(signal));
  }

  #end(n: number): Pending | undefined {
    const pending = this.#pending.get(n);
    if (pending === undefined) return undefined;
    pending.settle();
    this.#pending.delete(n);
    if (this.#pending.size === 0) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
      this.#silent = 0;
    }
    return pending;
  }

  #tick(): void {
    if (this.#link === undefined) {
      for (const [n, pending] of [...this.#pending]) {
        pending.waited += 1;
        if (pending.waited >= WAIT_TICKS) this.fail(n, this.#unreachable());
      }
      return;
    }
    // Ticks are counted, not time: a process that was busy or asleep itself must not blame the owner.
    this.#silent += 1;
    if (this.#silent > SILENT_TICKS) this.#link.hang();
    else this.#link.send({ t: "ping" });
  }
}
