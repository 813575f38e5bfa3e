import * as v from "valibot";
import { AgentOSError, CORE_ERROR_CODES, coreError } from "./errors.js";

/** How {@link validate} speaks of what is wrong. */
export interface ValidateOptions {
  /** The thing's name in the message, for example "MemoryStore options". */
  readonly what: string;
  /** @default "OPTIONS_INVALID" */
  readonly code?: string;
}

/**
 * Holds a value against a Valibot schema. Use `v.strictObject`, so that unknown keys are refused by name.
 * Throws an `AgentOSError` that names each wrong key.
 */
export function validate<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  options: ValidateOptions,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const problems = result.issues.map(problemOf);
  const message = `${options.what}: ${problems.slice(0, 5).join("; ")}.`;
  const details = { details: { problems } };
  return raise(options.code ?? "OPTIONS_INVALID", message, details);
}

/** What is wrong with a value, in words that name the key. */
export function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const isKey = issue.type.endsWith("object") && issue.kind === "schema";
  if (isKey && issue.expected === "never") return `unknown key ${path ?? "?"}`;
  if (isKey && issue.expected?.startsWith('"') && issue.received === "undefined")
    return `${path ?? issue.expected} is missing`;
  return `${path ?? "value"}: ${issue.message}`;
}

function raise(code: string, message: string, options: { details: Record<string, unknown> }): never {
  const own = CORE_ERROR_CODES.find((known) => known === code);
  throw own ? coreError(own, message, options) : new AgentOSError(code, message, options);
}
