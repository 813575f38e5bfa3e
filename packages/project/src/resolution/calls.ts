import { type Found, foundDefinition } from "./found.js";
import type { Term } from "./name-facts.js";
import type { NameSource } from "./name-source.js";
import { isElementParameter, sequenceResult } from "./sequence-methods.js";
import {
  type ArrayValue,
  type Bindings,
  type BoundTerm,
  definitionKey,
  type Members,
  type Value,
} from "./values.js";

/** What looking into a call needs. */
export interface CallContext {
  readonly source: NameSource;
  values(file: string, term: Term, bindings?: Bindings): readonly Value[];
  valuesOf(found: Found, bindings: Bindings | undefined): readonly Value[];
}

type Call = Extract<Term, { is: "call" }>;
type FunctionValue = Extract<Value, { is: "function" }>;

/** A file that assigns more prototypes is made by a machine. */
const MOST_PROTOTYPES = 64;

/** What a callee gives to the parameter of a function that it is given. */
export function calledBack(
  context: CallContext,
  callee: Value,
  term: Extract<Term, { is: "callback" }>,
): readonly Value[] {
  if (callee.is === "sequenceMethod") {
    const takes = term.position === 0 && isElementParameter(callee.name, term.parameter);
    return takes ? itemsOf(context, callee.of) : [];
  }
  if (callee.is !== "function") return [];
  return parameterValues(context, callee, term.position).flatMap((taken) =>
    taken.is === "function" ? parameterValues(context, taken, term.parameter) : [],
  );
}

function parameterValues(context: CallContext, callee: FunctionValue, position: number): readonly Value[] {
  const index = callee.term.parameters[position];
  const facts = context.source.table(callee.file)?.facts;
  const found = facts && index !== undefined ? foundDefinition(callee.file, facts, index) : undefined;
  return found === undefined ? [] : context.valuesOf(found, callee.bindings);
}

function itemsOf(context: CallContext, value: ArrayValue): readonly Value[] {
  const { items = [], element } = value.term;
  return (element === undefined ? items : [element]).flatMap((each) =>
    context.values(value.file, each, value.bindings),
  );
}

function sequenceCalled(
  context: CallContext,
  { name, of }: Extract<Value, { is: "sequenceMethod" }>,
  file: string,
  call: Call,
  bindings: Bindings | undefined,
): readonly Value[] {
  switch (sequenceResult(name)) {
    case "element":
      return itemsOf(context, of);
    case "same":
      return [of];
    case "mapped": {
      const [first] = call.arguments ?? [];
      if (first === undefined) return [];
      const element: Term = { is: "call", of: first };
      return [{ is: "array", file, term: { is: "array", element }, bindings }];
    }
    default:
      return [];
  }
}

/** What calling a value gives. */
export function called(
  context: CallContext,
  callee: Value,
  file: string,
  call: Call,
  bindings: Bindings | undefined,
): readonly Value[] {
  if (callee.is === "class") return [instanceOf(context, callee, file, call.types, bindings)];
  if (callee.is === "sequenceMethod") return sequenceCalled(context, callee, file, call, bindings);
  if (callee.is !== "function") return [];
  const { term } = callee;
  const bound = new Map<string, BoundTerm>();
  const given = call.arguments ?? [];
  const types = context.source.table(callee.file)?.facts.definitions;
  for (const [position, parameter] of term.parameters.entries()) {
    const argument = given[position];
    if (argument === undefined) continue;
    const entry = { file, term: argument, bindings };
    bound.set(definitionKey(callee.file, parameter), entry);
    // A parameter whose type is a type parameter says what that is.
    const named = typeNamed(types?.[parameter]?.value);
    const typeParameter = term.typeParameters?.find((index) => types?.[index]?.name === named);
    if (typeParameter !== undefined) bound.set(definitionKey(callee.file, typeParameter), entry);
  }
  for (const [position, parameter] of (term.typeParameters ?? []).entries()) {
    const type = call.types?.[position];
    if (type !== undefined) bound.set(definitionKey(callee.file, parameter), { file, term: type, bindings });
  }
  const inner: Bindings | undefined = bound.size === 0 ? callee.bindings : { bound, outer: callee.bindings };
  const values = [
    ...term.returns.flatMap((each) => context.values(callee.file, each, inner)),
    ...(call.new ? madeBy(context, callee) : []),
  ];
  return term.async ? [{ is: "promise", of: values }] : values;
}

/** What `new` makes of a function: it has what the function puts on `this`, and what its prototype has. */
function madeBy(context: CallContext, { file, term, bindings }: FunctionValue): readonly Value[] {
  if (term.instance === undefined) return [];
  const table = context.source.table(file);
  const prototypes = (table?.owned("prototype") ?? []).slice(0, MOST_PROTOTYPES).flatMap((index) => {
    const { owner, value } = table?.facts.definitions[index] ?? {};
    if (owner === undefined || value === undefined) return [];
    const isOwner = context.values(file, owner).some((one) => one.is === "function" && one.term === term);
    return isOwner ? context.values(file, value) : [];
  });
  return [{ is: "instance", file, scope: term.instance, bindings }, ...prototypes];
}

/** An instance of a class, with what its type parameters are bound to. */
export function instanceOf(
  context: CallContext,
  value: Members,
  file: string,
  types: readonly Term[] | undefined,
  bindings: Bindings | undefined,
): Value {
  const parameters = context.source.table(value.file)?.facts.scopes[value.scope]?.typeParameters ?? [];
  const bound = new Map<string, BoundTerm>();
  for (const [position, parameter] of parameters.entries()) {
    const type = types?.[position];
    if (type !== undefined) bound.set(definitionKey(value.file, parameter), { file, term: type, bindings });
  }
  return {
    ...value,
    is: "instance",
    bindings: bound.size === 0 ? value.bindings : { bound, outer: value.bindings },
  };
}

/** The plain name of a type. */
function typeNamed(term: Term | undefined): string | undefined {
  if (term?.is === "any") return term.of.map(typeNamed).find((name) => name !== undefined);
  return term?.is === "type" && term.of.is === "name" ? term.of.name : undefined;
}
