import { coreError, validate } from "@agentos/core";
import * as v from "valibot";
import { count, linkOptionsSchema, signal } from "./schemas.js";

/** Options that are checked here, by method; those of the others are held where they are used. */
const OPTIONS: Readonly<Record<string, v.GenericSchema>> = {
  get: v.strictObject({ forgotten: v.optional(v.boolean()) }),
  links: linkOptionsSchema,
  remember: v.strictObject({ signal }),
  correct: v.strictObject({ signal }),
  restore: v.strictObject({ version: v.optional(v.pipe(count, v.minValue(1))), signal }),
  purge: v.strictObject({ signal }),
  projectsKnowing: v.strictObject({ limit: v.optional(count), memories: v.optional(count), signal }),
  reembedded: v.strictObject({ signal }),
};
const OF_AN_ID = new Set([
  "get",
  "history",
  "links",
  "related",
  "correct",
  "forget",
  "archive",
  "restore",
  "purge",
  "release",
]);
const object = v.looseObject({});

/**
 * Holds what a method of the memory is called with before anything is asked: an id where it takes one, and its options.
 * Throws `INPUT_INVALID`, `OPTIONS_INVALID`.
 */
export function checkCall(method: string, [first]: readonly unknown[], options: unknown): void {
  if (OF_AN_ID.has(method) && (typeof first !== "string" || first === "")) {
    throw coreError(
      "INPUT_INVALID",
      `${method} needs an id: a non-empty string, as ${idsOf(method)} gave it.`,
    );
  }
  if (options !== undefined) validate(OPTIONS[method] ?? object, options, { what: `Options of ${method}` });
}

/** Throws `INPUT_INVALID` where there is nothing to import from. */
export function checkPieces(pieces: unknown): void {
  const walked = typeof pieces === "string" || (typeof pieces === "object" && pieces !== null);
  if (walked && (Symbol.iterator in Object(pieces) || Symbol.asyncIterator in Object(pieces))) return;
  throw coreError(
    "INPUT_INVALID",
    "import needs what export gave: its lines, or a stream of the file they are in.",
  );
}

function idsOf(method: string): string {
  return method === "release" ? "quarantine" : "remember, recall or list";
}
