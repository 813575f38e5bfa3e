import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { type Declared, declaredBy } from "../../outline/c-declarators.js";
import type { Term } from "../name-facts.js";
import type { CBinder } from "./c-binder.js";
import { declaredType } from "./c-types.js";
import { Locals } from "./locals.js";
import type { Walk } from "./walk.js";

export function newLocals(c: CBinder, scope: number): Locals {
  return new Locals(c.facts, scope);
}

/** What is within brackets and parameters around a name, without the parameters of a function itself. */
export function* sizes(c: CBinder, { around: parts }: Declared): Walk {
  for (const part of parts) if (part.type === "array_declarator") yield c.visit(childOf(part, "size"));
  return undefined;
}

/** Also the parameters of functions that are pointed to, which have names for themselves alone. */
export function* pointedFunctions(c: CBinder, { around: parts }: Declared): Walk {
  for (const part of parts) {
    if (part.type !== "function_declarator") continue;
    yield c.within({ locals: newLocals(c, c.frame.scope), inClass: false }, () => parameters(c, part, []));
  }
  return undefined;
}

/** Defines the parameters of a function as locals, and gives the function. */
export function* signature(c: CBinder, declared: Declared, type: Term | undefined): Walk {
  const indexes: number[] = [];
  const { function: own } = declared;
  const isCast = declared.name.type === "operator_cast";
  const cast = isCast ? yield c.visit(childOf(declared.name, "type")) : undefined;
  let behind: Term | undefined;
  for (const part of declared.around) {
    if (part.type !== "function_declarator") continue;
    const returned = yield parameters(c, part, part === own ? indexes : []);
    if (part === own) behind = returned;
  }
  let value = cast ?? type;
  for (const part of declared.around) {
    if (part === own) break;
    if (part.type === "pointer_declarator") value = c.terms.any(value, c.terms.sequence(value));
  }
  const returned = behind ?? value;
  return c.terms.callable({
    is: "function",
    parameters: indexes,
    returns: returned === undefined ? [] : [returned],
    ...(c.frame.typeParameters.length > 0 ? { typeParameters: c.frame.typeParameters } : {}),
  });
}

/** Defines parameters as locals; gives the type that is written behind them. */
export function* parameters(c: CBinder, declarator: SourceNode, indexes: number[]): Walk {
  let returned: Term | undefined;
  for (const part of partsOf(declarator)) {
    if (part.type === "parameter_list") yield parameterList(c, part, indexes);
    else if (part.type === "trailing_return_type") returned = yield c.visit(part);
    else if (part.field !== "declarator" && part.type !== "parenthesized_declarator") yield c.visit(part);
  }
  return returned;
}

export function* parameterList(c: CBinder, list: SourceNode, indexes: number[]): Walk {
  for (const part of partsOf(list)) {
    const type = yield c.visit(childOf(part, "type"));
    yield c.visit(childOf(part, "default_value"));
    const declarator = childOf(part, "declarator");
    const declared = declarator && declaredBy(declarator);
    if (declarator === undefined || declared === undefined || declared.name.type !== "identifier") {
      yield c.visit(declarator);
      continue;
    }
    yield sizes(c, declared);
    yield pointedFunctions(c, declared);
    const isPointed = declared.around.some((each) => each.type === "array_declarator");
    const value = declaredType(c, declared, type);
    indexes.push(c.define(declared.name, "parameter", isPointed ? c.terms.any(type, value) : value, "value"));
  }
  return undefined;
}
