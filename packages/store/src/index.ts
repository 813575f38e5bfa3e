/**
 * One durable store for every AgentOS engine: LevelDB batches with a sequence and a format version.
 * @module
 */
export type { ChangedKey, StoreChange } from "./changes.js";
export type { Collection } from "./collection.js";
export type { StoreRole } from "./engine.js";
export { STORE_ERROR_CODES, type StoreErrorCode, storeError } from "./errors.js";
export type { WriteOperation } from "./operations.js";
export type { CallOptions, EntriesRange, StoreOptions, WriteOptions } from "./options.js";
export type { ServiceContext, ServiceHandler } from "./services.js";
export { STORE_FORMAT, Store } from "./store.js";
export { StoreJournal } from "./store-journal.js";
