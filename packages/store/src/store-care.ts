import { type Lifecycle, type Logger, silentLogger, validate } from "@agentos/core";
import * as v from "valibot";
import { restore } from "./backup.js";
import type { Change } from "./change-log.js";
import { checkStore, type StoreReport } from "./check.js";
import type { StoreProgress } from "./copy.js";
import type { StoreEngine } from "./engine.js";
import { requireKey } from "./keys.js";
import { Snapshot } from "./snapshot.js";

/** Options of `Store.compact`. */
export interface CompactOptions {
  /** Ends the work with `ABORTED`; the store stays as it was. */
  readonly signal?: AbortSignal;
}

/** Options of `store.backup`. */
export interface BackupOptions extends CompactOptions {
  /** A folder that is new or empty. */
  readonly dir: string;
  /** Is told after every thousand entries how many were copied. */
  readonly onProgress?: (progress: StoreProgress) => void;
}

/** Options of `Store.check`. */
export interface CheckOptions extends CompactOptions {
  /** Folder of the store. */
  readonly dir: string;
  /** Whether to repair what is found. @default false */
  readonly repair?: boolean;
  /** Is told after every file of the database how many were read, and how many bytes. */
  readonly onProgress?: (progress: { readonly files: number; readonly bytes: number }) => void;
  /** @default a logger that drops everything */
  readonly logger?: Logger;
}

/** Options of `Store.restore`. */
export interface RestoreOptions extends Omit<CheckOptions, "repair"> {
  /** Folder of the backup. It is not changed. */
  readonly from: string;
  /** A folder that is new or empty. */
  readonly dir: string;
}

const signal = v.optional(v.instance(AbortSignal));
const dir = v.pipe(v.string(), v.nonEmpty("must name a folder"));
const onProgress = v.optional(v.function());
const logger = v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null));
const compactSchema = v.strictObject({ signal });
const backupSchema = v.strictObject({ dir, signal, onProgress });
const checkSchema = v.strictObject({ dir, repair: v.optional(v.boolean()), signal, onProgress, logger });
const restoreSchema = v.strictObject({ from: dir, dir, signal, onProgress, logger });
const afterSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const namesSchema = v.array(v.string());

/** The facade's half of what a store does for itself: it validates and guards, the engine works. */
export class StoreCare {
  readonly #engine: StoreEngine;
  readonly #lifecycle: Lifecycle;

  constructor(engine: StoreEngine, lifecycle: Lifecycle) {
    this.#engine = engine;
    this.#lifecycle = lifecycle;
  }

  snapshot(name: string): Snapshot {
    return new Snapshot(requireKey(name), () => this.#engine.snapshots, this.#lifecycle);
  }

  async changes(after: number, collections: readonly string[]): Promise<readonly Change[] | undefined> {
    validate(afterSchema, after, { what: "Sequence", code: "INPUT_INVALID" });
    validate(namesSchema, [...collections], { what: "Names of collections", code: "INPUT_INVALID" });
    return this.#lifecycle.track(() => this.#engine.changes(after, collections));
  }

  async backup(options: BackupOptions): Promise<number> {
    validate(backupSchema, options, { what: "Options of backup" });
    return this.#lifecycle.track(() => this.#engine.backup(options.dir, options));
  }

  async compact(options: CompactOptions): Promise<void> {
    validate(compactSchema, options, { what: "Options of compact" });
    return this.#lifecycle.track(() => this.#engine.compact(options.signal));
  }
}

/** See `Store.check`. */
export async function checkClosed(options: CheckOptions): Promise<StoreReport> {
  validate(checkSchema, options, { what: "Options of check" });
  const { repair = false, logger: log = silentLogger } = options;
  return checkStore(options.dir, { ...options, repair }, log);
}

/** See `Store.restore`. */
export async function restoreClosed(options: RestoreOptions): Promise<StoreReport> {
  validate(restoreSchema, options, { what: "Options of restore" });
  const { from, signal: ends, onProgress: tell, logger: log = silentLogger } = options;
  return restore(from, options.dir, { signal: ends, onProgress: tell }, log);
}
