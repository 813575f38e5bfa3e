import {
  applyEdits,
  getNodeValue,
  modify,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { mcpError } from "../errors.js";

/** Sets one value of a JSON text; comments, order and layout of the rest stay. Throws `MCP_CONFIG_INVALID`. */
export function editedJson(
  text: string | undefined,
  path: readonly string[],
  value: unknown,
  file: string,
): string {
  const before = text === undefined || text.trim() === "" ? "{}\n" : text;
  const errors: ParseError[] = [];
  const tree = parseTree(before, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error !== undefined || tree === undefined) {
    const line = before.slice(0, error?.offset ?? 0).split("\n").length;
    const what = error === undefined ? "empty" : printParseErrorCode(error.error);
    throw invalid(file, `does not parse (${what} in line ${line})`);
  }
  for (let depth = 0, at: unknown = getNodeValue(tree); depth < path.length && at !== undefined; depth += 1) {
    if (typeof at !== "object" || at === null || Array.isArray(at))
      throw invalid(file, `has no object at ${path.slice(0, depth).join(".") || "its top"}`);
    at = (at as Record<string, unknown>)[path[depth] ?? ""];
  }
  const tabs = /^\t/m.test(before);
  const spaces = /^( +)\S/m.exec(before)?.[1]?.length ?? 2;
  const eol = before.includes("\r\n") ? "\r\n" : "\n";
  const formattingOptions = { insertSpaces: !tabs, tabSize: tabs ? 1 : spaces, eol };
  return applyEdits(before, modify(before, [...path], value, { formattingOptions }));
}

function invalid(file: string, problem: string): Error {
  return mcpError("MCP_CONFIG_INVALID", `${file} ${problem}. Nothing was written: mend it, or move it away.`);
}
