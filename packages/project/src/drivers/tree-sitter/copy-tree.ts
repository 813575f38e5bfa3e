import type { Tree } from "web-tree-sitter";
import { projectError } from "../../errors.js";
import { type SourceNode, SourceTree } from "./tree.js";

/** The symbol number that tree-sitter gives to an ERROR node. */
const ERROR_TYPE = 65_535;

/** Copies a tree out of WebAssembly memory. The caller deletes the tree. */
export function copyTree(tree: Tree, text: string, maxNodes: number): SourceTree {
  const { types, fields } = tree.language;
  const named = types.map((_, id) => tree.language.nodeTypeIsNamed(id));
  const nodes: SourceNode[] = [];
  let errorOffset: number | undefined;
  let parent: SourceNode | undefined;
  const cursor = tree.walk();
  try {
    while (true) {
      const typeId = cursor.nodeTypeId;
      const start = cursor.startIndex;
      const end = cursor.endIndex;
      const isError = typeId === ERROR_TYPE;
      // A missing token is empty, and so are a few real nodes: only those need the extra question.
      if (errorOffset === undefined && (isError || (start === end && cursor.nodeIsMissing))) {
        errorOffset = firstOffset(text, start, end);
      }
      const node: SourceNode = {
        type: isError ? "ERROR" : (types[typeId] ?? "ERROR"),
        named: isError || named[typeId] === true,
        field: fields[cursor.currentFieldId] ?? undefined,
        start,
        end,
        parent,
        index: parent?.children.length ?? 0,
        children: [],
      };
      nodes.push(node);
      parent?.children.push(node);
      if (nodes.length > maxNodes) {
        throw projectError(
          "PROJECT_PARSE_FAILED",
          `The text has more than ${maxNodes} syntax nodes. Raise maxNodes or leave the file out.`,
        );
      }
      if (cursor.gotoFirstChild()) {
        parent = node;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return new SourceTree(text, nodes, errorOffset);
        parent = parent?.parent;
      }
    }
  } finally {
    cursor.delete();
  }
}

/** An error node often starts with blanks that belong to nobody. */
function firstOffset(text: string, start: number, end: number): number {
  let offset = start;
  while (offset < end && /\s/.test(text.charAt(offset))) offset += 1;
  return offset < end ? offset : start;
}
