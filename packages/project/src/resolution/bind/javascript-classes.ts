import { childOfType, hasToken, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { type Around, childOf, type JavaScriptBinder } from "./javascript-binder.js";
import { expressionTerm } from "./javascript-expressions.js";
import { bindFunction, bindTypeParameters } from "./javascript-functions.js";
import { bindStatement } from "./javascript-statements.js";
import { bindMembers, genericTerm, keyOf, namedType, typeArguments, typeTerm } from "./javascript-types.js";

/** A class with its members in a scope of their own. The name of a declaration is the caller's; that of an expression its own. */
export function bindClass(binder: JavaScriptBinder, node: SourceNode, around: Around): Term {
  const outer = binder.facts.scope(around.scope);
  const members = binder.facts.scope(outer, "none");
  const value: Term = { is: "class", scope: members };
  const name = childOf(node, "name");
  if (node.type === "class" && name) binder.facts.define(binder.place(name), outer, "class", { value });
  const within: Around = { ...around, scope: outer, functionScope: outer };
  for (const decorator of node.children.filter((child) => child.type === "decorator"))
    bindStatement(binder, decorator, around);
  const typeParameters = bindTypeParameters(binder, node, within);
  const supers = partsOf(childOfType(node, "class_heritage")).flatMap((part) =>
    superTerms(binder, part, within),
  );
  binder.facts.complete(members, { supers, ...(typeParameters.length > 0 ? { typeParameters } : {}) });
  for (const member of partsOf(childOf(node, "body"))) bindMember(binder, member, within, members);
  return value;
}

function superTerms(binder: JavaScriptBinder, part: SourceNode, around: Around): readonly Term[] {
  if (part.type === "implements_clause") {
    return partsOf(part).flatMap((type) => inheritedType(binder, type, around));
  }
  if (part.type !== "extends_clause") return [expressionTerm(binder, part, around, "inherit") ?? []].flat();
  const value = childOf(part, "value");
  const of = value && expressionTerm(binder, value, around, "inherit");
  const types = typeArguments(binder, childOf(part, "type_arguments"), around);
  if (of === undefined) return [];
  // With type arguments it is an instance of it that says what they are bound to.
  return types === undefined ? [of] : [of, { is: "type", of, types }];
}

/** An interface with its members in a scope of their own. */
export function bindInterface(binder: JavaScriptBinder, node: SourceNode, around: Around): Term {
  const outer = binder.facts.scope(around.scope);
  const within = { ...around, scope: outer };
  const members = binder.facts.scope(outer, "none");
  const typeParameters = bindTypeParameters(binder, node, within);
  const clause = childOfType(node, "extends_type_clause", "extends_clause");
  const supers = partsOf(clause).flatMap((type) => inheritedType(binder, type, within));
  binder.facts.complete(members, { supers, ...(typeParameters.length > 0 ? { typeParameters } : {}) });
  const body = childOf(node, "body");
  if (body) bindMembers(binder, body, within, members);
  return { is: "class", scope: members };
}

function inheritedType(binder: JavaScriptBinder, type: SourceNode, around: Around): readonly Term[] {
  if (type.type !== "generic_type") return [namedType(binder, type, around, "inherit")];
  return [genericTerm(binder, type, around, "inherit") ?? []].flat();
}

function bindMember(binder: JavaScriptBinder, member: SourceNode, around: Around, members: number): void {
  const isStatic = hasToken(member, "static");
  const within: Around = {
    ...around,
    self: { scope: members, static: isStatic, isClass: true },
    made: undefined,
  };
  const key = keyOf(binder, childOf(member, "name") ?? childOf(member, "property"), around);
  for (const decorator of member.children.filter((child) => child.type === "decorator"))
    bindStatement(binder, decorator, around);
  switch (member.type) {
    case "method_definition":
    case "method_signature":
    case "abstract_method_signature": {
      const getter = hasToken(member, "get");
      const value = bindFunction(binder, member, within, { self: within.self, getter });
      if (key)
        binder.facts.define(key, members, "method", {
          static: isStatic,
          ...(hasToken(member, "set") ? {} : { value }),
        });
      return;
    }
    case "public_field_definition":
    case "field_definition": {
      const type = typeTerm(binder, childOf(member, "type"), within);
      const initial = childOf(member, "value");
      const value = initial && expressionTerm(binder, initial, within);
      const known = type ?? value;
      if (key)
        binder.facts.define(key, members, "property", {
          static: isStatic,
          ...(known ? { value: known } : {}),
        });
      return;
    }
    case "class_static_block": {
      const body = childOf(member, "body");
      if (body)
        bindStatement(binder, body, { ...within, self: { scope: members, static: true, isClass: true } });
      return;
    }
    case "decorator":
      bindStatement(binder, member, around);
      return;
    default:
      for (const child of partsOf(member)) typeTerm(binder, child, within);
  }
}
