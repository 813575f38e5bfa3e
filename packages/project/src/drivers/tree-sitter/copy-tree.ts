import type { Language, Tree } from "web-tree-sitter";
import { projectError } from "../../errors.js";
import { type SourceNode, SourceTree } from "./tree.js";
import type { TreeReader } from "./tree-reader.js";

/** The symbol number that tree-sitter gives to an ERROR node. */
const ERROR_TYPE = 65_535;

/** A node while its tree is copied. */
type GrowingNode = Omit<SourceNode, "children"> & { children: SourceNode[] };

/** The children of all leaves: most nodes are leaves, and an array for each would take half of the time. */
const NONE: SourceNode[] = [];

/** What the numbers in the trees of a grammar stand for. */
export interface NodeNames {
  readonly types: readonly string[];
  readonly named: readonly boolean[];
  /** Without one at 0. */
  readonly fields: readonly (string | null | undefined)[];
}

/** Asks a grammar for its names. */
export function nodeNames(grammar: Language): NodeNames {
  const { types, fields } = grammar;
  return { types, fields, named: types.map((_, id) => grammar.nodeTypeIsNamed(id)) };
}

/** How a tree is copied. */
export interface CopyOptions {
  readonly names: NodeNames;
  readonly reader: TreeReader;
  /** Nodes above which it is given up with `PROJECT_PARSE_FAILED`. */
  readonly maxNodes: number;
}

/** Copies a tree out of WebAssembly memory. The caller deletes the tree. */
export function copyTree(tree: Tree, text: string, options: CopyOptions): SourceTree {
  const { names, reader, maxNodes } = options;
  const { types, fields, named } = names;
  const nodes: SourceNode[] = [];
  let errorOffset: number | undefined;
  let parent: GrowingNode | undefined;
  reader.open(tree);
  try {
    while (true) {
      const typeId = reader.typeId();
      const start = reader.start();
      const end = reader.end();
      const isError = typeId === ERROR_TYPE;
      // A missing token is empty, and so are a few real nodes: only those need the extra question.
      if (errorOffset === undefined && (isError || (start === end && reader.isMissing()))) {
        errorOffset = firstOffset(text, start, end);
      }
      const node: GrowingNode = {
        type: isError ? "ERROR" : (types[typeId] ?? "ERROR"),
        named: isError || named[typeId] === true,
        field: fields[reader.fieldId()] ?? undefined,
        start,
        end,
        parent,
        index: parent?.children.length ?? 0,
        children: NONE,
      };
      nodes.push(node);
      if (parent !== undefined) {
        if (parent.children === NONE) parent.children = [node];
        else parent.children.push(node);
      }
      if (nodes.length > maxNodes) {
        throw projectError(
          "PROJECT_PARSE_FAILED",
          `The text has more than ${maxNodes} syntax nodes. Raise maxNodes or leave the file out.`,
        );
      }
      if (reader.toFirstChild()) {
        parent = node;
        continue;
      }
      while (!reader.toNextSibling()) {
        if (!reader.toParent()) return new SourceTree(text, nodes, errorOffset);
        parent = parent?.parent as GrowingNode | undefined;
      }
    }
  } finally {
    reader.close();
  }
}

/** An error node often starts with blanks that belong to nobody. */
function firstOffset(text: string, start: number, end: number): number {
  let offset = start;
  while (offset < end && /\s/.test(text.charAt(offset))) offset += 1;
  return offset < end ? offset : start;
}
