import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { bindFunction } from "./python-functions.js";
import type { PythonScope } from "./python-scope.js";
import { bindTarget } from "./python-targets.js";
import {
  argumentsOf,
  defineTypeParameters,
  lastName,
  visitApplied,
  visitNamed,
  visitType,
} from "./python-types.js";
import type { NodeHandler, PythonWalk } from "./python-walk.js";

/** Bases whose arguments are the type parameters of the class, whatever others say. */
const GENERIC = new Set(["Generic", "Protocol"]);

/** `class A(B): …` */
const classDefinition: NodeHandler = (walk, node, scope) => {
  const generic = childOf(node, "type_parameters");
  const outer = generic === undefined ? scope : walk.names.open("typeParameters", scope);
  const inner = walk.names.open("class", outer);
  const declared = defineTypeParameters(walk, generic, outer);
  const place = walk.placeOf(childOf(node, "name"));
  if (place !== undefined) {
    const value: Term = { is: "class", scope: inner.index };
    walk.names.setClass(walk.names.define(place, scope, "class", value), inner.index);
  }
  const list = childOf(node, "superclasses");
  const bases = list === undefined ? [] : partsOf(list).filter((part) => part.type !== "keyword_argument");
  const others = list === undefined ? [] : partsOf(list).filter((part) => part.type === "keyword_argument");
  walk.do([
    ...bases.map((base) => () => visitBase(walk, base, outer)),
    ...others.map((other) => walk.visiting(other, outer)),
    () => {
      const supers = bases.flatMap((base) => supersOf(walk, base));
      const named = declared.length > 0 ? declared : typeVariablesOf(walk, bases, outer);
      walk.out.complete(inner.index, {
        ...(supers.length > 0 ? { supers } : {}),
        ...(named.length > 0 ? { typeParameters: named } : {}),
      });
    },
    walk.visiting(childOf(node, "body"), inner),
  ]);
};

function visitBase(walk: PythonWalk, base: SourceNode, scope: PythonScope): void {
  if (base.type === "subscript") visitApplied(walk, base, scope, "inherit");
  else visitNamed(walk, base, scope, "inherit");
}

function supersOf(walk: PythonWalk, base: SourceNode): readonly Term[] {
  if (base.type === "subscript") return [walk.typeOf(base) ?? []].flat();
  if (base.type === "call" && lastName(walk, childOf(base, "function")) === "with_metaclass") {
    // `six.with_metaclass(Meta, Base)` is how a class says both in Python 2 and 3.
    const [, ...classes] = partsOf(childOf(base, "arguments") ?? base);
    return classes.flatMap((each) => walk.termOf(each) ?? []);
  }
  return [walk.termOf(base) ?? []].flat();
}

/** `T` in `class A(Generic[T])` and in `class A(List[T])`, where it is a type variable. */
function typeVariablesOf(
  walk: PythonWalk,
  bases: readonly SourceNode[],
  scope: PythonScope,
): readonly number[] {
  const applied = bases.filter((base) => base.type === "subscript");
  const generic = applied.find((base) => GENERIC.has(lastName(walk, partsOf(base)[0])));
  const names = (generic === undefined ? applied : [generic])
    .flatMap((base) => argumentsOf(base))
    .map((argument) => (argument.type === "identifier" ? walk.textOf(argument) : ""));
  const definitions = [...new Set(names)].flatMap((name) => walk.names.typeVariable(name, scope) ?? []);
  return [...new Set(definitions)];
}

/** `@a.b(c)` before a function or class. */
const decorated: NodeHandler = (walk, node, scope) => {
  const decorators = node.children.filter((child) => child.type === "decorator");
  const names = decorators.map((decorator) => decoratorName(walk, decorator));
  const definition = childOf(node, "definition");
  const rest = partsOf(node).filter((part) => part !== definition);
  walk.do([
    ...rest.map((part) => walk.visiting(part, scope)),
    () => {
      if (definition?.type === "function_definition") bindFunction(walk, definition, scope, names);
      else walk.visit(definition, scope);
    },
  ]);
};

/** The last name of a decorator, called or not. */
function decoratorName(walk: PythonWalk, node: SourceNode): string {
  const [expression] = partsOf(node);
  return lastName(walk, expression?.type === "call" ? childOf(expression, "function") : expression);
}

/** `type A[T] = …` */
const typeAlias: NodeHandler = (walk, node, scope) => {
  const right = childOf(node, "right");
  const left = childOf(node, "left");
  const [named] = left === undefined ? [] : partsOf(left);
  if (named?.type === "attribute") {
    // The grammar takes `type(a).b = c` for one.
    const [value] = right === undefined ? [] : partsOf(right);
    walk.do([walk.visiting(value, scope), () => bindTarget(walk, named, scope, walk.termOf(value))]);
    return;
  }
  const [name, generic] = named?.type === "generic_type" ? partsOf(named) : [named];
  const place = walk.placeOf(name);
  const inner = generic === undefined ? scope : walk.names.open("typeParameters", scope);
  defineTypeParameters(walk, generic, inner);
  walk.do([
    () => {
      if (right !== undefined) visitType(walk, right, inner);
    },
    () => {
      if (place !== undefined) walk.names.define(place, scope, "type", walk.typeOf(right));
    },
  ]);
};

export const CLASS_HANDLERS: readonly (readonly [string, NodeHandler])[] = [
  ["class_definition", classDefinition],
  ["decorated_definition", decorated],
  ["type_alias_statement", typeAlias],
];
