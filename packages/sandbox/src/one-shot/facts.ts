import process from "node:process";
import type { Guarantee } from "@agentos/core";
import { CAN_WATCH_MEMORY } from "./watchdog.js";

/** `memory`, where a runtime's own limit can be backed by a look at the whole process from outside. */
export const memoryGuarantee: readonly Guarantee[] = CAN_WATCH_MEMORY ? ["memory"] : [];

/** Whether a child starts as root, and so gives it up before it runs anything. */
export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The first lines of an error's message. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 3).join(" ").slice(0, 500);
}
