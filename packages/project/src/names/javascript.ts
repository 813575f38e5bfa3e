import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";
import { childOf } from "../drivers/tree-sitter/tree.js";
import {
  AMBIGUOUS_GLOBALS,
  BROWSER_GLOBALS,
  BROWSER_INTERFACE,
  BROWSER_SIGN,
  JAVASCRIPT_GLOBALS,
} from "./javascript-globals.js";
import type { NameUse } from "./name-use.js";

/** Where only types are written: names in there are no reads, nor are parameter names definitions. */
const TYPE_CONTEXTS = new Set(
  `type_annotation type_predicate_annotation asserts_annotation type_predicate asserts type_arguments type_parameters
  type_alias_declaration interface_declaration nested_type_identifier generic_type type_query function_type
  constructor_type object_type tuple_type union_type intersection_type conditional_type lookup_type index_type_query
  template_literal_type array_type readonly_type parenthesized_type implements_clause extends_type_clause
  literal_type infer_type index_signature omitting_type_annotation opting_type_annotation adding_type_annotation
  mapped_type_clause constraint default_type rest_type optional_type property_signature method_signature
  call_signature construct_signature abstract_method_signature flow_maybe_type existential_type`.split(/\s+/),
);

const DECLARATIONS = new Set(
  `function_declaration generator_function_declaration function_expression generator_function function_signature
  class class_declaration abstract_class_declaration enum_declaration internal_module module variable_declarator
  interface_declaration type_alias_declaration`.split(/\s+/),
);

const GLOBAL_OBJECTS = new Set(["globalThis", "global", "window", "self"]);

/** Names that a text reads and nothing in it, nor the language, defines. For JavaScript and TypeScript. */
export function undefinedJavaScriptNames(tree: SourceTree): NameUse[] {
  const defined = commentedGlobals(tree.text);
  if (defined === undefined) return [];
  const reads: SourceNode[] = [];
  let skipTo = -1;
  for (const node of tree.nodes) {
    if (node.start < skipTo && node.end <= skipTo) continue;
    if (node.type === "with_statement") return [];
    if (isDead(tree, node)) {
      skipTo = Math.max(skipTo, node.end);
      continue;
    }
    if (TYPE_CONTEXTS.has(node.type)) {
      const name = DECLARATIONS.has(node.type) ? childOf(node, "name") : undefined;
      if (name !== undefined) defined.add(tree.textOf(name));
      skipTo = Math.max(skipTo, node.end);
      continue;
    }
    const role = roleOf(tree, node);
    if (role === "definition") defined.add(tree.textOf(node));
    else if (role === "read") {
      const name = tree.textOf(node);
      if (name === "eval" || (GLOBAL_OBJECTS.has(name) && handsOver(node))) return [];
      if (isExtended(tree, node)) defined.add(name);
      else reads.push(node);
    } else if (role === "global") {
      const property = childOf(node, "property");
      if (property !== undefined) defined.add(tree.textOf(property));
    }
  }
  if (isSuiteOfScripts(tree, reads)) return [];
  const anyHost = BROWSER_SIGN.test(tree.text) || HOST_CHECK.test(tree.text);
  return reads
    .map((node) => ({ name: tree.textOf(node), offset: node.start }))
    .filter(({ name }) => !(defined.has(name) || isSupplied(name, anyHost)));
}

type Role = "definition" | "read" | "neither" | "global";

function roleOf(tree: SourceTree, node: SourceNode): Role {
  const parent = node.parent;
  if (parent === undefined) return "neither";
  switch (node.type) {
    case "shorthand_property_identifier":
      return "read";
    case "shorthand_property_identifier_pattern":
      return "definition";
    case "type_identifier":
      return node.field === "name" && DECLARATIONS.has(parent.type) ? "definition" : "neither";
    case "property_identifier":
      // Members of an enum read one another by their bare names.
      return parent.type === "enum_body" || parent.type === "enum_assignment" ? "definition" : "neither";
    case "member_expression":
      return isGlobalProperty(tree, node) ? "global" : "neither";
    case "identifier":
      return roleOfIdentifier(tree, node, parent);
    default:
      return "neither";
  }
}

function roleOfIdentifier(tree: SourceTree, node: SourceNode, parent: SourceNode): Role {
  if (DECLARATIONS.has(parent.type)) return node.field === "name" ? "definition" : "read";
  switch (parent.type) {
    case "formal_parameters":
    case "import_clause":
    case "namespace_import":
    case "import_require_clause":
    case "object_pattern":
    case "array_pattern":
    case "rest_pattern":
    case "pair_pattern":
      return "definition";
    case "required_parameter":
    case "optional_parameter":
      return node.field === "pattern" || node.field === "name" ? "definition" : "read";
    case "arrow_function":
    case "catch_clause":
      return node.field === "parameter" ? "definition" : "read";
    case "assignment_pattern":
    case "object_assignment_pattern":
    case "for_in_statement":
    case "assignment_expression":
      // Assigning to a name that was never declared makes a global where the code is sloppy.
      return node.field === "left" ? "definition" : "read";
    case "import_specifier":
      return node.field === "alias" || childOf(parent, "alias") === undefined ? "definition" : "neither";
    case "import_alias":
      return parent.children.find((child) => child.type === "identifier") === node ? "definition" : "neither";
    case "nested_identifier":
      return isModuleName(node) ? "definition" : "neither";
    case "export_specifier":
      return node.field === "name" && !isReExport(parent) ? "read" : "neither";
    case "namespace_export":
    case "jsx_namespace_name":
    case "meta_property":
      return "neither";
    case "export_statement":
      return parent.children.some((child) => child.type === "namespace") ? "neither" : "read";
    case "jsx_opening_element":
    case "jsx_self_closing_element":
    case "jsx_closing_element":
      return /^[a-z]|-/.test(tree.textOf(node)) ? "neither" : "read";
    default:
      // `typeof x` never throws, and whoever asks it expects that x may be missing.
      return isTypeofOperand(node) ? "definition" : "read";
  }
}

/** `typeof x`, `typeof (x)` and, in conditions of old code, `"undefined" != typeof x`. */
function isTypeofOperand(node: SourceNode): boolean {
  let parent = node.parent;
  while (parent?.type === "parenthesized_expression") parent = parent.parent;
  return parent?.type === "unary_expression" && parent.children[0]?.type === "typeof";
}

function isModuleName(node: SourceNode): boolean {
  let top = node;
  while (top.parent?.type === "nested_identifier") top = top.parent;
  return top.field === "name" && (top.parent?.type === "internal_module" || top.parent?.type === "module");
}

/** `export { a } from "b"` and `export type { A }`, which read nothing here. */
function isReExport(specifier: SourceNode): boolean {
  const statement = specifier.parent?.parent;
  if (specifier.children.some((child) => child.type === "type")) return true;
  return statement?.children.some((child) => child.field === "source" || child.type === "type") === true;
}

/** `globalThis.x` and its like: whoever uses a name as a property of the global object may read it bare, too. */
function isGlobalProperty(tree: SourceTree, member: SourceNode): boolean {
  const object = childOf(member, "object");
  return object?.type === "identifier" && GLOBAL_OBJECTS.has(tree.textOf(object));
}

/** Whether the global object itself goes somewhere that may add to it: an argument, an alias, a computed property. */
function handsOver(node: SourceNode): boolean {
  const parent = node.parent;
  switch (parent?.type) {
    case "member_expression":
      return node.field !== "object";
    case "binary_expression":
    case "unary_expression":
    case "parenthesized_expression":
    case "if_statement":
      return false;
    default:
      return true;
  }
}

function isSupplied(name: string, anyHost: boolean): boolean {
  return (
    JAVASCRIPT_GLOBALS.has(name) ||
    BROWSER_GLOBALS.has(name) ||
    BROWSER_INTERFACE.test(name) ||
    (anyHost && AMBIGUOUS_GLOBALS.has(name)) ||
    // Bundlers put such names in: __DEV__, __webpack_require__, __toESM.
    name.startsWith("__") ||
    name === "await" ||
    name === "yield"
  );
}

/** `lunr.Index = …` as a statement at the top: the script adds to a library that another script has loaded. */
function isExtended(tree: SourceTree, node: SourceNode): boolean {
  let target = node;
  while (target.parent?.type === "member_expression" && target.field === "object") target = target.parent;
  const assignment = target.parent;
  return (
    target !== node &&
    assignment?.type === "assignment_expression" &&
    target.field === "left" &&
    assignment.parent?.parent === tree.root
  );
}

/** What never runs: `0 && (module.exports = { a })`, which bundlers write for other tools, and `false ? a : b`. */
function isDead(tree: SourceTree, node: SourceNode): boolean {
  const above = node.parent;
  if (above?.type === "ternary_expression") {
    const condition = childOf(above, "condition")?.type;
    return (
      (condition === "true" && node.field === "alternative") ||
      (condition === "false" && node.field === "consequence")
    );
  }
  const [left, operator] = node.children;
  return (
    node.type === "binary_expression" &&
    operator?.type === "&&" &&
    left !== undefined &&
    tree.textOf(left) === "0"
  );
}

/** Scripts without imports that call a test runner's globals are loaded by a page or a runner that supplies more. */
function isSuiteOfScripts(tree: SourceTree, reads: readonly SourceNode[]): boolean {
  if (/\b(?:require|import|export|module\.exports)\b/.test(tree.text)) return false;
  return reads.some((node) => node.parent?.type === "call_expression" && SUITE.test(tree.textOf(node)));
}

const SUITE = /^(?:describe|suite|test|it|QUnit|bench)$/;

/** What a script asks that runs on several hosts: it may use the globals of each. */
const HOST_CHECK = /typeof\s*\(?\s*(?:require|load|print|java|importPackage|WScript)\b/;

/** Names that `global a, b` comments of linters state; undefined when the text declares globals that lie elsewhere. */
function commentedGlobals(text: string): Set<string> | undefined {
  if (/^\s*\/\/\/\s*<reference\b/m.test(text)) return undefined;
  const names = new Set<string>();
  for (const comment of text.matchAll(/\/[*/]\s*(?:globals?|exported)\s([^*\n]*)/g)) {
    for (const name of comment[1]?.matchAll(/[\w$]+/g) ?? []) names.add(name[0]);
  }
  return names;
}
