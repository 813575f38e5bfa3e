import * as v from "valibot";
import { onOneLine } from "../quoting.js";
import { placeEntries, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Most symbols that are told. */
const MOST = 100;

/** What may break when something changes. */
export const impactTool: Tool = tool({
  name: "impact",
  title: "Impact of a change",
  description:
    "Before changing something: who uses it, directly (steps 1) or through others, and which tests cover it.",
  input: v.strictObject({ what: text("file, name, or file:line") }),
  output: v.object({
    dependents: v.array(v.object({ ...placeEntries, name: v.optional(v.string()), steps: v.number() })),
    tests: v.array(v.string()),
    more: v.optional(v.boolean()),
  }),
  hints: { readOnly: true, idempotent: true },

  async run(opened, { what }, waiting) {
    const { project } = await opened.project(waiting);
    const { signal } = waiting;
    const dependents: { path: string; line: number; name?: string; steps: number }[] = [];
    const tests = new Set<string>();
    const places = await project.places(what, { signal });
    let more = false;
    for (const { path, at } of places) {
      const impact = await project.graph.impact(path, at, { limit: MOST, signal });
      more ||= impact.isCut;
      for (const { path: file, symbol, depth, uses } of impact.dependents) {
        const line = uses[0]?.line ?? symbol?.line ?? 1;
        dependents.push({ path: file, line, steps: depth, ...(symbol && { name: symbol.name }) });
      }
      for (const test of impact.tests) tests.add(test);
    }
    const shown = [
      ...dependents.map(
        ({ path, line, name, steps }) => `${"  ".repeat(steps - 1)}${path}:${line} ${name ?? ""}`,
      ),
      ...[...tests].map((test) => `test ${test}`),
    ].map((line) => `> ${line.replace(/\S.*$/, onOneLine)}`);
    const none = places.length === 0 ? "Nothing of that name is known. Try search_code." : "Nothing uses it.";
    return {
      data: { dependents, tests: [...tests], ...(more && { more }) },
      text: shown.length > 0 ? shown.join("\n") : none,
    };
  },
});
