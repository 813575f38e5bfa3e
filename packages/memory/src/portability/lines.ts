import { coreError } from "@agentos/core";
import * as v from "valibot";
import { memoryError } from "../errors.js";
import { LINK_TYPES, type MemoryLink } from "../links.js";
import type { Quarantine } from "../quarantine.js";
import { type AuditEntry, MEMORY_CHANGES, type WholeRecord } from "../records.js";
import { id, LAST, memorySchema, sourceSchema } from "../schemas.js";

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
// What a Date can say: sorted as text, a greater one would come before all others.
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(LAST));
const change = v.picklist(MEMORY_CHANGES);
const version = v.pipe(v.number(), v.integer(), v.minValue(1));
const record = {
  memory: memorySchema,
  version: v.optional(version),
  since: v.optional(time),
  forgottenAt: v.optional(time),
  archivedAt: v.optional(time),
  quarantine: v.optional(id),
  mergedInto: v.optional(id),
};
const lineSchema = v.variant("type", [
  v.strictObject({ type: v.literal("agentos-memory"), format: v.literal(EXPORT_FORMAT) }),
  v.strictObject({ type: v.literal("alias"), old: text, now: text }),
  v.strictObject({
    type: v.literal("quarantine"),
    quarantine: v.strictObject({ id, source: sourceSchema, reason: v.optional(v.string()), at: time }),
  }),
  v.strictObject({
    type: v.literal("memory"),
    record: v.strictObject({ ...record, change: v.optional(change) }),
    past: v.array(v.strictObject({ record: v.strictObject(record), change, until: time })),
  }),
  v.strictObject({
    type: v.literal("link"),
    link: v.strictObject({ from: id, type: v.picklist(LINK_TYPES), to: id }),
  }),
  v.strictObject({
    type: v.literal("audit"),
    entry: v.strictObject({ at: time, id, version, change }),
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
  const line = value as ExportLine;
  const wrong = wrongIn(line);
  if (wrong !== undefined) throw lineError(number, wrong);
  return line;
}

/** What the form of a line does not tell. */
function wrongIn(line: ExportLine): string | undefined {
  if (line.type === "memory" && !isOneMemory(line))
    return "its versions are not those of one memory, each later than the one before";
  if (line.type === "alias" && !isAlias(line.old, line.now))
    return "an alias leads from a project to a project, or from an agent to an agent";
  return undefined;
}

function isAlias(old: string, now: string): boolean {
  const level = /^(?:project|agent):(?=.)/s.exec(old)?.[0];
  return level !== undefined && now.startsWith(level) && now.length > level.length && now !== old;
}

/** Whether versions are of one memory: else the line would write the history of another. */
function isOneMemory({ record, past }: WholeRecord): boolean {
  const versions = [...past.map((one) => one.record), record];
  return versions.every(
    ({ memory, version = 1 }, at) =>
      memory.id === record.memory.id && (at === 0 || version > (versions[at - 1]?.version ?? 1)),
  );
}

async function* splitLines(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let begun: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    // Only what is new is looked through: a long line may come in many pieces.
    const [first = "", ...lines] = (typeof piece === "string" ? piece : decode(decoder, piece)).split("\n");
    begun.push(first);
    length += first.length;
    if (length > LONGEST) throw coreError("INPUT_INVALID", "A line of the import has no end.");
    if (lines.length === 0) continue;
    yield begun.join("");
    begun = [lines.pop() ?? ""];
    length = begun[0]?.length ?? 0;
    yield* lines;
  }
  const rest = begun.join("") + decode(decoder);
  if (rest !== "") yield rest;
}

/** Without bytes: says that there are no more. */
function decode(decoder: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch (cause) {
    throw coreError("INPUT_INVALID", "An import is text in UTF-8; this is not.", { cause });
  }
}
