import { childOfType, hasToken, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { type Around, childOf, type JavaScriptBinder } from "./javascript-binder.js";
import { expressionTerm } from "./javascript-expressions.js";
import { bindPattern } from "./javascript-patterns.js";
import { bindStatement } from "./javascript-statements.js";
import { anyOf, typeTerm } from "./javascript-types.js";

/** What is known of the function around a body. */
interface FunctionOptions {
  /** What `this` is in it; `keep`: what it is around (arrow functions). */
  readonly self: Around["self"] | "keep";
  /** Whether what it returns is its value: a getter. */
  readonly getter?: boolean;
}

/** A function with its parameters and body in a scope of its own. Its name is the caller's. */
export function bindFunction(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  options: FunctionOptions,
): Term {
  const scope = binder.facts.scope(around.scope);
  const returns: Term[] = [];
  const { self } = options;
  const { self: outer, made: outerMade, put, given, ...rest } = around;
  const keeps = self === "keep";
  // Without types any function may be one that `new` makes things of.
  const instance = self === undefined && !binder.typed ? binder.facts.scope(around.scope, "none") : undefined;
  const own = instance === undefined ? undefined : { scope: instance, static: false, isClass: true };
  const thisOne = keeps ? outer : (self ?? own);
  const made = keeps ? outerMade : self === undefined ? put : undefined;
  const within: Around = {
    ...rest,
    scope,
    functionScope: scope,
    returns,
    ...(thisOne ? { self: thisOne } : {}),
    ...(made ? { made } : {}),
  };
  const typeParameters = bindTypeParameters(binder, node, within);
  const parameters = bindParameters(binder, node, within, given);
  const declared = typeTerm(binder, childOf(node, "return_type"), within);
  const body = childOf(node, "body");
  if (body?.type === "statement_block") {
    for (const statement of partsOf(body)) bindStatement(binder, statement, within);
  } else if (body !== undefined) {
    const value = expressionTerm(binder, body, within);
    if (value !== undefined) returns.push(value);
  }
  const gives = declared === undefined ? returns : [declared];
  if (options.getter) return { is: "any", of: gives };
  return {
    is: "function",
    parameters,
    returns: gives,
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
    // A declared type names the promise itself.
    ...(hasToken(node, "async") && declared === undefined ? { async: true } : {}),
    ...(instance === undefined ? {} : { instance }),
  };
}

export function bindTypeParameters(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
): readonly number[] {
  const list = childOf(node, "type_parameters") ?? childOfType(node, "type_parameters");
  return partsOf(list).flatMap((parameter) => {
    const name = childOf(parameter, "name");
    if (name === undefined) return [];
    const index = binder.facts.define(binder.place(name), around.scope, "typeParameter", { space: "type" });
    const constraint = typeTerm(binder, partsOf(childOf(parameter, "constraint"))[0], around);
    const fallback = typeTerm(binder, partsOf(childOf(parameter, "value"))[0], around);
    binder.facts.setValue(index, fallback ?? constraint);
    return [index];
  });
}

/** Definitions of the parameters, one for each; of a pattern a place that holds no name stands in. */
export function bindParameters(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  given?: Around["given"],
): readonly number[] {
  const called = (parameter: number): Term | undefined =>
    given && { is: "callback", of: given.callee, position: given.position, parameter };
  const single = childOf(node, "parameter");
  if (single !== undefined) return [bindParameter(binder, single, around, called(0))];
  return partsOf(childOf(node, "parameters"))
    .filter((parameter) => parameter.type !== "decorator" && childOf(parameter, "pattern")?.type !== "this")
    .map((parameter, position) => bindParameter(binder, parameter, around, called(position)));
}

function bindParameter(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  called: Term | undefined,
): number {
  for (const decorator of node.children.filter((child) => child.type === "decorator"))
    bindStatement(binder, decorator, around);
  const type = typeTerm(binder, childOf(node, "type"), around);
  const pattern = childOf(node, "pattern") ?? node;
  const value = childOf(node, "value");
  const fallback = value === undefined ? undefined : expressionTerm(binder, value, around);
  const index = bindPattern(binder, pattern, {
    ...around,
    kind: "parameter",
    value: type ?? anyOf([called, fallback]),
  });
  if (index !== undefined) {
    // `constructor(readonly a: A)` makes a member, too.
    const isMember = childOfType(node, "accessibility_modifier") ?? childOfType(node, "readonly");
    if (isMember && around.self) {
      binder.facts.define(binder.place(pattern), around.self.scope, "property", {
        static: false,
        ...(type ? { value: type } : {}),
      });
    }
    return index;
  }
  return -1;
}
