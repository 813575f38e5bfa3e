import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { NamePlace } from "../name-facts-builder.js";
import type { PythonScope } from "./python-scope.js";
import { bindTarget } from "./python-targets.js";
import { arrayOf, oneOf } from "./python-terms.js";
import { visitType } from "./python-types.js";
import type { PythonWalk, Task } from "./python-walk.js";

/** One parameter as it is written. */
export interface Parameter {
  /** An identifier, or in Python 2 a tuple of them. */
  readonly name: SourceNode | undefined;
  readonly type: SourceNode | undefined;
  readonly value: SourceNode | undefined;
  readonly takes: "one" | "rest" | "keywords";
}

/** The parameters that arguments go to, in order. */
export interface Signature {
  readonly definitions: number[];
  /** Empty for those that no argument can name. */
  readonly names: string[];
  readonly types: (Term | undefined)[];
}

/** Where the parts of a parameter are looked up: its default, its type, and itself. */
interface ParameterScopes {
  readonly around: PythonScope;
  readonly header: PythonScope;
  readonly inner: PythonScope;
}

/** The parameters in a list of them. */
export function parametersOf(node: SourceNode | undefined): readonly Parameter[] {
  if (node === undefined) return [];
  return partsOf(node)
    .filter((part) => part.type !== "keyword_separator" && part.type !== "positional_separator")
    .map((part) => parameterOf(part));
}

function parameterOf(node: SourceNode): Parameter {
  const type = childOf(node, "type");
  const value = childOf(node, "value");
  const written = node.type === "typed_parameter" ? partsOf(node)[0] : (childOf(node, "name") ?? node);
  const takes =
    written?.type === "list_splat_pattern"
      ? "rest"
      : written?.type === "dictionary_splat_pattern"
        ? "keywords"
        : "one";
  const name = takes === "one" || written === undefined ? written : partsOf(written)[0];
  return { name, type, value, takes };
}

/** The step that defines a parameter, and adds it to the signature. */
export function parameterTask(
  walk: PythonWalk,
  parameter: Parameter,
  scopes: ParameterScopes,
  signature: Signature,
): Task {
  const { name, type, value } = parameter;
  const place = name?.type === "identifier" ? walk.placeOf(name) : undefined;
  return () => {
    walk.do([
      walk.visiting(value, scopes.around),
      () => {
        if (type !== undefined) visitType(walk, type, scopes.header);
      },
      () => {
        // Arguments for a tuple of names go to none of them.
        if (place === undefined) bindTarget(walk, name, scopes.inner, undefined);
        else defineParameter(walk, parameter, place, scopes.inner, signature);
      },
    ]);
  };
}

function defineParameter(
  walk: PythonWalk,
  { type, value, takes }: Parameter,
  place: NamePlace,
  scope: PythonScope,
  signature: Signature,
): void {
  const definition = walk.names.define(place, scope, "parameter");
  if (takes === "keywords") return;
  const argument: Term = { is: "argument", definition };
  const declared = walk.typeOf(type);
  const initial = walk.termOf(value);
  const known = declared ?? (initial === undefined ? argument : oneOf([argument, initial]));
  walk.out.setValue(definition, takes === "rest" ? arrayOf(known) : known);
  signature.definitions.push(definition);
  signature.names.push(takes === "rest" ? "" : place.name);
  signature.types.push(takes === "rest" ? undefined : declared);
}

/** The step that defines what a method is called on. */
export function receiverTask(
  walk: PythonWalk,
  { name, type, value }: Parameter,
  scopes: ParameterScopes,
  receiver: Term,
): Task {
  const place = walk.placeOf(name);
  return () => {
    if (place !== undefined) walk.names.define(place, scopes.inner, "parameter", receiver);
    walk.do([
      walk.visiting(value, scopes.around),
      () => {
        if (type !== undefined) visitType(walk, type, scopes.header);
      },
    ]);
  };
}
