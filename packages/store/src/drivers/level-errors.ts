import type { AgentOSError } from "@agentos/core";
import { storeError } from "../errors.js";

interface CodedError extends Error {
  readonly code?: string;
}

/** The error that LevelDB itself gave: abstract-level wraps it when opening. */
function innermost(error: unknown): CodedError {
  let inner = error as CodedError;
  while (inner.code === "LEVEL_DATABASE_NOT_OPEN" && inner.cause instanceof Error) inner = inner.cause;
  return inner;
}

/** Whether LevelDB says that somebody else holds its lock. */
export function isLocked(error: unknown): boolean {
  return innermost(error).code === "LEVEL_LOCKED";
}

/** Whether LevelDB could not read or write, a full disk included. */
export function isIo(error: unknown): boolean {
  return innermost(error).code === "LEVEL_IO_ERROR";
}

/** Whether an iterator ended because the database was closed under it. */
export function isInterrupted(error: unknown): boolean {
  const { code } = innermost(error);
  return code === "LEVEL_ITERATOR_NOT_OPEN" || code === "LEVEL_DATABASE_NOT_OPEN";
}

/** Whether a failure of the operating system or of LevelDB means that there is no room. */
export function isFull(error: unknown): boolean {
  const { code, message } = innermost(error);
  return (
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    (code === "LEVEL_IO_ERROR" && /No space left|quota exceeded|File too large/i.test(message))
  );
}

/** The error for a disk that has no room. */
export function fullError(dir: string, cause: unknown): AgentOSError {
  return storeError(
    "STORE_FULL",
    `The disk that holds ${dir} is full. Free space and try again, or open the store again; acknowledged writes are kept.`,
    { cause, details: { dir } },
  );
}

/** The error for damaged files. */
export function corruptError(
  dir: string,
  what: string,
  details: Record<string, unknown> = {},
  cause?: unknown,
): AgentOSError {
  return storeError(
    "STORE_CORRUPT",
    `The store in ${dir} is damaged: ${what}. Nothing was changed. Restore a backup, or have Store.check({ dir, repair: true }) save what can be read.`,
    { cause, details: { dir, ...details } },
  );
}

/** The AgentOS error for a failure of LevelDB. */
export function fromLevel(error: unknown, dir: string, doing: "open" | "read" | "write"): AgentOSError {
  const inner = innermost(error);
  if (isFull(inner)) return fullError(dir, inner);
  if (inner.code === "LEVEL_CORRUPTION") return corruptError(dir, inner.message, {}, inner);
  if (doing === "open") {
    return storeError(
      "STORE_UNOPENABLE",
      `The store in ${dir} cannot be opened: ${inner.message}. Check that the folder can be written by this user.`,
      { cause: inner, details: { dir } },
    );
  }
  return storeError(
    "STORE_IO",
    `The store in ${dir} could not ${doing}: ${inner.message}. Check the disk, then open the store again.`,
    { cause: inner, details: { dir } },
  );
}
