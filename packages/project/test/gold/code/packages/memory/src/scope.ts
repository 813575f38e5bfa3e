import type { Scope } from "@agentos/core";
import { memoryError } from "./errors.js";

/** Seen from everywhere: what is meant when no scope is named. */
export const DEFAULT_SCOPES: readonly Scope[] = [{ level: "user" }, { level: "shared" }];

/** One text for one scope, and different ones for different scopes. Throws `MEMORY_SCOPE_INVALID`. */
export function scopeKey(scope: Scope): string {
  const { level, id, ...rest } = (scope ?? {}) as Scope;
  const known = Object.keys(rest).length === 0;
  if ((level === "user" || level === "shared") && id === undefined && known) return level;
  if ((level === "project" || level === "agent") && typeof id === "string" && id !== "" && known) {
    return `${level}:${id}`;
  }
  throw memoryError(
    "MEMORY_SCOPE_INVALID",
    'A scope is { level: "user" } or { level: "shared" }, without an id, or { level: "project" or "agent", id }, with one.',
    { details: { scope } },
  );
}

/** Whether something is a scope. */
export function isScope(scope: Scope): boolean {
  try {
    return scopeKey(scope) !== "";
  } catch {
    return false;
  }
}
