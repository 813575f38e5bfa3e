import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import {
  type Parameter,
  parametersOf,
  parameterTask,
  receiverTask,
  type Signature,
} from "./python-parameters.js";
import { type FunctionDetails, outsideComprehensions, type PythonScope } from "./python-scope.js";
import { arrayOf, elementOf, oneOf } from "./python-terms.js";
import { defineTypeParameters, visitType } from "./python-types.js";
import type { NodeHandler, PythonWalk, Task } from "./python-walk.js";

/** Methods that get their class though no decorator says so. */
const CLASS_METHODS = new Set(["__new__", "__init_subclass__", "__class_getitem__"]);

/** A function whose header has been read. */
interface Header {
  readonly node: SourceNode;
  readonly decorators: readonly string[];
  /** Where its annotations look names up. */
  readonly scope: PythonScope;
  readonly details: FunctionDetails;
  readonly signature: Signature;
  readonly typeParameters: readonly number[];
}

/** `def f(…): …`; its body is read when all around it has been. */
export function bindFunction(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  decorators: readonly string[],
): void {
  const generic = childOf(node, "type_parameters");
  const outer = generic === undefined ? scope : walk.names.open("typeParameters", scope);
  const typeParameters = defineTypeParameters(walk, generic, outer);
  const parameters = parametersOf(childOf(node, "parameters"));
  const isMethod = scope.kind === "class";
  const receives = isMethod && !decorators.includes("staticmethod");
  const receiver = receives ? receiverOf(parameters[0]) : undefined;
  const details: FunctionDetails = {
    ...(isMethod ? { classScope: scope.index } : {}),
    ...(receiver === undefined ? {} : { receiver: walk.textOf(receiver) }),
    returns: [],
    yields: [],
    yielding: false,
  };
  const inner = walk.names.open("function", outer, details);
  const signature: Signature = { definitions: [], names: [], types: [] };
  const scopes = { around: scope, header: outer, inner };
  const header: Header = { node, decorators, scope: outer, details, signature, typeParameters };
  const returnType = childOf(node, "return_type");
  walk.do([
    ...parameters.map((parameter): Task => {
      if (receiver === undefined || parameter.name !== receiver)
        return parameterTask(walk, parameter, scopes, signature);
      return receiverTask(walk, parameter, scopes, {
        is: takesClass(walk, node, decorators) ? "class" : "instance",
        scope: scope.index,
      });
    }),
    () => {
      if (returnType !== undefined) visitType(walk, returnType, outer);
    },
    () => defineFunction(walk, header, scope, inner),
  ]);
}

function takesClass(walk: PythonWalk, node: SourceNode, decorators: readonly string[]): boolean {
  return decorators.includes("classmethod") || CLASS_METHODS.has(walk.textOf(childOf(node, "name")));
}

/** The first parameter, unless it takes more than what the method is called on. */
function receiverOf(first: Parameter | undefined): SourceNode | undefined {
  return first?.takes === "one" && first.name?.type === "identifier" ? first.name : undefined;
}

function defineFunction(walk: PythonWalk, header: Header, scope: PythonScope, inner: PythonScope): void {
  const { node, decorators, signature } = header;
  const place = walk.placeOf(childOf(node, "name"));
  const isMember = scope.kind === "class";
  const kind =
    isMember && (isProperty(decorators) || isSetter(decorators))
      ? "property"
      : isMember
        ? "method"
        : "function";
  const definition = place === undefined ? undefined : walk.names.define(place, scope, kind);
  if (definition !== undefined) walk.names.setSignature(definition, signature.names);
  const body = childOf(node, "body");
  walk.later(() => {
    walk.do([
      walk.visiting(body, inner),
      () => {
        if (definition !== undefined) walk.out.setValue(definition, functionValue(walk, header));
      },
    ]);
  });
}

function functionValue(walk: PythonWalk, header: Header): Term | undefined {
  const { node, decorators, details, signature } = header;
  if (isSetter(decorators)) return undefined;
  const isAsync = node.children[0]?.type === "async" && !details.yielding;
  const typeParameters = [
    ...new Set([...header.typeParameters, ...typeVariablesOf(walk, signature.types, header.scope)]),
  ];
  const value: Term = {
    is: "function",
    parameters: signature.definitions,
    returns: resultsOf(walk, header),
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
    ...(isAsync ? { async: true } : {}),
  };
  // As a call rather than what it returns: a property is no other name of that.
  return isProperty(decorators) ? { is: "call", of: value } : value;
}

/** What a call may give: of a generator, a sequence of what it yields. */
function resultsOf(walk: PythonWalk, { node, decorators, details }: Header): readonly Term[] {
  const declared = walk.typeOf(childOf(node, "return_type"));
  const isManager = decorators.some((name) => name.endsWith("contextmanager"));
  if (declared !== undefined) return isManager ? [elementOf(declared) ?? declared] : [declared];
  if (!details.yielding) return details.returns;
  return isManager ? details.yields : [arrayOf(oneOf(details.yields))];
}

/** Type variables that are all that a parameter's type says: what an argument is, they are. */
function typeVariablesOf(
  walk: PythonWalk,
  types: readonly (Term | undefined)[],
  scope: PythonScope,
): readonly number[] {
  return types.flatMap((type) => {
    if (type?.is !== "type" || type.of.is !== "name") return [];
    return walk.names.typeVariable(type.of.name, scope) ?? [];
  });
}

function isProperty(decorators: readonly string[]): boolean {
  return decorators.some((name) => name.endsWith("property"));
}

/** `@x.setter`: what is set says nothing of what is read. */
function isSetter(decorators: readonly string[]): boolean {
  return decorators.includes("setter") || decorators.includes("deleter");
}

/** `lambda a: b` */
const lambda: NodeHandler = (walk, node, scope) => {
  const details: FunctionDetails = { returns: [], yields: [], yielding: false };
  const inner = walk.names.open("function", scope, details);
  const signature: Signature = { definitions: [], names: [], types: [] };
  const body = childOf(node, "body");
  walk.do([
    ...parametersOf(childOf(node, "parameters")).map((parameter) =>
      parameterTask(walk, parameter, { around: scope, header: scope, inner }, signature),
    ),
    walk.visiting(body, inner),
    () => {
      const result = walk.termOf(body);
      walk.keep(node, {
        is: "function",
        parameters: signature.definitions,
        returns: result === undefined ? [] : [result],
      });
    },
  ]);
};

const returnStatement: NodeHandler = (walk, node, scope) => {
  walk.visitParts(node, scope, () => {
    const term = walk.termOf(partsOf(node)[0]);
    if (term !== undefined) outsideComprehensions(scope).function?.returns.push(term);
  });
};

/** `yield a` and `yield from a` */
const yielding: NodeHandler = (walk, node, scope) => {
  const around = outsideComprehensions(scope).function;
  if (around !== undefined) around.yielding = true;
  walk.visitParts(node, scope, () => {
    const term = walk.termOf(partsOf(node)[0]);
    const isFrom = node.children.some((child) => child.type === "from");
    const given = walk.bounded(isFrom ? elementOf(term) : term);
    if (given !== undefined) around?.yields.push(given);
  });
};

const globalStatement: NodeHandler = (walk, node, scope) => {
  for (const part of partsOf(node)) walk.names.declareGlobal(walk.textOf(part), scope);
  walk.visitParts(node, scope);
};

const nonlocalStatement: NodeHandler = (walk, node, scope) => {
  for (const part of partsOf(node)) walk.names.declareNonlocal(walk.textOf(part), scope);
  walk.visitParts(node, scope);
};

export const FUNCTION_HANDLERS: readonly (readonly [string, NodeHandler])[] = [
  ["function_definition", (walk, node, scope) => bindFunction(walk, node, scope, [])],
  ["lambda", lambda],
  ["return_statement", returnStatement],
  ["yield", yielding],
  ["global_statement", globalStatement],
  ["nonlocal_statement", nonlocalStatement],
];
