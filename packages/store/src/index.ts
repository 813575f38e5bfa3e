/**
 * One durable store for every AgentOS engine: LevelDB batches with a sequence and a format version.
 * @module
 */
export type { Change } from "./change-log.js";
export { ChangedKeys } from "./changed-keys.js";
export type { StoreChange } from "./changes.js";
export type { StoreReport } from "./check.js";
export type { Collection } from "./collection.js";
export type { StoreProgress } from "./copy.js";
export type { StoreRole } from "./engine.js";
export { STORE_ERROR_CODES, type StoreErrorCode, storeError } from "./errors.js";
export { HostPlaces, type HostPlacesOptions } from "./host-places.js";
export { makeFolders } from "./make-folders.js";
export { STORE_FORMAT } from "./migration.js";
export type { WriteOperation } from "./operations.js";
export type { CallOptions, EntriesRange, StoreOptions, WriteOptions } from "./options.js";
export type { LostRange, Salvaged } from "./salvage.js";
export type { ServiceContext, ServiceHandler } from "./services.js";
export type { Snapshot, SnapshotOptions } from "./snapshot.js";
export type { SnapshotContent } from "./snapshots.js";
export { Store } from "./store.js";
export type {
  BackupOptions,
  CheckOptions,
  CompactOptions,
  RestoreOptions,
} from "./store-care.js";
export type { StoreFinding } from "./store-content.js";
export { StoreJournal } from "./store-journal.js";
