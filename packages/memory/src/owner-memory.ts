import { type Closable, coreError, isAgentOSError, type WaitOptions } from "@agentos/core";
import { checkCall } from "./checked-call.js";
import { LocalMemory } from "./local-memory.js";
import type { MemoryParts } from "./memory-parts.js";

/** The name under which the owner of a shared store answers for the memory. */
const SERVICE = "memory";

/** What the owner's memory is asked over the store. */
interface Request {
  readonly method: OwnerMethod;
  readonly values: readonly unknown[];
  /** The last argument, where it may carry a signal. */
  readonly options?: object;
}

/** What may be asked, each of its own kind: nothing else can be called from outside. */
const METHODS = {
  remember: true,
  correct: true,
  recall: true,
  passages: true,
  projectsKnowing: true,
  forget: true,
  archive: true,
  restore: true,
  purge: true,
  quarantine: true,
  release: true,
  link: true,
  unlink: true,
  planCleanup: true,
  putAside: true,
  alias: true,
  reembedded: true,
  stats: true,
  restoreAll: true,
  restoreNames: true,
} as const;

/** What the owner's memory can be asked. */
export type OwnerMethod = keyof typeof METHODS;

/** The memory of the process that owns the store, wherever that is: here, or asked over the store. */
export class OwnerMemory implements Closable {
  readonly #parts: MemoryParts;
  /** Where this process owns the store. */
  #local: Promise<LocalMemory> | undefined;
  /** Ends what `begin` began. */
  #end: () => void = () => {};

  constructor(parts: MemoryParts) {
    this.#parts = parts;
  }

  /** Answers for all processes from when this one owns the store. */
  async begin(): Promise<void> {
    const { store, logger } = this.#parts;
    const end = this.#serve();
    const stop = store.onRole(() => {
      // Made at once, so that the first question need not wait for it.
      this.local().catch((error: unknown) =>
        logger.error({ error }, "the memory's indexes could not be made"),
      );
    });
    this.#end = () => {
      stop();
      end();
    };
    if (store.role === "owner") await this.local();
  }

  #serve(): () => void {
    try {
      return this.#parts.store.serve(SERVICE, (request, { signal }) =>
        this.#answer(request as Request, signal),
      );
    } catch (cause) {
      if (!isAgentOSError(cause, "INPUT_INVALID")) throw cause;
      const message = "This Store has an open memory already. Use that one, or close it first.";
      throw coreError("INPUT_INVALID", message, { cause });
    }
  }

  /** The memory of this process, which owns the store. */
  local(): Promise<LocalMemory> {
    this.#local ??= LocalMemory.open(this.#parts).catch((error: unknown) => {
      this.#local = undefined;
      throw error;
    });
    return this.#local;
  }

  /** Asks it, here or in another process. */
  async ask<Answer>(method: OwnerMethod, values: readonly unknown[], options?: object): Promise<Answer> {
    checkCall(method, values, options);
    if (this.#parts.store.role === "owner")
      return (await call(await this.local(), method, values, options)) as Answer;
    const { signal, ...rest } = (options ?? {}) as WaitOptions;
    const request: Request = { method, values, ...(options && { options: rest }) };
    return (await this.#parts.store.call(SERVICE, request, { signal })) as Answer;
  }

  async close(): Promise<void> {
    this.#end();
    await (await this.#local?.catch(() => undefined))?.close();
  }

  /** Answers for all processes. */
  async #answer({ method, values, options }: Request, signal: AbortSignal): Promise<unknown> {
    if (!Object.hasOwn(METHODS, method)) throw coreError("INPUT_INVALID", `A memory answers no "${method}".`);
    const answer = await call(await this.local(), method, values, options && { ...options, signal });
    return answer ?? null;
  }
}

async function call(
  memory: LocalMemory,
  method: OwnerMethod,
  values: readonly unknown[],
  options: object | undefined,
): Promise<unknown> {
  const work = memory[method] as (this: LocalMemory, ...values: unknown[]) => Promise<unknown>;
  return work.apply(memory, options === undefined ? [...values] : [...values, options]);
}
