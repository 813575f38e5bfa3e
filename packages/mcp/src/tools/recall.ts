import { MEMORY_KINDS } from "@agentos/core";
import * as v from "valibot";
import { quotedLine } from "../quoting.js";
import { count, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Finds what was remembered. */
export const recallTool: Tool = tool({
  name: "recall",
  title: "Recall memories",
  description:
    "Find what was remembered about this project and user: decisions, lessons, preferences. Call it before a change.",
  input: v.strictObject({
    query: text(),
    kind: v.optional(v.picklist([...MEMORY_KINDS])),
    limit: v.optional(count(50), 8),
  }),
  output: v.object({
    memories: v.array(
      v.object({
        id: v.string(),
        kind: v.string(),
        content: v.string(),
        score: v.number(),
        outside: v.optional(v.boolean()),
      }),
    ),
  }),
  hints: { readOnly: true, idempotent: true },

  async run(opened, { query, kind, limit }, { signal }) {
    const { memory, scopes } = await opened.agentos();
    const found = await memory.recall(query, {
      limit,
      scopes,
      signal,
      ...(kind && { kinds: [kind] }),
    });
    const memories = found.map(({ memory: { id, kind: of, content, trust }, score }) => ({
      id,
      kind: of,
      content,
      score: Math.round(score * 1_000) / 1_000,
      ...(trust === "outside" && { outside: true }),
    }));
    const lines = memories.map(({ kind: of, content, outside }) =>
      quotedLine(`(${of}${outside ? ", from outside" : ""}) ${content}`),
    );
    return {
      data: { memories },
      text: lines.length > 0 ? lines.join("\n") : "Nothing is remembered about that.",
    };
  },
});
