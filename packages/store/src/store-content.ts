import { isUtf8 } from "node:buffer";
import { isAgentOSError } from "@agentos/core";
import { type LoggedBatch, parseLogEntry } from "./change-log.js";
import type { LevelScan } from "./drivers/level-scan.js";
import { FORMAT_KEY, ID_KEY, LOG_PREFIX, parseCollectionKey, SEQUENCE_KEY } from "./keys.js";
import { requireFormat, STORE_FORMAT } from "./migration.js";

/** Something that a check found. */
export interface StoreFinding {
  /** `error`: records are damaged or lost, the store may not open. `warning`: something that can be made again. */
  readonly severity: "error" | "warning";
  /** What is wrong, as a sentence without its full stop. */
  readonly what: string;
  /** The file, from the store's folder on, where one is to blame. */
  readonly file?: string;
  /** The record, where one is to blame. */
  readonly collection?: string;
  readonly key?: string;
}

/** What the entries of a store say, put together. */
export interface StoreContent {
  readonly findings: StoreFinding[];
  readonly collections: Map<string, number>;
  /** Batches of the change log, the oldest first, each with LevelDB's number of its entry. */
  readonly batches: (LoggedBatch & { readonly change: number })[];
  format: number | undefined;
  sequence: number;
  id: string | undefined;
}

/** Reads every live entry, and notes what is wrong with it. Throws `STORE_VERSION_NEWER`. */
export async function readContent(scan: LevelScan, dir: string): Promise<StoreContent> {
  const content: StoreContent = {
    findings: [],
    collections: new Map(),
    batches: [],
    format: undefined,
    sequence: 0,
    id: undefined,
  };
  let recorded = 0;
  for await (const { key, value, change } of scan.entries()) {
    const name = key.toString("utf8");
    if (name === FORMAT_KEY) content.format = readFormat(value, dir, content.findings);
    else if (name === SEQUENCE_KEY) recorded = readSequence(value, content.findings);
    else if (name === ID_KEY) content.id = value.toString("utf8");
    else if (name.startsWith(LOG_PREFIX)) {
      const batch = parseLogEntry(key, value.toString("utf8"));
      if (batch !== undefined) content.batches.push({ ...batch, change });
      else content.findings.push({ severity: "error", what: `the change log's entry "${name}" is damaged` });
    } else readRecord(key, value, content);
  }
  content.batches.sort((a, b) => a.first - b.first);
  content.sequence = Math.max(recorded, content.batches.at(-1)?.last ?? 0);
  if (content.format === undefined)
    content.findings.push({ severity: "error", what: "it has no format version" });
  else if (content.format > 1 && content.id === undefined)
    content.findings.push({ severity: "error", what: "it has no id" });
  return content;
}

function readFormat(value: Buffer, dir: string, findings: StoreFinding[]): number {
  try {
    return requireFormat(value.toString("utf8"), dir);
  } catch (error) {
    if (!isAgentOSError(error, "STORE_CORRUPT")) throw error;
    findings.push({ severity: "error", what: `its format version reads "${value.toString("utf8")}"` });
    return STORE_FORMAT;
  }
}

function readSequence(value: Buffer, findings: StoreFinding[]): number {
  const sequence = Number(value.toString("utf8"));
  if (Number.isSafeInteger(sequence) && sequence >= 0) return sequence;
  findings.push({ severity: "error", what: `its sequence reads "${value.toString("utf8")}"` });
  return 0;
}

function readRecord(stored: Buffer, value: Buffer, { findings, collections }: StoreContent): void {
  const record = parseCollectionKey(stored);
  if (record === undefined) {
    if (stored[0] === 0x63)
      findings.push({ severity: "error", what: `the key ${JSON.stringify(String(stored))} is damaged` });
    return;
  }
  collections.set(record.collection, (collections.get(record.collection) ?? 0) + 1);
  if (!isJson(value)) findings.push({ severity: "error", what: "its value is not JSON", ...record });
}

/** Whether the bytes are JSON in well-formed UTF-8. */
export function isJson(value: Buffer): boolean {
  if (!isUtf8(value)) return false;
  try {
    JSON.parse(value.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
