import { isDeepStrictEqual } from "node:util";
import {
  applyEdits,
  type Edit,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { configInvalid } from "../errors.js";
import { insertions, jsonText, layoutOf } from "./json-layout.js";

/**
 * Sets keys of an object in a JSON text, which is made where it is missing. All else stays as it is, to the byte: comments, order and
 * layout, and other keys of the object. Throws `MCP_CONFIG_INVALID`.
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
  try {
    return mark + applyEdits(before, edits(before, path, value, file));
  } catch (cause) {
    // The parser calls itself for each level.
    if (cause instanceof RangeError) throw configInvalid(file, "is nested too deeply", cause);
    throw cause;
  }
}

function edits(
  text: string,
  path: readonly string[],
  value: Readonly<Record<string, unknown>>,
  file: string,
): Edit[] {
  const root = parsed(text, file);
  const layout = layoutOf(text);
  let object = objectNode(root, [], file);
  for (const [depth, key] of path.entries()) {
    const found = only(text, object, key, file);
    if (found === undefined) {
      const inner = path.slice(depth + 1).reduceRight<unknown>((to, name) => ({ [name]: to }), value);
      return [...insertions(text, object, [[key, inner]], layout)];
    }
    object = objectNode(found, path.slice(0, depth + 1), file);
  }
  if (only(text, object, "url", file))
    throw configInvalid(file, `connects to ${path.join(".")} by its url; remove that entry first`);
  const set: Edit[] = [];
  const added: [string, unknown][] = [];
  for (const [key, to] of Object.entries(value)) {
    const found = only(text, object, key, file);
    if (found === undefined) added.push([key, to]);
    // What is so already is not written anew.
    else if (!isDeepStrictEqual(getNodeValue(found), to))
      set.push({ offset: found.offset, length: found.length, content: jsonText(to, layout) });
  }
  return [...set, ...insertions(text, object, added, layout)];
}

function parsed(text: string, file: string): Node {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error === undefined && tree !== undefined) return tree;
  const what = error === undefined ? "empty" : printParseErrorCode(error.error);
  throw configInvalid(file, `does not parse (${what} in line ${lineOf(text, error?.offset ?? 0)})`);
}

function objectNode(node: Node, path: readonly string[], file: string): Node {
  if (node.type === "object") return node;
  throw configInvalid(file, `has no object at ${path.join(".") || "its top"}`);
}

/** The value of a key. Of a key that is there twice, clients read the last one, and people perhaps the first. */
function only(text: string, object: Node, key: string, file: string): Node | undefined {
  const all = object.children?.filter((property) => property.children?.[0]?.value === key) ?? [];
  if (all.length < 2) return all[0]?.children?.[1];
  const lines = all.map(({ offset }) => lineOf(text, offset)).join(" and ");
  throw configInvalid(file, `has the key "${key}" more than once (in lines ${lines})`);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
