import type { LevelDriver, LevelRange } from "./drivers/level-driver.js";
import type { StoreEngine } from "./engine.js";
import type { WriteOperation } from "./operations.js";
import type { WriteOptions } from "./options.js";
import type { Services } from "./services.js";
import type { Writer } from "./writer.js";

/** What a {@link LocalEngine} is made of. */
export interface LocalParts {
  readonly driver: LevelDriver;
  readonly writer: Writer;
  readonly services: Services;
  readonly close: () => Promise<void>;
}

/** The store of the process that has the folder open. */
export class LocalEngine implements StoreEngine {
  readonly role = "owner";
  readonly #parts: LocalParts;

  constructor(parts: LocalParts) {
    this.#parts = parts;
  }

  get sequence(): number {
    return this.#parts.writer.sequence;
  }

  get(key: string): Promise<string | undefined> {
    return this.#parts.driver.get(key);
  }

  entries(range: LevelRange): AsyncGenerator<readonly [key: Buffer, value: string]> {
    return this.#parts.driver.entries(range);
  }

  /** @param request the id under which a client asks for it, kept with the batch */
  write(operations: readonly WriteOperation[], options: WriteOptions, request?: string): Promise<number> {
    return this.#parts.writer.write(operations, options, request);
  }

  call(service: string, request: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    return this.#parts.services.call(service, request, signal);
  }

  close(): Promise<void> {
    return this.#parts.close();
  }
}
