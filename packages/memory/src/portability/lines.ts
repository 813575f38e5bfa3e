import * as v from "valibot";
import { LINK_TYPES, type MemoryLink } from "../links.js";
import { memorySchema, metadataSchema, sourceSchema } from "../options.js";
import type { Quarantine } from "../quarantine.js";
import type { MemoryRecord } from "../record.js";
import { type AuditEntry, MEMORY_CHANGES, type MemoryChange, type PastRecord } from "../records.js";

/** One line of an export: a JSON object. */
export type ExportLine =
  | { readonly type: "agentos-memory"; readonly format: 1 }
  | { readonly type: "alias"; readonly old: string; readonly now: string }
  | { readonly type: "quarantine"; readonly quarantine: Quarantine }
  | {
      readonly type: "memory";
      readonly record: MemoryRecord & { readonly change?: MemoryChange };
      /** The versions before, oldest first. */
      readonly past: readonly PastRecord[];
    }
  | { readonly type: "link"; readonly link: MemoryLink }
  | { readonly type: "audit"; readonly entry: AuditEntry };
