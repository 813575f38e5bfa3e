import { MEMORY_KINDS, type Scope } from "@agentos/core";
import * as v from "valibot";
import { text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Keeps a memory. */
export const rememberTool: Tool = tool({
  name: "remember",
  title: "Remember",
  description:
    "Keep one fact, lesson or preference for later sessions, in one or two plain sentences that stand alone. Not for secrets.",
  input: v.strictObject({
    content: text(),
    kind: v.optional(v.picklist([...MEMORY_KINDS]), "fact"),
    tags: v.optional(v.array(v.string())),
    scope: v.optional(
      v.pipe(v.picklist(["project", "user"]), v.description("user: holds for all projects")),
      "project",
    ),
  }),
  output: v.object({ id: v.string() }),
  hints: { readOnly: false, idempotent: true },

  async run(opened, { content, kind, tags, scope: level }) {
    const { memory, scope: own } = await opened.agentos();
    const scope: Scope = level === "user" ? { level } : own;
    const { id } = await memory.remember({
      content,
      kind,
      scope,
      source: { by: "agent" },
      ...(tags && { tags }),
    });
    return { data: { id }, text: `Remembered as ${id}.` };
  },
});
