import * as v from "valibot";
import { mustExist } from "../paths.js";
import { quotedLine } from "../quoting.js";
import { count, placeEntries, text } from "../shapes.js";
import { type Tool, tool } from "../tool.js";

/** Finds code. */
export const searchCodeTool: Tool = tool({
  name: "search_code",
  title: "Search the project",
  description:
    "Find code by name, words or text, best first; or every line that holds a text or fits a regular expression (as ripgrep), by path.",
  input: v.strictObject({
    query: text(),
    mode: v.optional(v.picklist(["best", "text", "regex"]), "best"),
    path: v.optional(text("file or folder")),
    limit: v.optional(count(200), 20),
  }),
  output: v.object({
    hits: v.array(v.object({ ...placeEntries, text: v.string(), symbol: v.optional(v.string()) })),
    more: v.optional(v.boolean()),
  }),
  hints: { readOnly: true, idempotent: true },

  async run(opened, { query, mode, path, limit }, waiting) {
    const { project } = await opened.project(waiting);
    const within = { limit: limit + 1, signal: waiting.signal, ...(path !== undefined && { path }) };
    const found =
      mode === "best"
        ? (await project.search(query, within)).map(({ path: file, line, text: what, symbol }) => ({
            path: file,
            line,
            text: what,
            ...(symbol && { symbol: `${symbol.kind} ${symbol.name}` }),
          }))
        : (await project.searchText(query, { ...within, regex: mode === "regex" })).map(
            ({ path: file, line, text: what }) => ({ path: file, line, text: what }),
          );
    const hits = found.slice(0, limit);
    const more = found.length > limit;
    if (hits.length === 0) mustExist(project, path);
    const lines = hits.map(({ path: file, line, text: what }) => quotedLine(`${file}:${line}: ${what}`));
    if (more) lines.push("and more: raise limit, or name a path.");
    return {
      data: { hits, ...(more && { more }) },
      text: lines.length > 0 ? lines.join("\n") : "Nothing found.",
    };
  },
});
