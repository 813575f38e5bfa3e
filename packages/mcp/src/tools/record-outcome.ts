import { type Outcome, type StatedOutcome, UNCHANGED } from "@agentos/core";
import * as v from "valibot";
import { candidateOf, taskOf } from "../change.js";
import { mcpError } from "../errors.js";
import { changeEntries, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Learns what CI or a person said of a change. */
export const recordOutcomeTool: Tool = tool({
  name: "record_outcome",
  title: "Record an outcome",
  description:
    "Tell what CI or a person decided about a change, so that forecasts learn from it: by the outcomeId that verify gave, or by task and change.",
  input: v.strictObject({
    ...changeEntries,
    outcomeId: v.optional(text()),
    task: v.optional(text("as it was given to verify")),
    passed: v.boolean(),
    by: v.picklist(["ci", "person"]),
    reason: v.optional(text()),
  }),
  output: v.object({ outcomeId: v.string() }),
  hints: { readOnly: false, idempotent: false },

  async run(opened, { patch, files, outcomeId, task: prompt, passed, by: basis, reason }, waiting) {
    const said = { passed, basis, ...(reason !== undefined && { reason }) } as const;
    let stated: StatedOutcome;
    if (outcomeId !== undefined) stated = { ...said, outcomeId };
    else {
      const candidate = candidateOf({ patch, files });
      if (prompt === undefined || candidate === UNCHANGED)
        throw mcpError(
          "MCP_NOTHING_TO_JUDGE",
          "Give an outcomeId, or a task together with a patch or files.",
        );
      const { project } = await opened.project(waiting);
      stated = { ...said, task: await taskOf(project, prompt, candidate), candidate };
    }
    const agentos = await opened.agentos();
    const outcome: Outcome = await agentos.learn(stated, { signal: waiting.signal });
    return { data: { outcomeId: outcome.id }, text: `Recorded as outcome ${outcome.id}.` };
  },
});
