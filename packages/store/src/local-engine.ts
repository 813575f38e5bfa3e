import { backUp } from "./backup.js";
import type { Change } from "./change-log.js";
import type { StoreChange } from "./changes.js";
import { type CompactedParts, compact } from "./compaction.js";
import type { CopyOptions } from "./copy.js";
import type { LevelRange } from "./drivers/level-driver.js";
import type { StoreEngine } from "./engine.js";
import type { WriteOperation } from "./operations.js";
import type { WriteOptions } from "./options.js";
import type { RequestLog } from "./request-log.js";
import type { Services } from "./services.js";
import type { Snapshots } from "./snapshots.js";

/** What a {@link LocalEngine} is made of. */
export interface LocalParts extends CompactedParts {
  /** The folder's real path. */
  readonly dir: string;
  readonly requests: RequestLog;
  readonly services: Services;
  readonly close: () => Promise<void>;
}

/** The store of the process that has the folder open. */
export class LocalEngine implements StoreEngine {
  readonly role = "owner";
  readonly #parts: LocalParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: LocalParts) {
    this.#parts = parts;
  }

  get sequence(): number {
    return this.#parts.writer.sequence;
  }

  get snapshots(): Snapshots {
    return this.#parts.snapshots;
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

  /** The sequence of the batch that was applied under this id, while it is remembered. */
  appliedAs(request: string): number | undefined {
    return this.#parts.requests.sequenceOf(request);
  }

  call(service: string, request: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    return this.#parts.services.call(service, request, signal);
  }

  changes(after: number, collections: readonly string[]): Promise<readonly Change[] | undefined> {
    return this.#parts.log.changes(after, this.sequence, collections);
  }

  /** Every batch after `sequence` up to `last`, in order; undefined when the change log does not reach back so far. */
  since(sequence: number, last: number): Promise<readonly StoreChange[] | undefined> {
    return this.#parts.log.since(sequence, last);
  }

  /** @param again whether what lies in the folder is what an earlier owner made of the same request */
  backup(dir: string, options: CopyOptions, again = false): Promise<number> {
    return this.#oneByOne(() => backUp(this.#parts.driver, dir, options, again));
  }

  compact(signal: AbortSignal | undefined): Promise<void> {
    return this.#oneByOne(() => compact(this.#parts.dir, this.#parts, signal));
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  /** A compaction takes the database away under a backup, which would then have to begin again. */
  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
