import { isDeepStrictEqual } from "node:util";
import {
  applyEdits,
  getNodeValue,
  modify,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { mcpError } from "../errors.js";

/**
 * Sets keys of an object in a JSON text, which is made where it is missing; comments, order and layout of the rest stay, and so do other
 * keys of the object. Throws `MCP_CONFIG_INVALID`.
 */
export function editedJson(
  text: string | undefined,
  path: readonly string[],
  value: Readonly<Record<string, unknown>>,
  file: string,
): string {
  const mark = text?.startsWith("\ufeff") ? "\ufeff" : "";
  const given = text?.slice(mark.length) ?? "";
  const before = given.trim() === "" ? "{}\n" : given;
  const errors: ParseError[] = [];
  const tree = parseTree(before, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error !== undefined || tree === undefined) {
    const line = before.slice(0, error?.offset ?? 0).split("\n").length;
    const what = error === undefined ? "empty" : printParseErrorCode(error.error);
    throw invalid(file, `does not parse (${what} in line ${line})`);
  }
  let at: unknown = getNodeValue(tree);
  for (let depth = 0; depth <= path.length && at !== undefined; depth += 1) {
    if (typeof at !== "object" || at === null || Array.isArray(at))
      throw invalid(file, `has no object at ${path.slice(0, depth).join(".") || "its top"}`);
    if (depth < path.length) at = (at as Record<string, unknown>)[path[depth] ?? ""];
  }
  const tabs = /^\t/m.test(before);
  const spaces = /^( +)\S/m.exec(before)?.[1]?.length ?? 2;
  const eol = before.includes("\r\n") ? "\r\n" : "\n";
  const formattingOptions = { insertSpaces: !tabs, tabSize: tabs ? 1 : spaces, eol };
  const set = (into: string, keys: readonly string[], to: unknown): string =>
    applyEdits(into, modify(into, [...keys], to, { formattingOptions }));
  if (at === undefined) return mark + set(before, path, value);
  const same = at as Record<string, unknown>;
  // What is so already is not written anew.
  const others = Object.entries(value).filter(([key, to]) => !isDeepStrictEqual(same[key], to));
  return mark + others.reduce((into, [key, to]) => set(into, [...path, key], to), before);
}

function invalid(file: string, problem: string): Error {
  return mcpError("MCP_CONFIG_INVALID", `${file} ${problem}. Nothing was written: mend it, or move it away.`);
}
