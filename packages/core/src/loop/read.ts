import * as v from "valibot";
import { validate } from "../options.js";
import { isSafePath } from "../paths.js";
import { type Candidate, patchedPaths, UNCHANGED } from "../words/candidate.js";
import { LANGUAGES, type StdioCase, type Task } from "../words/task.js";

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

const noNul = v.check((text: string) => !text.includes("\0"), "must not contain NUL");

const stdioCase = v.strictObject({
  stdin: v.optional(v.string()),
  args: v.optional(v.array(v.pipe(v.string(), noNul))),
  stdout: v.string(),
  exitCode: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255))),
});

const testFile = v.pipe(
  v.strictObject({
    path,
    content: v.string(),
    mode: v.optional(v.picklist(["file", "append", "stdio"])),
  }),
  v.check(
    ({ mode, content }) => mode !== "stdio" || readStdioCase(content) !== undefined,
    'of mode "stdio" must hold JSON: { "stdin": "", "args": [], "stdout": "", "exitCode": 0 }',
  ),
);

/** The case in a test of mode `stdio`; undefined when it holds none. */
export function readStdioCase(content: string): StdioCase | undefined {
  try {
    const read = v.safeParse(stdioCase, JSON.parse(content));
    return read.success ? (read.output as StdioCase) : undefined;
  } catch {
    return undefined;
  }
}
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
const patch = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const paths = patchedPaths(dataset.value);
    if (paths.length === 0) addIssue({ message: "must be a unified diff that names a file" });
    const wrong = paths.find((named) => fileProblem(named, true, "") !== undefined);
    if (wrong === undefined) return;
    addIssue({ message: `names ${JSON.stringify(wrong.slice(0, 200))}: ${fileProblem(wrong, true, "")}` });
  }),
);
const candidateSchema = v.pipe(
  v.strictObject({
    id,
    files: v.optional(filesOf(isTextOrNull, "text or null"), {}),
    patch: v.optional(patch),
    proposer: v.optional(v.strictObject({ agent: v.optional(v.string()), model: v.optional(v.string()) })),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { files, patch } = dataset.value;
    const message =
      Object.keys(files).length > 0
        ? patch === undefined
          ? undefined
          : "must be left out where there is a patch"
        : patch === undefined
          ? "must hold at least one file, unless there is a patch"
          : undefined;
    if (message === undefined) return;
    const input = dataset.value;
    addIssue({ message, path: [{ type: "object", origin: "value", input, key: "files", value: files }] });
  }),
);

/** Reads a task from untrusted data. Throws `TASK_INVALID` naming each wrong key. */
export function readTask(value: unknown): Task {
  return validate(taskSchema, value, { what: "Task", code: "TASK_INVALID" });
}

/** Reads a candidate from untrusted data. Throws `CANDIDATE_INVALID` naming each wrong key. */
export function readCandidate(value: unknown): Candidate {
  return validate(candidateSchema, value, { what: "Candidate", code: "CANDIDATE_INVALID" });
}

/** Reads what `verify` judges: a candidate, or the project of a task as it is (`UNCHANGED`). Throws `CANDIDATE_INVALID`. */
export function readJudged(task: Task, value: unknown): Candidate {
  return value === UNCHANGED && task.project !== undefined ? UNCHANGED : readCandidate(value);
}
