import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import {
  aliasNames,
  assignedName,
  commandName,
  declarationOf,
  type Folders,
  foldersOf,
  sourcedFile,
} from "./bash-names.js";
import { type Outliner, walkPlaces } from "./outliner.js";

interface Place {
  readonly node: SourceNode;
  readonly inFunction: boolean;
}

/** What the places of one outline share. */
interface Shared {
  readonly out: Outliner;
  readonly folders: Folders;
  /** Variables so far: each is defined where it is first given a value. */
  readonly variables: Set<string>;
}

/** Functions, aliases and global variables of a Bash tree, and the files that it reads in. */
export function outlineBash(out: Outliner): void {
  const shared: Shared = { out, folders: foldersOf(out.tree), variables: new Set() };
  walkPlaces<Place>({ node: out.tree.root, inFunction: false }, (place) => visit(shared, place));
}

function visit(shared: Shared, place: Place): Place {
  const { out, folders } = shared;
  const { node, inFunction } = place;
  switch (node.type) {
    case "function_definition": {
      const name = childOf(node, "name");
      if (name !== undefined) out.add("function", out.tree.textOf(name), node, undefined, docOf(out, node));
      return { node, inFunction: true };
    }
    case "declaration_command": {
      const { isLocal, ofFunctions } = declarationOf(out.tree, node);
      if (ofFunctions || (isLocal && inFunction)) return place;
      for (const child of node.children) {
        const name = child.type === "variable_assignment" ? assignedName(child) : child;
        if (name?.type === "variable_name") variable(shared, name, node);
      }
      return place;
    }
    case "variable_assignment": {
      const name = assignedName(node);
      const isStatement = node.parent?.type !== "command" && node.parent?.type !== "declaration_command";
      if (!inFunction && isStatement && name !== undefined) variable(shared, name, node);
      return place;
    }
    case "command": {
      const file = sourcedFile(out.tree, node, folders);
      if (file !== undefined) out.import(file.specifier);
      if (!inFunction && commandName(out.tree, node)?.name === "alias")
        for (const { name } of aliasNames(out.tree, node))
          out.add("function", name, node, undefined, docOf(out, node));
      return place;
    }
    default:
      return place;
  }
}

function variable({ out, variables }: Shared, name: SourceNode, span: SourceNode): void {
  const text = out.tree.textOf(name);
  if (variables.has(text)) return;
  variables.add(text);
  out.add("variable", text, span, undefined, docOf(out, span));
}

/** The first line of the comment above, unless it speaks to the system or to a tool. */
function docOf(out: Outliner, node: SourceNode): string | undefined {
  const doc = out.commentBefore(node);
  const isDirective =
    doc === undefined || /^(?:\/\S*\/(?:env|bash|sh|dash|zsh)\b|shellcheck\s|vim?:|-\*-)/.test(doc);
  return isDirective ? undefined : doc;
}
