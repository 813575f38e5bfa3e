import {
  type Candidate,
  changedPaths,
  isAgentOSError,
  type Language,
  type Task,
  UNCHANGED,
  type Verdict,
} from "@agentos/core";
import type { AgentOS } from "@agentos/sdk";
import * as v from "valibot";
import { candidateOf, languageOf, mustFit, promptOf, taskOf } from "../change.js";
import { mcpError } from "../errors.js";
import { mergedVerdict } from "../merged-verdict.js";
import type { Project, Waiting } from "../opened-project.js";
import { quoted, quotedLine } from "../quoting.js";
import { changeEntries, count, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Tests that are told one by one; of those that pass the number is enough. */
const MOST_TESTS = 50;
const MOST_OUTPUT = 4_000;

/** Judges a change, or the project as it is, in a sandbox. */
export const verifyTool: Tool = tool({
  name: "verify",
  title: "Verify a change",
  description:
    "Run tests in a sandbox on a copy of the project with a change (patch or files) applied; the project itself is not touched. Without a change: the project as it is. Tests: those given, else those that the change affects, else all.",
  input: v.strictObject({
    ...changeEntries,
    tests: v.optional(v.pipe(v.array(text()), v.description("test files or folders"))),
    seconds: v.optional(count(600), 30),
    task: v.optional(text("what the change is for; the same words each time")),
  }),
  output: v.object({
    passed: v.boolean(),
    reason: v.string(),
    basis: v.string(),
    passing: v.number(),
    failed: v.number(),
    failing: v.array(
      v.object({ name: v.string(), message: v.optional(v.string()), change: v.optional(v.string()) }),
    ),
    output: v.optional(v.string()),
    outcomeId: v.optional(v.string()),
  }),
  hints: { readOnly: false, idempotent: false },

  async run(opened, { patch, files, tests, task: prompt, seconds }, waiting) {
    const { signal } = waiting;
    const candidate = candidateOf({ patch, files });
    const isUnchanged = candidate === UNCHANGED;
    const { agentos, project } = await opened.project(waiting);
    const task = await taskOf(project, prompt ?? promptOf(candidate), candidate);
    await mustFit(agentos, task, candidate);
    const named = tests?.length === 0 ? undefined : tests;
    const asked = await testsOf(project, candidate, named, signal);
    const forecast = isUnchanged ? undefined : await agentos.forecast(task, candidate, { signal });
    const wanted = { ...asked, wallMs: seconds * 1_000 };
    const verdict = await judged(agentos, task, candidate, wanted, waiting);
    // What passes without a test of the project proves too little to be learned.
    const isProof = !verdict.passed || (verdict.basis === "affected-tests" && asked.own.length > 0);
    const outcome =
      !isUnchanged && isProof
        ? await agentos.learn(agentos.outcome(task, candidate, verdict, forecast), { signal })
        : undefined;
    const data = dataOf(verdict, outcome?.id);
    return { data, text: textOf(data) };
  },
});

/** The tests to judge by. */
interface Asked {
  /** Of the project: those that are named, those that the change affects, or all. */
  readonly own: readonly string[];
  /** That come with the change. */
  readonly brought: readonly string[];
}

/** Throws `MCP_NOTHING_TO_JUDGE`. */
async function testsOf(
  project: Project,
  candidate: Candidate,
  named: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Asked> {
  const all = new Set(await project.tests({ signal }));
  const changed = changedPaths(candidate);
  const brought = changed.filter(
    (path) => !all.has(path) && (named?.includes(path) || (named === undefined && project.isTest(path))),
  );
  if (named === undefined) {
    const affected = changed.length === 0 ? [] : await project.affectedTests(changed, { signal });
    const own = affected.length > 0 ? affected : [...all];
    if (own.length > 0 || candidate !== UNCHANGED) return { own, brought };
    throw mcpError(
      "MCP_NOTHING_TO_JUDGE",
      "The project has no tests that are known by their names. Name them in tests.",
    );
  }
  try {
    const paths = named.filter((path) => !brought.includes(path));
    return { own: paths.length === 0 ? [] : await project.tests({ paths, signal }), brought };
  } catch (error) {
    if (!isAgentOSError(error, "PROJECT_FILE_UNKNOWN")) throw error;
    throw mcpError("MCP_NOTHING_TO_JUDGE", error.message, { cause: error });
  }
}

/** The verdict by tests of whatever languages, those of one language at a time. Throws `MCP_NOTHING_TO_JUDGE` where some cannot be run. */
async function judged(
  agentos: AgentOS,
  task: Task,
  candidate: Candidate,
  { own, brought, wallMs }: Asked & { readonly wallMs: number },
  { signal, report }: Waiting,
): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  const unrun: string[] = [];
  let told = 0;
  for (const [language, affectedTests] of byLanguage([...own, ...brought], task.language)) {
    told += 1;
    report({ done: told, message: `running tests: ${affectedTests.length} files of ${language}` });
    const verdict = await agentos.verify({ ...task, language }, candidate, {
      signal,
      affectedTests,
      limits: { wallMs },
      // There is nothing to compare with.
      ...(candidate === UNCHANGED && { compare: false }),
      onEvent: () => {
        told += 1;
        if (told % 20 === 0) report({ done: told, message: "running tests" });
      },
    });
    if (affectedTests.length === 0 || verdict.basis === "affected-tests") verdicts.push(verdict);
    else unrun.push(...affectedTests);
  }
  const [first, ...others] = verdicts;
  if (first === undefined)
    throw mcpError(
      "MCP_NOTHING_TO_JUDGE",
      `Nothing is proved: nothing here runs ${unrun.join(", ")}. Name other tests, or install what runs them.`,
    );
  const merged = mergedVerdict([first, ...others]);
  if (unrun.length === 0)
    return merged.basis === "affected-tests"
      ? merged
      : { ...merged, reason: `The project has no tests, and none was run. ${merged.reason}` };
  return {
    ...merged,
    reason: `${merged.reason} Not run, since nothing here runs them: ${unrun.join(", ")}.`,
  };
}

function byLanguage(paths: readonly string[], ofChange: Language): ReadonlyMap<Language, readonly string[]> {
  if (paths.length === 0) return new Map([[ofChange, []]]);
  const groups = new Map<Language, string[]>();
  for (const path of paths) {
    const language = languageOf(path) ?? ofChange;
    groups.set(language, [...(groups.get(language) ?? []), path]);
  }
  return groups;
}

function dataOf({ passed, reason, basis, tests, output }: Verdict, outcomeId: string | undefined) {
  const failing = tests.filter(({ status }) => status !== "passed" && status !== "skipped");
  const isTested = basis === "affected-tests";
  return {
    passed,
    reason,
    basis,
    passing: isTested ? tests.filter(({ status }) => status === "passed").length : 0,
    failed: isTested ? failing.length : 0,
    failing: failing.slice(0, MOST_TESTS).map(({ name, message, change }) => ({
      name,
      ...(message !== undefined && { message }),
      ...(change !== undefined && { change }),
    })),
    ...(output !== undefined && !passed && { output: output.slice(-MOST_OUTPUT) }),
    ...(outcomeId !== undefined && { outcomeId }),
  };
}

function textOf({
  passed,
  reason,
  basis,
  passing,
  failed,
  failing,
  output,
  outcomeId,
}: ReturnType<typeof dataOf>): string {
  const counts = `${passing} tests passed, ${failed} did not.`;
  return [
    passed ? "Passed:" : "Failed:",
    quotedLine(reason),
    ...(basis === "affected-tests" ? [counts] : []),
    ...failing.map(({ name, message, change }) => {
      const of = change === undefined ? "" : ` (${change})`;
      return `${quotedLine(`${name}${of}`)}${message === undefined ? "" : `\n${quoted(message, 1_000)}`}`;
    }),
    ...(failed > failing.length ? [`and ${failed - failing.length} more.`] : []),
    ...(output === undefined ? [] : ["What the run printed:", quoted(output, MOST_OUTPUT)]),
    ...(outcomeId === undefined ? [] : [`outcome ${outcomeId}`]),
  ].join("\n");
}
