import { type Clock, coreError, type IdSource, type Memory, validate } from "@agentos/core";
import { memoryError } from "./errors.js";
import { type MemoryInput, memoryInputSchema } from "./options.js";
import { scopeKey } from "./scope.js";

const CONTENT_BYTES = 65_536;

/** What an input is read with. */
export interface ReadInputOptions {
  readonly contentBytes?: number;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * An input as the memory that it would be. Throws `INPUT_INVALID`, `MEMORY_CONTENT_EMPTY`, `MEMORY_CONTENT_TOO_LONG`,
 * `MEMORY_SCOPE_INVALID`.
 */
export function readInput(input: MemoryInput, options: ReadInputOptions): Memory {
  const checked = validate(memoryInputSchema, input, { what: "Memory", code: "INPUT_INVALID" });
  const content = checkedContent(checked.content, options.contentBytes ?? CONTENT_BYTES);
  scopeKey(checked.scope);
  const now = options.clock();
  const { validFrom = now, validTo, source } = checked;
  if (validTo !== undefined && validTo <= validFrom) {
    throw coreError(
      "INPUT_INVALID",
      `Memory: validTo (${validTo}) must be later than validFrom (${validFrom}).`,
    );
  }
  return {
    id: options.ids(),
    content,
    kind: checked.kind ?? "fact",
    scope: checked.scope,
    tags: [...new Set(checked.tags ?? [])],
    importance: checked.importance ?? 0.5,
    trust: checked.trust ?? "own",
    ...(source === undefined ? {} : { source }),
    validFrom,
    ...(validTo === undefined ? {} : { validTo }),
    recordedAt: now,
  };
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
