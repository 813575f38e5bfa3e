import { UNCHANGED } from "@agentos/core";
import * as v from "valibot";
import { candidateOf, mustFit, taskOf } from "../change.js";
import { mcpError } from "../errors.js";
import { quotedLine } from "../quoting.js";
import { changeEntries, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** How likely a change will pass, before it is run. */
export const forecastTool: Tool = tool({
  name: "forecast",
  title: "Forecast a change",
  description:
    "The probability that a change will pass, before it is run, from past outcomes and static checks, with reasons. Free; use it to choose among changes.",
  input: v.strictObject({ ...changeEntries, task: text("what the change is for; the same words each time") }),
  output: v.object({
    probability: v.number(),
    evidence: v.pipe(v.number(), v.description("past outcomes it rests on")),
    basis: v.string(),
    reasons: v.array(v.string()),
  }),
  hints: { readOnly: true, idempotent: true },

  async run(opened, { patch, files, task: prompt }, waiting) {
    const candidate = candidateOf({ patch, files });
    if (candidate === UNCHANGED) throw mcpError("MCP_NOTHING_TO_JUDGE", "Give a patch, or files.");
    const { agentos, project } = await opened.project(waiting);
    const task = await taskOf(project, prompt, candidate);
    await mustFit(agentos, task, candidate);
    const { probability, evidence, basis, reasons } = await agentos.forecast(task, candidate, {
      signal: waiting.signal,
    });
    const data = { probability, evidence, basis, reasons: reasons.map(({ text: reason }) => reason) };
    const lines = data.reasons.map(quotedLine);
    return {
      data,
      text: [
        `${Math.round(probability * 100)} % likely to pass (${basis}, ${evidence} outcomes)`,
        ...lines,
      ].join("\n"),
    };
  },
});
