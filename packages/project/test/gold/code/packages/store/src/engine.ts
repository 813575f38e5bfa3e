import type { Change } from "./change-log.js";
import type { CopyOptions } from "./copy.js";
import type { LevelRange } from "./drivers/level-driver.js";
import type { WriteOperation } from "./operations.js";
import type { WriteOptions } from "./options.js";
import type { Snapshots } from "./snapshots.js";

/** Whether this process has the folder open itself, or works through the one that has. */
export type StoreRole = "owner" | "client";

/** Where stored values are read: LevelDB itself, or the process that owns it. */
export interface EntrySource {
  get(key: string): Promise<string | undefined>;
  entries(range: LevelRange): AsyncIterable<readonly [key: Buffer, value: string]>;
}

/** What a Store works with. Everything that it is given was validated. */
export interface StoreEngine extends EntrySource {
  readonly role: StoreRole;
  readonly sequence: number;
  /** Throws `STORE_NOT_OWNER` where another process has the folder. */
  readonly snapshots: Snapshots;
  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<number>;
  call(service: string, request: unknown, signal: AbortSignal | undefined): Promise<unknown>;
  changes(after: number, collections: readonly string[]): Promise<readonly Change[] | undefined>;
  backup(dir: string, options: CopyOptions): Promise<number>;
  compact(signal: AbortSignal | undefined): Promise<void>;
  close(): Promise<void>;
}
