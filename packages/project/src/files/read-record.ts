import type { Logger } from "@agentos/core";
import { endsParsing } from "../errors.js";
import { dialectOf, type SourceOutline, type SourceParser } from "../source-parser.js";
import type { FileRecord } from "./file-record.js";
import { javaPackage, manifestFacts } from "./manifests.js";
import { type FileTimes, readText } from "./read-text.js";

/** What reading a file again came to. */
export type RecordReading =
  | { readonly status: "unchanged" }
  | { readonly status: "gone" }
  /** `parsed`: the parser ran. Otherwise only times changed, or nothing was there to parse. */
  | { readonly status: "changed"; readonly record: FileRecord; readonly parsed: boolean };

/** What reading needs to know. */
export interface ReadRecordContext {
  readonly root: string;
  readonly maxFileBytes: number;
  readonly parser: SourceParser;
  readonly logger: Logger;
  readonly now: number;
  readonly signal?: AbortSignal;
}

/**
 * A file whose times lie this close to the moment when it was read may have changed since without a trace: file systems
 * keep time in steps, up to 2 s on FAT.
 */
const RACY_MS = 2_000;

const NOTHING: Pick<FileRecord, "symbols" | "imports"> = { symbols: [], imports: [] };

/** Reads a file and parses it, unless what is known of it still holds. A parser's failure costs this file's symbols only. */
export async function readRecord(
  path: string,
  known: FileRecord | undefined,
  context: ReadRecordContext,
): Promise<RecordReading> {
  const holds = (times: FileTimes): boolean => known !== undefined && isUntouched(known, times);
  const reading = await readText(context.root, path, context.maxFileBytes, holds);
  if (reading.status === "same") return { status: "unchanged" };
  if (reading.status === "gone") return { status: "gone" };
  if (reading.status === "unreadable") {
    const times = { size: 0, mtimeMs: 0, ctimeMs: 0 };
    return {
      status: "changed",
      parsed: false,
      record: { path, ...times, readAt: 0, skipped: "unreadable", ...NOTHING },
    };
  }
  const base = { path, ...reading.stats, readAt: context.now };
  if (reading.status === "large") {
    return { status: "changed", parsed: false, record: { ...base, skipped: "large", ...NOTHING } };
  }
  if (known?.hash === reading.hash) {
    return { status: "changed", parsed: false, record: { ...known, ...base } };
  }
  if (reading.status === "binary") {
    return { status: "changed", parsed: false, record: { ...base, skipped: "binary", ...NOTHING } };
  }
  const dialect = dialectOf(path);
  if (dialect === undefined) {
    const record = { ...base, hash: reading.hash, ...NOTHING, ...manifestFacts(path, reading.text) };
    return { status: "changed", parsed: false, record };
  }
  const outline = await parse(dialect, reading.text, path, context);
  const record: FileRecord = {
    ...base,
    hash: reading.hash,
    dialect,
    symbols: outline?.symbols ?? [],
    imports: outline?.imports ?? [],
    ...(dialect === "java" ? { javaPackage: javaPackage(reading.text) } : {}),
    ...(outline === undefined ? { skipped: "unparsed" } : {}),
  };
  return { status: "changed", parsed: true, record };
}

function isUntouched(known: FileRecord, times: FileTimes): boolean {
  return (
    known.size === times.size &&
    known.mtimeMs === times.mtimeMs &&
    known.ctimeMs === times.ctimeMs &&
    Math.max(times.mtimeMs, times.ctimeMs) < known.readAt - RACY_MS
  );
}

async function parse(
  dialect: NonNullable<FileRecord["dialect"]>,
  text: string,
  path: string,
  context: ReadRecordContext,
): Promise<SourceOutline | undefined> {
  try {
    return await context.parser.outline(dialect, text, { signal: context.signal });
  } catch (error) {
    if (endsParsing(error)) throw error;
    context.logger.warn({ path, error }, "a file could not be parsed; its text is still searched");
    return undefined;
  }
}
