import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import {
  classParts,
  type Declared,
  declaratorsOf,
  declaredBy,
  plainName,
  qualifiedParts,
} from "../../outline/c-declarators.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import type { CBinder, Rule } from "./c-binder.js";
import { around, modulesOf, ownerOf } from "./c-names.js";
import { newLocals, pointedFunctions, signature, sizes } from "./c-parameters.js";
import { classType, declaredType } from "./c-types.js";
import { naming } from "./terms.js";
import { visitAll, type Walk } from "./walk.js";

/** What is done with declarations. */
export const DECLARATION_RULES: Readonly<Record<string, Rule>> = {
  declaration,
  field_declaration: declaration,
  function_definition: functionDefinition,
  type_definition: typeDefinition,
  alias_declaration: alias,
};

/** A declaration of one or several names, each with the value or the braces that it begins with. */
function* declaration(c: CBinder, node: SourceNode): Walk {
  const type = yield c.visit(childOf(node, "type"));
  // The one declaration of a condition has its value beside it.
  const value = childOf(node, "value");
  for (const part of partsOf(node)) {
    if (part.field === "declarator") yield declare(c, part, type, value);
    else if (part.field !== "type" && part !== value) yield c.visit(part);
  }
  return undefined;
}

function* declare(
  c: CBinder,
  declarator: SourceNode,
  type: Term | undefined,
  condition: SourceNode | undefined,
): Walk {
  const declared = declaredBy(declarator);
  if (declared === undefined) return yield c.visit(declarator);
  const init = declarator.type === "init_declarator" ? childOf(declarator, "value") : condition;
  yield sizes(c, declared);
  const isLocal = c.frame.locals !== undefined;
  if (declared.function !== undefined || declared.name.type === "operator_cast") {
    if (isLocal) return yield made(c, declared, type);
    const value = yield c.within(
      { locals: newLocals(c, c.frame.scope), labels: undefined, inClass: false },
      () => signature(c, declared, type),
    );
    yield define(c, declared, c.frame.inClass ? "method" : "function", value);
    return yield c.visit(init);
  }
  yield pointedFunctions(c, declared);
  const value = declaredType(c, declared, type);
  if (init !== undefined && value !== undefined) c.expected.set(init, value);
  const given = yield c.visit(init);
  yield define(c, declared, c.frame.inClass ? "property" : "variable", value ?? given);
  return undefined;
}

/** `T name(a, b);` within a function makes a value; what is taken for types of parameters are what it is made of. */
function* made(c: CBinder, declared: Declared, type: Term | undefined): Walk {
  for (const part of partsOf(declared.function && childOf(declared.function, "parameters"))) {
    const named = childOf(part, "type");
    const local = named?.type === "type_identifier" ? c.frame.locals?.term(c.text(named)) : undefined;
    if (named !== undefined && local !== undefined) c.refer(named, "read", local);
    else yield c.visit(named);
  }
  return yield define(c, declared, "variable", type);
}

/** Defines the name of a declarator, also one outside of the class or the namespace that it is of. */
function* define(c: CBinder, declared: Declared, kind: DefinitionKind, value: Term | undefined): Walk {
  const { name: written } = declared;
  if (written.type === "structured_binding_declarator") {
    for (const [place, name] of partsOf(written).entries())
      if (name.type === "identifier") c.define(name, "variable", c.terms.element(value, place), "value");
    return undefined;
  }
  const parts = qualifiedParts(written);
  const name = plainName(parts.at(-1) ?? written);
  if (parts.length === 1) {
    // A constructor is called by the name of its class, which it would hide.
    if (!(c.frame.inClass && isConstructor(c, declared))) c.define(name, kind, value, "value");
    return undefined;
  }
  const owner = yield ownerOf(c, parts.slice(0, -1), "read");
  const path = parts
    .slice(0, -1)
    .map((part) => c.text(plainName(part)))
    .join("::");
  if (c.text(plainName(parts.at(-2) ?? written)) === c.text(name)) return undefined;
  const opened = around(c, path)
    .map((each) => c.openedNamespace(each))
    .find((each) => each !== undefined);
  const more = { space: "value", ...(value === undefined ? {} : { value }) } as const;
  if (opened !== undefined) c.defineIn(name, opened, kind, more);
  else if (owner !== undefined)
    c.defineIn(name, c.frame.block, kind === "function" ? "method" : kind, { ...more, owner });
  return undefined;
}

function isConstructor(c: CBinder, { name, function: parameterList }: Declared): boolean {
  const { self } = c.frame;
  const isNamed = self?.is === "name" || self?.is === "member";
  return parameterList !== undefined && isNamed && self.name === c.text(plainName(name));
}

/** A function with its body; a method outside of its class sees what that sees. */
function* functionDefinition(c: CBinder, node: SourceNode): Walk {
  if (classParts(node) !== undefined) return yield classType(c, node);
  const type = yield c.visit(childOf(node, "type"));
  const declarator = childOf(node, "declarator");
  const declared = declarator && declaredBy(declarator);
  if (declarator === undefined || declared === undefined) {
    yield visitAll(
      c,
      partsOf(node).filter(({ field }) => field !== "type"),
    );
    return undefined;
  }
  const scope = c.facts.scope(c.frame.scope);
  const parts = qualifiedParts(declared.name);
  // The names in front are referred to when the method is defined.
  const owner = parts.length > 1 ? silentOwner(c, parts.slice(0, -1)) : undefined;
  const self = owner ?? c.frame.self;
  if (owner !== undefined) c.addSuper(scope, owner);
  const { inClass } = c.frame;
  let value: Term | undefined;
  const frame = {
    scope,
    block: scope,
    types: scope,
    locals: newLocals(c, scope),
    labels: c.facts.scope(scope, "none"),
    self,
    inClass: false,
  };
  const rest = partsOf(node).filter(({ field }) => field !== "type" && field !== "declarator");
  const outer = c.frame;
  yield c.within(frame, function* () {
    value = yield signature(c, declared, type);
    const within = c.frame;
    c.frame = outer;
    yield define(c, declared, inClass ? "method" : "function", value);
    c.frame = { ...within, typeParameters: [] };
    return yield visitAll(c, rest);
  });
  return undefined;
}

/** What names in front of another one name. */
function silentOwner(c: CBinder, parts: readonly SourceNode[]): Term | undefined {
  let term: Term | undefined;
  let paths: readonly string[] = [];
  for (const [place, part] of parts.entries()) {
    const text = c.text(plainName(part));
    paths = place === 0 ? around(c, text) : paths.map((each) => `${each}::${text}`);
    const named = place === 0 ? c.typeTerm(text) : c.terms.member(term, text, "type");
    term = c.terms.any(named, ...modulesOf(paths));
  }
  return term;
}

function* typeDefinition(c: CBinder, node: SourceNode): Walk {
  const type = yield c.visit(childOf(node, "type"));
  for (const declarator of declaratorsOf(node)) {
    const declared = declaredBy(declarator);
    if (declared === undefined) continue;
    yield sizes(c, declared);
    yield pointedFunctions(c, declared);
    const value = typeNaming(declaredType(c, declared, type));
    c.define(declared.name, "type", value, "type");
  }
  return undefined;
}

/** What names the type of a value: of a class without a name the class. */
function typeNaming(value: Term | undefined): Term | undefined {
  return value?.is === "instance" ? { is: "class", scope: value.scope } : naming(value);
}

function* alias(c: CBinder, node: SourceNode): Walk {
  const type = childOf(node, "type");
  const value = typeNaming(yield c.visit(type));
  const name = childOf(node, "name");
  if (name !== undefined) c.define(name, "type", value, "type");
  return undefined;
}
