import { Buffer } from "node:buffer";
import { isAbsolute } from "node:path";
import {
  LANGUAGES,
  type Language,
  type Needs,
  type RunLimits,
  type RunRequest,
  validate,
} from "@agentos/core";
import * as v from "valibot";
import type { Collect } from "./driver.js";
import { sandboxError } from "./errors.js";
import { DEFAULT_ARTIFACT_BYTES, limitsSchema, needsSchema } from "./options.js";
import { collision, pathProblem } from "./paths.js";

/** Most files and most bytes of one run. */
const MAX_FILES = 10_000;
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_ARTIFACTS = 100;

/** A {@link RunRequest} that was checked, with its files as a map. */
export interface CheckedRequest {
  readonly language: Language;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly entry: string;
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  readonly needs: Needs | undefined;
  readonly limits: RunLimits | undefined;
  readonly driver: string | undefined;
  readonly project: string | undefined;
  readonly collect: Collect | undefined;
}

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, "must be text or a Uint8Array");
const noNul = v.check((text: string) => !text.includes("\0"), "must not contain NUL");

const schema = v.strictObject({
  language: v.picklist(LANGUAGES, `must be one of ${LANGUAGES.join(", ")}`),
  // Not a record of the library: that would drop files named "constructor" without a word.
  files: v.custom<RunRequest["files"]>(isFiles, "must map paths to text or Uint8Array"),
  entry: v.string(),
  args: v.optional(v.pipe(v.array(v.pipe(v.string(), noNul)), v.maxLength(1000))),
  stdin: v.optional(v.union([v.string(), bytes], "must be text or a Uint8Array")),
  needs: v.optional(needsSchema),
  limits: v.optional(limitsSchema),
  driver: v.optional(v.string()),
  project: v.optional(v.pipe(v.string(), v.check(isAbsolute, "must be an absolute path"))),
  artifacts: v.optional(v.pipe(v.array(v.string()), v.maxLength(MAX_ARTIFACTS))),
  artifactBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_BYTES))),
  patch: v.optional(v.boolean()),
});

function isFiles(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(isContent);
}

function isContent(value: unknown): boolean {
  return typeof value === "string" || value instanceof Uint8Array;
}

/** Checks a request. Throws `SANDBOX_REQUEST_INVALID`, which names what is wrong. */
export function readRequest(value: RunRequest): CheckedRequest {
  const request = validate(schema, value, { what: "Run request", code: "SANDBOX_REQUEST_INVALID" });
  const files = new Map(Object.entries(request.files));
  // Once more, of what is used: an object that answers by code may answer otherwise each time.
  const changed = [...files].find(([, content]) => !isContent(content));
  if (changed) {
    throw sandboxError(
      "SANDBOX_REQUEST_INVALID",
      `Run request: files.${changed[0]} must be text or Uint8Array, and must not change while it is read.`,
    );
  }
  const problem = filesProblem(files, { files: MAX_FILES, bytes: MAX_BYTES });
  if (problem) throw sandboxError("SANDBOX_REQUEST_INVALID", `Run request: ${problem}.`);
  if (request.patch && request.language === "typescript") {
    throw sandboxError(
      "SANDBOX_REQUEST_INVALID",
      "Run request: no patch is made of TypeScript, which runs without its types. Ask for artifacts.",
    );
  }
  for (const path of request.artifacts ?? []) {
    const wrong = pathProblem(path);
    if (wrong)
      throw sandboxError(
        "SANDBOX_REQUEST_INVALID",
        `Run request: the artifact ${JSON.stringify(path.slice(0, 200))} ${wrong}.`,
      );
  }
  // Whether the entry is in the project is found when that is read.
  if (!files.has(request.entry) && request.project === undefined) {
    throw sandboxError(
      "SANDBOX_REQUEST_INVALID",
      `Run request: the entry ${JSON.stringify(request.entry)} is not among its files (${[...files.keys()].slice(0, 5).join(", ") || "none"}).`,
    );
  }
  const stdin = request.stdin ?? "";
  return {
    language: request.language,
    files,
    entry: request.entry,
    args: request.args ?? [],
    stdin: typeof stdin === "string" ? Buffer.from(stdin, "utf8") : stdin,
    needs: request.needs,
    limits: request.limits,
    driver: request.driver,
    project: request.project,
    collect: collectOf(request),
  };
}

function collectOf({ artifacts = [], artifactBytes, patch = false }: RunRequest): Collect | undefined {
  if (artifacts.length === 0 && !patch) return undefined;
  return { paths: artifacts, changes: patch, bytes: artifactBytes ?? DEFAULT_ARTIFACT_BYTES };
}

/** What is wrong with a set of files, in a sentence without its full stop; undefined when nothing is. */
export function filesProblem(
  files: ReadonlyMap<string, string | Uint8Array>,
  most: { readonly files: number; readonly bytes: number },
): string | undefined {
  if (files.size > most.files) return `${files.size} files are more than the ${most.files} that are allowed`;
  for (const path of files.keys()) {
    const problem = pathProblem(path);
    if (problem) return `the path ${JSON.stringify(path.slice(0, 200))} ${problem}`;
  }
  const pair = collision(files.keys());
  if (pair) return `the paths ${JSON.stringify(pair[0])} and ${JSON.stringify(pair[1])} collide`;
  let total = 0;
  for (const content of files.values()) total += Buffer.byteLength(content);
  if (total > most.bytes) return `${total} bytes are more than the ${most.bytes} that are allowed`;
  return undefined;
}
