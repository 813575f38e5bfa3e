import {
  type Clock,
  coreError,
  type IdSource,
  type Memory,
  type MemorySource,
  validate,
} from "@agentos/core";
import { memoryError } from "./errors.js";
import type { MemoryCorrection, MemoryInput } from "./options.js";
import { known } from "./record.js";
import { correctionSchema, memoryInputSchema } from "./schemas.js";
import { scopeKey } from "./scope.js";
import { redactSecrets } from "./writing/secrets/redact.js";

const CONTENT_BYTES = 65_536;

/** What an input is read with. */
export interface ReadInputOptions {
  readonly contentBytes?: number;
  readonly secrets?: "redact" | "keep";
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * An input as the memory that it would be. Throws `INPUT_INVALID`, `MEMORY_CONTENT_EMPTY`, `MEMORY_CONTENT_TOO_LONG`,
 * `MEMORY_SCOPE_INVALID`.
 */
export function readInput(input: MemoryInput, options: ReadInputOptions): Memory {
  const given = validate(memoryInputSchema, input, { what: "Memory", code: "INPUT_INVALID" });
  const limit = options.contentBytes ?? CONTENT_BYTES;
  // Before secrets are looked for, which takes its time.
  checkedContent(given.content, limit);
  const checked = options.secrets === "keep" ? given : withoutSecrets(given);
  const content = checkedContent(checked.content, limit);
  scopeKey(checked.scope);
  const now = options.clock();
  const { validFrom = now, validTo, expiresAt, source } = checked;
  if (validTo !== undefined && validTo <= validFrom) {
    throw coreError(
      "INPUT_INVALID",
      `Memory: validTo (${validTo}) must be later than validFrom (${validFrom}).`,
    );
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    throw coreError("INPUT_INVALID", `Memory: expiresAt (${expiresAt}) must be later than now (${now}).`);
  }
  return known({
    id: options.ids(),
    content,
    kind: checked.kind ?? "fact",
    scope: checked.scope,
    tags: [...new Set(checked.tags ?? [])],
    importance: checked.importance ?? 0.5,
    trust: checked.trust ?? "own",
    category: checked.category,
    metadata: checked.metadata,
    source: typeof source === "string" ? { note: source } : source,
    subject: checked.subject,
    validFrom,
    validTo,
    expiresAt,
    recordedAt: now,
  });
}

/** An input whose texts hold no secrets that can be told. Scopes are names that must stay as they are. */
function withoutSecrets(input: MemoryInput): MemoryInput {
  const { scope, kind, trust, ...texts } = input;
  return { ...(redacted(texts) as Omit<MemoryInput, "scope">), scope, kind, trust };
}

/** The source of memories as it is stored, so that it is found again. */
export function sourceWithoutSecrets(source: MemorySource): MemorySource {
  return redacted(source) as MemorySource;
}

function redacted(value: unknown): unknown {
  if (typeof value === "string") return redactSecrets(value).text;
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const shown = redactSecrets(name).text;
      // A value is often a secret by its name alone.
      const whole = typeof each === "string" ? redactSecrets(`${shown}: ${each}`) : undefined;
      const from = `${shown}: `.length;
      return [shown, whole && whole.text !== `${shown}: ${each}` ? whole.text.slice(from) : redacted(each)];
    }),
  );
}

function checkedContent(text: string, limit: number): string {
  const content = text.trim();
  if (content === "") {
    throw memoryError("MEMORY_CONTENT_EMPTY", "A memory needs content: text that is not only white space.");
  }
  const bytes = Buffer.byteLength(content);
  if (bytes > limit) {
    throw memoryError(
      "MEMORY_CONTENT_TOO_LONG",
      `The content has ${bytes} bytes; at most ${limit} are allowed. Remember its parts or a summary, or raise contentBytes.`,
      { details: { bytes, limit } },
    );
  }
  return content;
}

/** Reads a correction as what it makes of a memory. Throws what {@link readInput} throws. */
export function readCorrection(
  correction: MemoryCorrection,
  options: ReadInputOptions,
): (memory: Memory) => Memory {
  const checked = validate(correctionSchema, correction, { what: "Correction", code: "INPUT_INVALID" });
  const named = Object.entries(checked).filter(([, value]) => value !== undefined);
  return (memory) => {
    const { id, recordedAt, validTo, ...rest } = memory;
    // A value whose time was closed where it begins is true at no time, which no input may say, but a correction may leave.
    const leaves = checked.validFrom === undefined && checked.validTo === undefined;
    const old = leaves ? rest : { ...rest, validTo };
    const fields = Object.fromEntries(
      Object.entries({ ...old, ...Object.fromEntries(named) }).filter(([, value]) => value !== null),
    );
    // What has expired since it was remembered may still be corrected.
    const read = readInput(fields as unknown as MemoryInput, { ...options, clock: () => recordedAt });
    return known({ ...read, ...(leaves && { validTo }), id, recordedAt });
  };
}
