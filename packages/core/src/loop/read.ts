import * as v from "valibot";
import { validate } from "../options.js";
import { isSafePath } from "../paths.js";
import type { Candidate } from "../words/candidate.js";
import { LANGUAGES, type Task } from "../words/task.js";

const path = v.pipe(
  v.string(),
  v.check(isSafePath, "must be a relative path with / and without .., for example src/solution.ts"),
);
const id = v.pipe(v.string(), v.nonEmpty("must not be empty"), v.maxLength(200));

/**
 * Files by path. Not a record of the library, which drops some names ("constructor") without a word. "__proto__" is
 * refused: whoever builds such an object by assignment would lose it.
 */
function filesOf<Content>(isContent: (value: unknown) => value is Content, what: string) {
  return v.pipe(
    v.custom<Readonly<Record<string, Content>>>(
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
      `must map paths to ${what}`,
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, value] of Object.entries(dataset.value)) {
        const problem = fileProblem(key, isContent(value), what);
        if (problem === undefined) continue;
        const input = dataset.value;
        addIssue({ message: problem, path: [{ type: "object", origin: "value", input, key, value }] });
      }
    }),
    v.transform((files) => ({ ...files })),
  );
}

function fileProblem(key: string, content: boolean, what: string): string | undefined {
  if (key === "__proto__") return "is not a name that a file can have here";
  const known = v.safeParse(path, key);
  if (!known.success) return known.issues[0].message;
  return content ? undefined : `must be ${what}`;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);

const testFile = v.strictObject({
  path,
  content: v.string(),
  mode: v.optional(v.picklist(["file", "append"])),
});
const taskSchema = v.strictObject({
  id,
  prompt: v.pipe(v.string(), v.nonEmpty("must say what is asked")),
  language: v.picklist(LANGUAGES, `must be one of ${LANGUAGES.join(", ")}`),
  entryFile: v.optional(path),
  files: v.optional(filesOf(isText, "text")),
  project: v.optional(
    v.pipe(
      v.string(),
      v.check((folder) => /^(\/|[A-Za-z]:[\\/])/.test(folder), "must be an absolute path"),
    ),
  ),
  tests: v.optional(
    v.strictObject({ visible: v.optional(v.array(testFile)), hidden: v.optional(v.array(testFile)) }),
  ),
  tags: v.optional(v.array(v.string())),
});
const candidateSchema = v.strictObject({
  id,
  files: v.pipe(
    filesOf(isTextOrNull, "text or null"),
    v.check((files) => Object.keys(files).length > 0, "must hold at least one file"),
  ),
  proposer: v.optional(v.strictObject({ agent: v.optional(v.string()), model: v.optional(v.string()) })),
});

/** Reads a task from untrusted data. Throws `TASK_INVALID` naming each wrong key. */
export function readTask(value: unknown): Task {
  return validate(taskSchema, value, { what: "Task", code: "TASK_INVALID" });
}

/** Reads a candidate from untrusted data. Throws `CANDIDATE_INVALID` naming each wrong key. */
export function readCandidate(value: unknown): Candidate {
  return validate(candidateSchema, value, { what: "Candidate", code: "CANDIDATE_INVALID" });
}
