import { lstatSync } from "node:fs";
import type { Logger } from "@agentos/core";
import { endsParsing } from "../errors.js";
import { dialectOf, type ParsePriority, type SourceOutline, type SourceParser } from "../source-parser.js";
import type { FileRecord, RecordTimes } from "./file-record.js";
import { javaPackage, manifestFacts } from "./manifests.js";
import { type FileTimes, readText } from "./read-text.js";
import type { FindTwin } from "./twins.js";

type SourceFacts = Omit<SourceOutline, "ok">;

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
  readonly signal?: AbortSignal | undefined;
  /** Who waits for it. @default interactive */
  readonly priority?: ParsePriority;
  /** A record of a file with this content and grammar, under whatever path: what was parsed once need not be again. */
  readonly twin?: FindTwin;
}

/**
 * A file whose times lie this close to the moment when it was read may have changed since without a trace: file systems
 * keep time in steps, up to 2 s on FAT.
 */
const RACY_MS = 2_000;

const NOTHING: SourceFacts = { symbols: [], imports: [], uses: {} };

/** Reads a file and parses it, unless what is known of it still holds. A parser's failure costs this file's symbols only. */
export async function readRecord(
  path: string,
  known: FileRecord | undefined,
  context: ReadRecordContext,
): Promise<RecordReading> {
  const holds = (times: FileTimes): boolean => known !== undefined && hasTimes(known, times);
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
  const twin = await context.twin?.(reading.hash, dialect);
  if (twin !== undefined) return { status: "changed", parsed: false, record: { ...twin, ...base } };
  const outline = await parse(dialect, reading.text, path, context);
  const { symbols, imports, uses, namespaces } = outline ?? NOTHING;
  const record: FileRecord = {
    ...base,
    hash: reading.hash,
    dialect,
    symbols,
    imports,
    uses,
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(dialect === "java" ? { javaPackage: javaPackage(reading.text) } : {}),
    ...(outline === undefined ? { skipped: "unparsed" } : {}),
  };
  return { status: "changed", parsed: true, record };
}

/** Whether a file in a folder that no link leads to is as it was read, by size and times. @param root with a `/` at its end */
export function isUntouched(root: string, path: string, known: RecordTimes | undefined): boolean {
  if (known === undefined) return false;
  try {
    const found = lstatSync(root + path, { throwIfNoEntry: false });
    return found?.isFile() === true && hasTimes(known, found);
  } catch {
    return false;
  }
}

function hasTimes(known: RecordTimes, times: FileTimes): boolean {
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
    const { signal, priority } = context;
    return await context.parser.outline(dialect, text, { signal, priority });
  } catch (error) {
    if (endsParsing(error)) throw error;
    context.logger.warn({ path, error }, "a file could not be parsed; its text is still searched");
    return undefined;
  }
}
