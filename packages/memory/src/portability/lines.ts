import { coreError } from "@agentos/core";
import * as v from "valibot";
import { memoryError } from "../errors.js";
import { LINK_TYPES, type MemoryLink } from "../links.js";
import type { Quarantine } from "../quarantine.js";
import { type AuditEntry, MEMORY_CHANGES, type WholeRecord } from "../records.js";
import { memorySchema, sourceSchema } from "../schemas.js";

/** One line of an export: a JSON object. The first says the format; the order of the others is fixed. */
export type ExportLine =
  | { readonly type: "agentos-memory"; readonly format: typeof EXPORT_FORMAT }
  | { readonly type: "alias"; readonly old: string; readonly now: string }
  | { readonly type: "quarantine"; readonly quarantine: Quarantine }
  | ({ readonly type: "memory" } & WholeRecord)
  | { readonly type: "link"; readonly link: MemoryLink }
  | { readonly type: "audit"; readonly entry: AuditEntry };

/** The format that is written, and read. */
export const EXPORT_FORMAT = 1;

/** The longest line that is read, in UTF-16 code units. */
const LONGEST = 64 * 1024 * 1024;

const text = v.pipe(v.string(), v.nonEmpty());
const time = v.pipe(v.number(), v.finite());
const change = v.picklist(MEMORY_CHANGES);
const version = v.pipe(v.number(), v.integer(), v.minValue(1));
const record = {
  memory: memorySchema,
  version: v.optional(version),
  since: v.optional(time),
  forgottenAt: v.optional(time),
  archivedAt: v.optional(time),
  quarantine: v.optional(text),
  mergedInto: v.optional(text),
};
const lineSchema = v.variant("type", [
  v.strictObject({ type: v.literal("agentos-memory"), format: v.literal(EXPORT_FORMAT) }),
  v.strictObject({ type: v.literal("alias"), old: text, now: text }),
  v.strictObject({
    type: v.literal("quarantine"),
    quarantine: v.strictObject({ id: text, source: sourceSchema, reason: v.optional(v.string()), at: time }),
  }),
  v.strictObject({
    type: v.literal("memory"),
    record: v.strictObject({ ...record, change: v.optional(change) }),
    past: v.array(v.strictObject({ record: v.strictObject(record), change, until: time })),
  }),
  v.strictObject({
    type: v.literal("link"),
    link: v.strictObject({ from: text, type: v.picklist(LINK_TYPES), to: text }),
  }),
  v.strictObject({
    type: v.literal("audit"),
    entry: v.strictObject({ at: time, id: text, version, change }),
  }),
]);

/** A line as text. */
export function writeLine(line: ExportLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * The lines of a file that comes in pieces. What is checked is handed on as it was read, so that it is written again byte for
 * byte. Throws `MEMORY_IMPORT_INVALID` with the number of the line.
 */
export async function* readLines(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<{ readonly line: ExportLine; readonly number: number }> {
  let number = 0;
  for await (const text of splitLines(pieces)) {
    number += 1;
    if (text.trim() !== "") yield { line: readLine(text, number), number };
  }
}

/** The error of a line that cannot be imported. */
export function lineError(number: number, what: string): Error {
  return memoryError(
    "MEMORY_IMPORT_INVALID",
    `Line ${number} cannot be imported: ${what}. Give a file that export wrote; what lies before it is imported.`,
    { details: { line: number } },
  );
}

function readLine(text: string, number: number): ExportLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw lineError(number, "it is not JSON");
  }
  const result = v.safeParse(lineSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw lineError(number, `${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  if (number === 1 && result.output.type !== "agentos-memory")
    throw lineError(number, "an export begins with its format");
  return value as ExportLine;
}

async function* splitLines(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const piece of pieces) {
    rest += typeof piece === "string" ? piece : decode(decoder, piece);
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST) throw coreError("INPUT_INVALID", "A line of the import has no end.");
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw coreError("INPUT_INVALID", "An import is text in UTF-8; this is not.", { cause });
  }
}
