import { hasToken, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { assignName, assignTo } from "./javascript-assignments.js";
import { type Around, childOf, type JavaScriptBinder, MOST_SPECIFIER } from "./javascript-binder.js";
import { bindClass } from "./javascript-classes.js";
import { bindFunction } from "./javascript-functions.js";
import { bindStatement } from "./javascript-statements.js";
import { anyOf, NOTHING, sequenceOf, typeArguments, typeTerm } from "./javascript-types.js";

/** What an expression stands for, as far as it can be said. Names in it are referred to. */
export function expressionTerm(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  role: ReferenceRole = "read",
): Term | undefined {
  return binder.deeper(() => binder.once(node, () => describe(binder, node, around, role)));
}

function describe(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  role: ReferenceRole,
): Term | undefined {
  const inner = (): readonly (Term | undefined)[] =>
    partsOf(node).map((child) => expressionTerm(binder, child, around));
  switch (node.type) {
    case "identifier":
    case "jsx_identifier":
    case "shorthand_property_identifier":
      return nameTerm(binder, node, around, role);
    case "undefined":
      return undefined;
    case "this":
      return around.made ?? (around.self && thisOf(around.self));
    case "super":
      return around.self && { is: "super", scope: around.self.scope };
    case "member_expression":
    case "nested_identifier":
    case "jsx_namespace_name":
      return memberTerm(binder, node, around, role);
    case "subscript_expression":
      return subscriptTerm(binder, node, around, role);
    case "call_expression":
    case "new_expression":
      return callTerm(binder, node, around);
    case "assignment_expression":
    case "augmented_assignment_expression":
      return assignTo(binder, node, around);
    case "update_expression": {
      const target = childOf(node, "argument");
      if (target === undefined) return undefined;
      const term = expressionTerm(binder, target, around, "write");
      if (target.type === "identifier") assignName(binder, target, around, undefined);
      return term;
    }
    case "arrow_function":
      return bindFunction(binder, node, around, { self: "keep" });
    case "function_expression":
    case "generator_function":
      return namedFunction(binder, node, around);
    case "class":
      return bindClass(binder, node, around);
    case "object":
      return objectTerm(binder, node, around);
    case "array":
      return arrayTerm(partsOf(node), inner());
    case "ternary_expression": {
      const condition = childOf(node, "condition");
      if (condition) expressionTerm(binder, condition, around);
      return anyOf(
        ["consequence", "alternative"].map((field) => {
          const branch = childOf(node, field);
          return branch && expressionTerm(binder, branch, around);
        }),
      );
    }
    case "binary_expression": {
      const sides = inner();
      return hasToken(node, "||") || hasToken(node, "&&") || hasToken(node, "??") ? anyOf(sides) : undefined;
    }
    case "parenthesized_expression":
    case "sequence_expression":
    case "non_null_expression":
    case "spread_element":
      return inner().at(-1);
    case "as_expression":
    case "satisfies_expression":
    case "type_assertion":
      return typedTerm(binder, node, around);
    case "await_expression": {
      const of = inner()[0];
      return of === undefined || of.is === "module" ? of : { is: "await", of };
    }
    case "yield_expression": {
      const value = inner()[0];
      if (value !== undefined) around.returns?.push(value);
      return undefined;
    }
    case "type_arguments":
      typeArguments(binder, node, around);
      return undefined;
    case "jsx_attribute": {
      // Its name is the component's affair.
      for (const child of partsOf(node).slice(1)) expressionTerm(binder, child, around);
      return undefined;
    }
    case "statement_block":
    case "class_body":
      bindStatement(binder, node, around);
      return undefined;
    default:
      inner();
      return undefined;
  }
}

function thisOf(self: NonNullable<Around["self"]>): Term {
  if (self.static) return { is: "class", scope: self.scope };
  return self.isClass ? { is: "instance", scope: self.scope } : { is: "object", scope: self.scope };
}

function nameTerm(binder: JavaScriptBinder, node: SourceNode, around: Around, role: ReferenceRole): Term {
  const place = binder.place(node);
  const term: Term = {
    is: "name",
    name: place.name,
    scope: around.scope,
    ...(binder.typed ? { space: "value" as const } : {}),
  };
  binder.facts.refer(place, role, term);
  return term;
}

function memberTerm(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  role: ReferenceRole,
): Term | undefined {
  const named = partsOf(node);
  const object = childOf(node, "object") ?? named[0];
  const property = childOf(node, "property") ?? named.at(-1);
  if (object === undefined || property === undefined || object === property) return undefined;
  const of = expressionTerm(binder, object, around);
  const place = binder.place(property);
  const term: Term = { is: "member", of: of ?? NOTHING, name: place.name };
  binder.facts.refer(place, role, term);
  // What a prototype has, all have that are made.
  const isPrototype = !binder.typed && place.name === "prototype" && of !== undefined;
  return isPrototype ? { is: "call", of, new: true } : term;
}

function subscriptTerm(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  role: ReferenceRole,
): Term | undefined {
  const object = childOf(node, "object");
  const index = childOf(node, "index");
  const of = object && expressionTerm(binder, object, around);
  if (index === undefined || of === undefined) {
    if (index) expressionTerm(binder, index, around);
    return undefined;
  }
  if (index.type === "string") {
    const key = binder.keyPlace(index);
    if (key === undefined) return undefined;
    const term: Term = { is: "member", of, name: key.name };
    binder.facts.refer(key, role, term);
    return term;
  }
  expressionTerm(binder, index, around);
  const text = binder.text(index);
  if (index.type !== "number" || !/^\d{1,6}$/.test(text)) return { is: "element", of };
  // An object may have that number as a key.
  binder.facts.refer(binder.place(index), role, { is: "member", of, name: text });
  return {
    is: "any",
    of: [
      { is: "element", of, at: Number(text) },
      { is: "member", of, name: text },
    ],
  };
}

function callTerm(binder: JavaScriptBinder, node: SourceNode, around: Around): Term | undefined {
  const callee = childOf(node, "function") ?? childOf(node, "constructor");
  const list = childOf(node, "arguments");
  const loaded = callee && loadedModule(binder, callee, list);
  if (loaded !== undefined) return loaded;
  const of = callee && expressionTerm(binder, callee, around, "call");
  const types = typeArguments(binder, childOf(node, "type_arguments"), around);
  const given =
    list?.type === "arguments"
      ? partsOf(list).map((argument, position) => argumentTerm(binder, argument, around, of, position))
      : [];
  // A tagged template.
  if (list !== undefined && list.type !== "arguments") expressionTerm(binder, list, around);
  if (of === undefined) return undefined;
  const isNew = node.type === "new_expression";
  const call: Term = {
    is: "call",
    of,
    ...(isNew ? { new: true } : {}),
    arguments: given,
    ...(types ? { types } : {}),
  };
  const sequence = isNew && callee && types ? sequenceOf(binder.text(callee), types) : undefined;
  return sequence === undefined ? call : { is: "any", of: [call, sequence] };
}

/** With a spread in it the places of the others are not known. */
function arrayTerm(nodes: readonly SourceNode[], terms: readonly (Term | undefined)[]): Term {
  const isSpread = nodes.map(({ type }) => type === "spread_element");
  if (!isSpread.includes(true)) return { is: "array", items: terms.map((item) => item ?? NOTHING) };
  const all = terms.map((item, at): Term | undefined =>
    item !== undefined && isSpread[at] ? { is: "element", of: item } : item,
  );
  return { is: "array", element: anyOf(all) ?? NOTHING };
}

/** An argument; the parameters of a function that is given are what the callee calls it with. */
function argumentTerm(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  callee: Term | undefined,
  position: number,
): Term {
  const isFunction = node.type === "arrow_function" || node.type === "function_expression";
  const called = callee === undefined || !isFunction ? {} : { given: { callee, position } };
  return expressionTerm(binder, node, { ...around, ...called }) ?? NOTHING;
}

/** `require("x")` and `import("x")`. */
function loadedModule(
  binder: JavaScriptBinder,
  callee: SourceNode,
  list: SourceNode | undefined,
): Term | undefined {
  if (callee.type !== "import" && !(callee.type === "identifier" && binder.text(callee) === "require"))
    return undefined;
  const [first] = partsOf(list);
  if (first === undefined || first.end - first.start > MOST_SPECIFIER) return undefined;
  return first.type === "string" ? { is: "module", specifier: binder.text(first).slice(1, -1) } : undefined;
}

function typedTerm(binder: JavaScriptBinder, node: SourceNode, around: Around): Term | undefined {
  const [first, second] = partsOf(node);
  if (node.type === "type_assertion") {
    typeArguments(binder, first, around);
    return second && expressionTerm(binder, second, around);
  }
  const value = first && expressionTerm(binder, first, around);
  const type = typeTerm(binder, second, around);
  return node.type === "satisfies_expression" ? (value ?? type) : (type ?? value);
}

function namedFunction(binder: JavaScriptBinder, node: SourceNode, around: Around): Term {
  const name = childOf(node, "name");
  if (name === undefined) return bindFunction(binder, node, around, { self: undefined });
  const scope = binder.facts.scope(around.scope);
  const index = binder.facts.define(binder.place(name), scope, "function");
  const value = bindFunction(binder, node, { ...around, scope }, { self: undefined });
  binder.facts.setValue(index, value);
  return value;
}

function objectTerm(binder: JavaScriptBinder, node: SourceNode, around: Around): Term {
  const scope = binder.facts.scope(around.scope, "none");
  const within: Around = { ...around, self: { scope, static: false, isClass: false } };
  for (const part of partsOf(node)) {
    if (part.type === "shorthand_property_identifier") {
      const value = expressionTerm(binder, part, around);
      binder.facts.define(binder.place(part), scope, "property", value ? { value } : {});
    } else if (part.type === "pair") {
      const keyNode = childOf(part, "key");
      if (keyNode?.type === "computed_property_name") expressionTerm(binder, keyNode, around);
      const key = binder.keyPlace(keyNode);
      const valueNode = childOf(part, "value");
      const value = valueNode && expressionTerm(binder, valueNode, around);
      if (key) binder.facts.define(key, scope, "property", value ? { value } : {});
    } else if (part.type === "method_definition") {
      const key = binder.keyPlace(childOf(part, "name"));
      const getter = hasToken(part, "get");
      const value = bindFunction(binder, part, within, { self: within.self, getter });
      if (key) binder.facts.define(key, scope, "method", { value });
    } else {
      expressionTerm(binder, part, around);
    }
  }
  return { is: "object", scope };
}
