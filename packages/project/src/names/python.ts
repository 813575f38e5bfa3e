import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";
import { ancestorOf, childOf } from "../drivers/tree-sitter/tree.js";
import type { NameUse } from "./name-use.js";
import { PYTHON_2_BUILTINS, PYTHON_BUILTINS } from "./python-globals.js";

/** Names whose very mention means that names may appear out of nowhere, or that their absence is expected. */
const OPAQUE = new Set([
  "eval",
  "exec",
  "execfile",
  "globals",
  "NameError",
  "builtins",
  "__builtin__",
  "__builtins__",
]);

/** Other ways to put names into a module: through its own entry in `sys.modules`, a frame, or `Enum._convert_`. */
const MAKES_NAMES = /sys\.modules\[__name__\]|\b_getframe\b|\._convert_?\(/;

/** What an author writes behind a name that a linter does not see defined. */
const NOQA = /#\s*(?:noqa|pylint:|type:\s*ignore|pyright:)/i;

/** Calls without arguments that hand out a namespace. */
const NAMESPACES = new Set(["locals", "vars"]);

/** What a text that also runs on Python 2 mentions. */
const VERSION_CHECK =
  /version_info|hexversion|sys\.version|\bPY_?[23]|\bsix\b|python_?2|is_py[23]|\b(?:bytes is|str is not|is) (?:str|bytes)\b/i;

const TARGET_CONTAINERS = new Set([
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "list_splat_pattern",
  "tuple",
  "list",
  "list_splat",
  "parenthesized_expression",
  "expression_list",
]);

const FUNCTIONS = new Set(["function_definition", "lambda"]);
const SCOPES = new Set(["function_definition", "lambda", "class_definition", "module"]);

/** Names that a Python text reads and nothing in it, nor the language, defines. */
export function undefinedPythonNames(tree: SourceTree): NameUse[] {
  const defined = new Set<string>();
  const reads: SourceNode[] = [];
  const lazyAnnotations = /^from\s+__future__\s+import\s[^#]*\bannotations\b/m.test(tree.text);
  if (MAKES_NAMES.test(tree.text)) return [];
  for (const node of tree.nodes) {
    if (node.type === "wildcard_import") return [];
    if (node.type === "call" && handsOutNamespace(tree, node)) return [];
    if (node.type !== "identifier") continue;
    const name = tree.textOf(node);
    if (OPAQUE.has(name) && node.parent?.type !== "attribute") return [];
    const role = roleOf(node);
    if (role === "definition") defined.add(name);
    else if (role === "read" && !(isUnevaluated(node, lazyAnnotations) || isDunder(name))) reads.push(node);
  }
  const isSilenced = (node: SourceNode): boolean => NOQA.test(tree.lineText(tree.lineAt(node.start)));
  const bothVersions = VERSION_CHECK.test(tree.text);
  return reads
    .filter((node) => {
      const name = tree.textOf(node);
      if (defined.has(name) || PYTHON_BUILTINS.has(name)) return false;
      return !((bothVersions && PYTHON_2_BUILTINS.has(name)) || isSilenced(node));
    })
    .map((node) => ({ name: tree.textOf(node), offset: node.start }));
}

type Role = "definition" | "read" | "neither";

function roleOf(node: SourceNode): Role {
  const parent = node.parent;
  if (parent === undefined) return "neither";
  switch (parent.type) {
    case "attribute":
      return node.field === "attribute" ? "neither" : "read";
    case "keyword_argument":
      return node.field === "name" ? "neither" : "read";
    case "keyword_pattern":
      return parent.children[0] === node ? "neither" : "read";
    case "member_type":
    case "delete_statement":
      return "neither";
    case "function_definition":
    case "class_definition":
    case "named_expression":
    case "default_parameter":
    case "typed_default_parameter":
      return node.field === "name" ? "definition" : "read";
    case "typed_parameter":
      return node.field === "type" ? "read" : "definition";
    case "parameters":
    case "lambda_parameters":
    case "dictionary_splat_pattern":
    case "global_statement":
    case "nonlocal_statement":
    case "splat_pattern":
    case "as_pattern_target":
      return "definition";
    case "aliased_import":
      return node.field === "alias" ? "definition" : "neither";
    case "dotted_name":
      return roleInDottedName(node, parent);
    case "as_pattern":
      return parent.parent?.type === "case_pattern" ? "definition" : "read";
    default:
      return isTarget(node) || isTypeParameter(node) ? "definition" : "read";
  }
}

function roleInDottedName(node: SourceNode, dotted: SourceNode): Role {
  const owner = dotted.parent;
  const first = dotted.children[0] === node;
  if (owner === undefined) return "neither";
  if (owner.type === "import_statement") return first ? "definition" : "neither";
  if (owner.type === "import_from_statement" || owner.type === "future_import_statement") {
    return dotted.field === "name" ? "definition" : "neither";
  }
  if (owner.type === "case_pattern" || owner.type === "keyword_pattern") {
    if (!first) return "neither";
    return dotted.children.length === 1 ? "definition" : "read";
  }
  if (owner.type === "class_pattern" || owner.type === "dict_pattern") return first ? "read" : "neither";
  // Decorators of old grammars, relative imports and aliased imports.
  return owner.type === "decorator" && first ? "read" : "neither";
}

/** Whether it is what an assignment, a loop, a comprehension or a `with` binds, however deep in a tuple or list. */
function isTarget(node: SourceNode): boolean {
  let child = node;
  let parent = node.parent;
  while (parent !== undefined && TARGET_CONTAINERS.has(parent.type)) {
    if (parent.type === "list_splat_pattern" || parent.type.endsWith("_pattern")) return true;
    child = parent;
    parent = parent.parent;
  }
  if (parent === undefined) return false;
  if (parent.type === "as_pattern_target") return true;
  if (parent.type === "delete_statement") return true;
  const binds =
    parent.type === "assignment" || parent.type === "for_statement" || parent.type === "for_in_clause";
  return binds && child.field === "left";
}

/** `T` in `def f[T]`, `class A[T]` and `type X[T] = …`, and the `X` there. */
function isTypeParameter(node: SourceNode): boolean {
  let child: SourceNode = node;
  for (let parent = node.parent; parent !== undefined; child = parent, parent = parent.parent) {
    if (child.type === "type_parameter" && child.field === "type_parameters") return true;
    if (parent.type === "type_alias_statement") return child.field === "left";
    if (parent.type.endsWith("_definition") || parent.type === "block") return false;
  }
  return false;
}

/** Annotations of local variables are never evaluated, nor are any after `from __future__ import annotations`. */
function isUnevaluated(node: SourceNode, lazyAnnotations: boolean): boolean {
  for (let child = node; child.parent !== undefined; child = child.parent) {
    const parent = child.parent;
    if (parent.type === "type_alias_statement") return true;
    if (SCOPES.has(parent.type) && child.field === "body") return false;
    const annotates = child.type === "type" && (child.field === "type" || child.field === "return_type");
    if (!annotates) continue;
    if (lazyAnnotations) return true;
    if (parent.type !== "assignment") continue;
    const scope = ancestorOf(parent, SCOPES);
    return scope !== undefined && FUNCTIONS.has(scope.type);
  }
  return false;
}

function handsOutNamespace(tree: SourceTree, call: SourceNode): boolean {
  const callee = childOf(call, "function");
  if (callee?.type !== "identifier" || !NAMESPACES.has(tree.textOf(callee))) return false;
  return !childOf(call, "arguments")?.children.some((child) => child.named);
}

/** Python sets or expects these itself: `__file__`, `__class__`, `__debug__`. */
function isDunder(name: string): boolean {
  return name.startsWith("__") && name.endsWith("__");
}
