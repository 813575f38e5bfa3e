import { createHash } from "node:crypto";
import type { Task } from "../words/task.js";

/** A digest of a whole task, hidden tests included, which gives nothing of them away. */
export function fingerprint(task: Task): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(task)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
