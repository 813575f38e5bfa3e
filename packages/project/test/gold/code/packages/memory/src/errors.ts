import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that the memory throws beside those of core and of the store. */
export const MEMORY_ERROR_CODES = [
  "MEMORY_CONTENT_EMPTY",
  "MEMORY_CONTENT_TOO_LONG",
  "MEMORY_SCOPE_INVALID",
  "MEMORY_EMBEDDER_FAILED",
  "MEMORY_VECTOR_INVALID",
  "MEMORY_NOT_FOUND",
  "MEMORY_IMPORT_INVALID",
  "MEMORY_INDEX_UNAVAILABLE",
  "MEMORY_MARKDOWN_TOO_LONG",
  "MEMORY_FOLDER_UNREADABLE",
  "MEMORY_EXTRACTOR_FAILED",
] as const;

/** A code that the memory throws. */
export type MemoryErrorCode = (typeof MEMORY_ERROR_CODES)[number];

/** Makes an error of the memory. */
export function memoryError(
  code: MemoryErrorCode,
  message: string,
  options?: AgentOSErrorOptions,
): AgentOSError {
  return new AgentOSError(code, message, options);
}

/** That there is no memory of that id. */
export function notFound(id: string): AgentOSError {
  return memoryError(
    "MEMORY_NOT_FOUND",
    `There is no memory ${id}. Give the id of one that recall or list gave.`,
    { details: { id } },
  );
}
