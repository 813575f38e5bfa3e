import { UNCHANGED, type Verdict } from "@agentos/core";
import * as v from "valibot";
import { candidateOf, languageOf, taskOf } from "../change.js";
import { mcpError } from "../errors.js";
import { onOneLine, quoted } from "../quoting.js";
import { changeEntries, text } from "../shapes.js";
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
    tests: v.optional(
      v.pipe(v.array(text()), v.description("paths of test files in the project, not of the change")),
    ),
    task: v.optional(text("what the change is for; the same words each time")),
  }),
  output: v.object({
    passed: v.boolean(),
    reason: v.string(),
    basis: v.string(),
    passing: v.number(),
    failing: v.array(
      v.object({ name: v.string(), message: v.optional(v.string()), change: v.optional(v.string()) }),
    ),
    output: v.optional(v.string()),
    outcomeId: v.optional(v.string()),
  }),
  hints: { readOnly: false, idempotent: true },

  async run(opened, { patch, files, tests, task: prompt }, waiting) {
    const { signal, report } = waiting;
    const candidate = candidateOf({ patch, files });
    const { agentos, project } = await opened.project(waiting);
    const isUnchanged = candidate === UNCHANGED;
    const asked = tests ?? (isUnchanged ? await project.tests({ signal }) : undefined);
    if (asked?.length === 0)
      throw mcpError(
        "MCP_NOTHING_TO_JUDGE",
        "The project has no tests that are known by their names. Name them in tests.",
      );
    const task = await taskOf(project, prompt ?? "Change the project so that its tests pass.", candidate);
    const language = languageOf(asked ?? []) ?? task.language;
    report({
      done: 1,
      message: `running ${asked === undefined ? "the affected tests" : `${asked.length} files of tests`}`,
    });
    let told = 1;
    const verdict = await agentos.verify({ ...task, language }, candidate, {
      signal,
      ...(asked && { affectedTests: asked }),
      // There is nothing to compare with.
      ...(isUnchanged && { compare: false }),
      onEvent: () => {
        told += 1;
        if (told % 20 === 0) report({ done: told, message: "running tests" });
      },
    });
    if (tests !== undefined && verdict.passed && verdict.basis !== "affected-tests")
      throw mcpError(
        "MCP_NOTHING_TO_JUDGE",
        `No test was run, and nothing is proved: none of ${tests.join(", ")} is a test in the project that can be run here. ${verdict.reason} Correct the paths, or write the tests into the project first.`,
      );
    const outcome = isUnchanged ? undefined : await agentos.learn(agentos.outcome(task, candidate, verdict));
    const data = dataOf(verdict, outcome?.id);
    return { data, text: textOf(data) };
  },
});

function dataOf({ passed, reason, basis, tests, output }: Verdict, outcomeId: string | undefined) {
  const failing = tests.filter(({ status }) => status !== "passed" && status !== "skipped");
  return {
    passed,
    reason,
    basis,
    passing: tests.filter(({ status }) => status === "passed").length,
    failing: failing.slice(0, MOST_TESTS).map(({ name, message, change }) => ({
      name,
      ...(message !== undefined && { message }),
      ...(change !== undefined && { change }),
    })),
    ...(output !== undefined && !passed && { output: output.slice(-MOST_OUTPUT) }),
    ...(outcomeId !== undefined && { outcomeId }),
  };
}

function textOf({ passed, reason, passing, failing, output, outcomeId }: ReturnType<typeof dataOf>): string {
  return [
    `${passed ? "Passed" : "Failed"}: ${onOneLine(reason)}`,
    `${passing} tests passed, ${failing.length} did not.`,
    ...failing.map(({ name, message, change }) => {
      const of = change === undefined ? "" : ` (${change})`;
      return `- ${onOneLine(name)}${of}${message === undefined ? "" : `\n${quoted(message, 1_000)}`}`;
    }),
    ...(output === undefined ? [] : ["What the run printed, as data:", quoted(output, MOST_OUTPUT)]),
    ...(outcomeId === undefined ? [] : [`outcome ${outcomeId}`]),
  ].join("\n");
}
