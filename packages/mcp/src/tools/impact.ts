import * as v from "valibot";
import { onOneLine, quotedLine } from "../quoting.js";
import { placeEntries, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Definitions of one name that are looked at. */
const MOST_PLACES = 50;
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
    const places = await project.places(what, { limit: MOST_PLACES + 1, signal });
    let more = places.length > MOST_PLACES;
    for (const { path, at } of places.slice(0, MOST_PLACES)) {
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
        ({ path, line, name, steps }) =>
          `> ${"  ".repeat(steps - 1)}${onOneLine(`${path}:${line} ${name ?? ""}`)}`,
      ),
      ...[...tests].map((test) => quotedLine(`test ${test}`)),
    ];
    const none = places.length === 0 ? "Nothing of that name is known. Try search_code." : "Nothing uses it.";
    return {
      data: { dependents, tests: [...tests], ...(more && { more }) },
      text: shown.length > 0 ? [...shown, ...(more ? ["and more."] : [])].join("\n") : none,
    };
  },
});
