import { createHash } from "node:crypto";
import type { Memory } from "@agentos/core";
import { scopeKey } from "./scope.js";

/** A memory as it is stored. */
export interface MemoryRecord {
  readonly memory: Memory;
  /** When it was forgotten, in milliseconds since 1970. The record stays. */
  readonly forgottenAt?: number;
}

/** What makes two memories the same thing said twice: scope, kind and content. */
export function identityOf(memory: Pick<Memory, "scope" | "kind" | "content">): string {
  const parts = [scopeKey(memory.scope), memory.kind, memory.content];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}

/** Whether the times at which two memories are true touch, so that together they are one time. */
export function validityTouches(a: Memory, b: Memory): boolean {
  return a.validFrom <= (b.validTo ?? Infinity) && b.validFrom <= (a.validTo ?? Infinity);
}

/** One memory of two that say the same: what each knows is kept, and the words of the user are not made less trusted. */
export function merge(old: Memory, said: Memory): Memory {
  const validTo = Math.max(old.validTo ?? Infinity, said.validTo ?? Infinity);
  const source = said.source ?? old.source;
  return {
    id: old.id,
    content: old.content,
    kind: old.kind,
    scope: old.scope,
    tags: [...new Set([...old.tags, ...said.tags])],
    importance: Math.max(old.importance, said.importance),
    trust: old.trust === "own" || said.trust === "own" ? "own" : "outside",
    ...(source === undefined ? {} : { source }),
    validFrom: Math.min(old.validFrom, said.validFrom),
    ...(validTo === Infinity ? {} : { validTo }),
    recordedAt: old.recordedAt,
  };
}

/** What is searched: the content, and the tags as words. */
export function searchText(memory: Memory): string {
  return memory.tags.length === 0 ? memory.content : `${memory.content}\n${memory.tags.join(" ")}`;
}
