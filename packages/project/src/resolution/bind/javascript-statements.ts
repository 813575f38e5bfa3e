import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import type { NamePlace } from "../name-facts-builder.js";
import { assignName } from "./javascript-assignments.js";
import { type Around, childOf, type JavaScriptBinder, MOST_DEPTH } from "./javascript-binder.js";
import { bindClass, bindInterface } from "./javascript-classes.js";
import { expressionTerm } from "./javascript-expressions.js";
import { bindFunction, bindTypeParameters } from "./javascript-functions.js";
import { bindExport, bindImport, bindImportAlias } from "./javascript-modules.js";
import { bindPattern } from "./javascript-patterns.js";
import { typeTerm } from "./javascript-types.js";

/** What a statement defines and refers to. */
export function bindStatement(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  binder.deeper(() => bind(binder, node, around));
}

function bind(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const all = (within: Around): void => {
    for (const child of partsOf(node)) bindStatement(binder, child, within);
  };
  const inside = (): Around => ({ ...around, scope: binder.facts.scope(around.scope) });
  /** A function that is all of a branch is known in that branch alone. */
  const branches = (): void => {
    for (const child of partsOf(node))
      bindStatement(binder, child, child.type.endsWith("function_declaration") ? inside() : around);
  };
  switch (node.type) {
    case "variable_declaration":
    case "lexical_declaration": {
      const isVar = node.type === "variable_declaration";
      for (const each of partsOf(node)) bindVariable(binder, each, around, isVar);
      return;
    }
    case "function_declaration":
    case "generator_function_declaration":
    case "function_signature":
      bindFunctionDeclaration(binder, node, around);
      return;
    case "class_declaration":
    case "abstract_class_declaration":
      define(binder, node, around, "class", () => bindClass(binder, node, around));
      return;
    case "interface_declaration":
      define(binder, node, around, "interface", () => bindInterface(binder, node, around), "type");
      return;
    case "type_alias_declaration":
      bindTypeAlias(binder, node, around);
      return;
    case "enum_declaration":
      bindEnum(binder, node, around);
      return;
    case "module":
    case "internal_module":
      bindNamespace(binder, node, around);
      return;
    case "import_statement":
      bindImport(binder, node, around);
      return;
    case "import_alias":
      bindImportAlias(binder, node, around);
      return;
    case "export_statement":
      bindExport(binder, node, around);
      return;
    case "statement_block":
    case "switch_body":
    case "class_body":
      all(inside());
      return;
    case "for_statement":
      all(inside());
      return;
    case "for_in_statement":
      bindForIn(binder, node, inside());
      return;
    case "catch_clause": {
      const within = inside();
      const parameter = childOf(node, "parameter");
      typeTerm(binder, childOf(node, "type"), within);
      if (parameter) bindPattern(binder, parameter, { ...within, kind: "parameter", value: undefined });
      const body = childOf(node, "body");
      if (body) bindStatement(binder, body, within);
      return;
    }
    case "with_statement": {
      const object = childOf(node, "object");
      const of = object && expressionTerm(binder, object, around);
      const within = inside();
      if (of) binder.facts.complete(within.scope, { supers: [of] });
      const body = childOf(node, "body");
      if (body) bindStatement(binder, body, within);
      return;
    }
    case "return_statement": {
      const [value] = partsOf(node);
      const term = value && expressionTerm(binder, value, around);
      if (term !== undefined) around.returns?.push(term);
      return;
    }
    case "labeled_statement": {
      const label = childOf(node, "label");
      const within = inside();
      if (label) binder.facts.define(labelled(binder, label), within.scope, "label");
      const body = childOf(node, "body");
      if (body) bindStatement(binder, body, { ...within, scope: bodyScope(body, around, within) });
      return;
    }
    case "break_statement":
    case "continue_statement": {
      const label = childOf(node, "label");
      if (label === undefined) return;
      const place = labelled(binder, label);
      binder.facts.refer(place, "read", { is: "name", name: place.name, scope: around.scope });
      return;
    }
    case "if_statement":
    case "else_clause":
    case "while_statement":
    case "do_statement":
      branches();
      return;
    case "expression_statement":
    case "ambient_declaration":
    case "try_statement":
    case "finally_clause":
    case "switch_statement":
    case "switch_case":
    case "switch_default":
    case "throw_statement":
    case "decorator":
    case "ERROR":
    case "program":
      all(around);
      return;
    default:
      expressionTerm(binder, node, around);
  }
}

/** A label is no variable: its name is kept apart by the colon that it is written with. */
function labelled(binder: JavaScriptBinder, node: SourceNode): NamePlace {
  return { ...binder.place(node), name: `${binder.text(node)}:` };
}

/** What a labelled declaration declares belongs to the block around. */
function bodyScope(body: SourceNode, around: Around, within: Around): number {
  return /declaration$/.test(body.type) ? around.scope : within.scope;
}

function define(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  kind: DefinitionKind,
  value: () => Term,
  space?: "type" | "value",
): void {
  const name = childOf(node, "name");
  const index = name && binder.facts.define(binder.place(name), around.scope, kind, space ? { space } : {});
  const term = value();
  if (index !== undefined) binder.facts.setValue(index, term);
}

function bindFunctionDeclaration(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const space = binder.typed ? "value" : undefined;
  define(
    binder,
    node,
    around,
    "function",
    () => bindFunction(binder, node, around, { self: undefined }),
    space,
  );
}

function bindVariable(binder: JavaScriptBinder, node: SourceNode, around: Around, isVar: boolean): void {
  const name = childOf(node, "name");
  const initial = childOf(node, "value");
  const type = typeTerm(binder, childOf(node, "type"), around);
  const value = initial && expressionTerm(binder, initial, around);
  if (name === undefined) return;
  const scope = isVar ? around.functionScope : around.scope;
  const known = type ?? value;
  const kind = isRequired(binder, initial, value) ? "import" : "variable";
  if (name.type === "identifier") {
    const more = { ...(known ? { value: known } : {}), ...(binder.typed ? { space: "value" as const } : {}) };
    binder.facts.define(binder.place(name), scope, kind, more);
  } else {
    bindPattern(binder, name, { ...around, scope, kind, value: known });
  }
}

/** What `require` gives is imported, as by an import. */
function isRequired(
  binder: JavaScriptBinder,
  node: SourceNode | undefined,
  value: Term | undefined,
): boolean {
  const callee = node && childOf(node, "function");
  return value?.is === "module" && callee !== undefined && binder.text(callee) === "require";
}

function bindForIn(binder: JavaScriptBinder, node: SourceNode, within: Around): void {
  const left = childOf(node, "left");
  const right = childOf(node, "right");
  const kind = childOf(node, "kind");
  const of = right && expressionTerm(binder, right, within);
  const isOf = node.children.some((child) => child.field === "operator" && child.type === "of");
  const value: Term | undefined = of && isOf ? { is: "element", of } : undefined;
  if (left !== undefined && kind !== undefined) {
    const scope = kind.type === "var" ? within.functionScope : within.scope;
    bindPattern(binder, left, { ...within, scope, kind: "variable", value });
  } else if (left !== undefined) {
    expressionTerm(binder, left, within, "write");
    if (left.type === "identifier") assignName(binder, left, within, value);
  }
  const body = childOf(node, "body");
  if (body) bindStatement(binder, body, within);
}

function bindTypeAlias(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const name = childOf(node, "name");
  const scope = binder.facts.scope(around.scope);
  const index = name && binder.facts.define(binder.place(name), around.scope, "type", { space: "type" });
  bindTypeParameters(binder, node, { ...around, scope });
  const value = typeTerm(binder, childOf(node, "value"), { ...around, scope });
  if (index !== undefined) binder.facts.setValue(index, value);
}

function bindEnum(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const name = childOf(node, "name");
  const scope = binder.facts.scope(around.scope, "all");
  for (const member of partsOf(childOf(node, "body"))) {
    const isAssigned = member.type === "enum_assignment";
    const key = binder.keyPlace(isAssigned ? childOf(member, "name") : member);
    const value = isAssigned ? childOf(member, "value") : undefined;
    if (value) expressionTerm(binder, value, { ...around, scope });
    if (key) binder.facts.define(key, scope, "property");
  }
  if (name === undefined) return;
  // A value of the type has none of its members.
  binder.facts.define(binder.place(name), around.scope, "enum", {
    space: "value",
    value: { is: "object", scope },
  });
  binder.facts.define(binder.place(name), around.scope, "enum", { space: "type" });
}

/** `namespace A.B { … }`, and `declare module "x" { … }`, whose name is no name. */
function bindNamespace(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const name = childOf(node, "name");
  const names =
    name?.type === "nested_identifier" ? namesOf(name) : name?.type === "identifier" ? [name] : [];
  let within = around;
  for (const part of names) {
    const scope = binder.facts.scope(within.scope);
    const value: Term = { is: "object", scope };
    binder.facts.define(binder.place(part), within.scope, "module", { value });
    within = { ...within, scope, functionScope: scope };
  }
  if (names.length === 0) {
    const scope = binder.facts.scope(around.scope);
    within = { ...around, scope, functionScope: scope };
  }
  for (const statement of partsOf(childOf(node, "body"))) bindStatement(binder, statement, within);
}

/** The parts of `A.B.C`, which nests to the left. */
function namesOf(node: SourceNode): readonly SourceNode[] {
  const names: SourceNode[] = [];
  for (let at: SourceNode | undefined = node; at !== undefined; ) {
    const nested: boolean = at.type === "nested_identifier";
    const last: SourceNode | undefined = nested ? partsOf(at).at(-1) : at;
    if (last !== undefined) names.unshift(last);
    at = nested ? partsOf(at)[0] : undefined;
  }
  return names.slice(0, MOST_DEPTH);
}
