import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import type { PythonScope } from "./python-scope.js";
import { arrayOf, oneOf, sequenceOf, UNKNOWN } from "./python-terms.js";
import type { PythonWalk, Task } from "./python-walk.js";

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Types whose first argument says what their elements are. */
const SEQUENCES =
  words(`List list Sequence MutableSequence Iterable Iterator Collection Reversible Container Set set
  MutableSet AbstractSet FrozenSet frozenset Deque deque Generator AsyncIterable AsyncIterator AsyncGenerator KeysView
  ValuesView`);

/** Types that are what their first argument is. `with` is taken to give the manager itself. */
const TRANSPARENT = words(`Annotated ClassVar Final Required NotRequired ReadOnly InitVar ContextManager
  AbstractContextManager AsyncContextManager AbstractAsyncContextManager`);

const PROMISES = words("Awaitable Coroutine Future Task");
const UNIONS = words("Optional Union");
const TUPLES = words("Tuple tuple");

/** Names that say something of a variable but not which type it has, when they stand alone. */
const SAYS_NOTHING = words("Final ClassVar TypeAlias Any Optional Union Annotated");

/** What makes a name stand for a type. */
const TYPE_VARIABLES = words("TypeVar ParamSpec TypeVarTuple");

/** Makes of an expression in value position what typing means by it: `Maybe = Optional[X]`. */
const SPECIAL_FORMS =
  words(`Optional Union List Sequence Iterable Iterator Set FrozenSet Tuple Type Annotated Callable
  Awaitable`);

/** Visits an annotation; after that `typeOf` says what a value of that type is. */
export function visitType(walk: PythonWalk, node: SourceNode, scope: PythonScope): void {
  walk.do([() => enterType(walk, node, scope)]);
}

function enterType(walk: PythonWalk, node: SourceNode, scope: PythonScope): void {
  const parts = partsOf(node);
  switch (node.type) {
    case "type":
    case "parenthesized_expression":
    case "splat_type":
      visitTypes(walk, parts, scope, () => walk.keepType(node, walk.typeOf(parts[0])));
      return;
    case "identifier":
      bindTypeName(walk, node, scope);
      return;
    case "attribute":
    case "member_type":
      walk.do([
        walk.visiting(parts[0], scope),
        () => keepNamed(walk, node, bindTypeMember(walk, node, "type"), scope),
      ]);
      return;
    case "subscript":
    case "generic_type":
      visitApplied(walk, node, scope, "type");
      return;
    case "binary_operator":
    case "union_type":
      visitTypes(walk, parts, scope, () =>
        walk.keepType(node, oneOf(parts.map((part) => walk.typeOf(part)))),
      );
      return;
    case "list":
    case "tuple":
    case "constrained_type":
      visitTypes(walk, parts, scope);
      return;
    case "string":
      bindQuoted(walk, node, scope);
      return;
    default:
      walk.visit(node, scope);
  }
}

function visitTypes(walk: PythonWalk, nodes: readonly SourceNode[], scope: PythonScope, then?: Task): void {
  const tasks = nodes.map(
    (node): Task =>
      () =>
        enterType(walk, node, scope),
  );
  walk.do(then === undefined ? tasks : [...tasks, then]);
}

function bindTypeName(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  role: ReferenceRole = "type",
): void {
  const place = walk.placeOf(node);
  if (place === undefined) return;
  const term = walk.names.term(place.name, scope);
  walk.out.refer(place, role, term);
  keepNamed(walk, node, term, scope);
}

/** Refers to the last name of `a.B`, whose owner has been visited. */
function bindTypeMember(walk: PythonWalk, node: SourceNode, role: ReferenceRole): Term | undefined {
  const parts = partsOf(node);
  const place = walk.placeOf(parts.at(-1));
  if (place === undefined || parts.length < 2) return undefined;
  const term: Term = { is: "member", of: walk.termOf(parts[0]) ?? UNKNOWN, name: place.name };
  walk.out.refer(place, role, term);
  return term;
}

/** Keeps a named type, both as what it is and as what its values are. */
function keepNamed(walk: PythonWalk, node: SourceNode, term: Term | undefined, scope: PythonScope): void {
  if (term === undefined) return;
  walk.keep(node, term);
  const name = lastName(walk, node);
  const isOwn = walk.names.isClass(name, scope);
  const around = name === "Self" && !isOwn ? walk.names.classAround(scope) : undefined;
  if (around !== undefined) walk.keepType(node, { is: "instance", scope: around });
  else if (isOwn || !SAYS_NOTHING.has(name)) walk.keepType(node, { is: "type", of: term });
}

/** Visits `B[X, Y]`, referring to `B` by that role. */
export function visitApplied(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  role: ReferenceRole,
): void {
  const base = partsOf(node)[0];
  const given = argumentsOf(node);
  if (base === undefined) return;
  const name = lastName(walk, base);
  // What stands in these is a value, or an annotation for others to read.
  const types = name === "Literal" ? [] : name === "Annotated" ? given.slice(0, 1) : given;
  const values = given.slice(types.length);
  walk.do([
    () => visitNamed(walk, base, scope, role),
    ...types.map(
      (type): Task =>
        () =>
          enterType(walk, type, scope),
    ),
    ...values.map((value) => walk.visiting(value, scope)),
    () => walk.keepType(node, appliedType(walk, base, types, scope)),
  ]);
}

/** Visits the name of a class that something inherits from or that is given arguments. */
export function visitNamed(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  role: ReferenceRole,
): void {
  if (node.type === "identifier") bindTypeName(walk, node, scope, role);
  else if (node.type === "attribute") {
    walk.do([
      walk.visiting(childOf(node, "object"), scope),
      () => keepNamed(walk, node, bindTypeMember(walk, node, role), scope),
    ]);
  } else walk.visit(node, scope);
}

/** The `X, Y` of `B[X, Y]`. */
export function argumentsOf(node: SourceNode): readonly SourceNode[] {
  if (node.type === "subscript") return node.children.filter((child) => child.field === "subscript");
  const list = node.children.find((child) => child.type === "type_parameter");
  return list === undefined ? [] : partsOf(list);
}

function appliedType(
  walk: PythonWalk,
  base: SourceNode,
  given: readonly SourceNode[],
  scope: PythonScope,
): Term | undefined {
  const of = walk.termOf(base);
  const name = lastName(walk, base);
  const types = given.map((node) => walk.typeOf(node));
  const meant = walk.names.isClass(name, scope) ? undefined : meaningOf(walk, name, given, types);
  if (meant !== undefined) return meant.term;
  return of === undefined ? undefined : { is: "type", of, types: types.map((type) => type ?? UNKNOWN) };
}

/** What Python itself means by a type with arguments; undefined where it is a class as any other. */
function meaningOf(
  walk: PythonWalk,
  name: string,
  given: readonly SourceNode[],
  types: readonly (Term | undefined)[],
): { readonly term: Term | undefined } | undefined {
  const [first] = types;
  if (UNIONS.has(name)) return { term: oneOf(types) };
  if (SEQUENCES.has(name)) return { term: arrayOf(first) };
  if (TUPLES.has(name)) {
    const isOpen = walk.textOf(given[1]) === "...";
    return { term: isOpen ? arrayOf(first) : sequenceOf(types) };
  }
  if (TRANSPARENT.has(name)) return { term: first };
  if (name === "Literal") return { term: undefined };
  if (name === "Type" || name === "type") return { term: first?.is === "type" ? first.of : first };
  if (PROMISES.has(name)) {
    const result = types.at(-1);
    return { term: result === undefined ? undefined : { is: "promise", of: result } };
  }
  if (name === "Callable") {
    const result = types.at(-1);
    return {
      term: { is: "function", parameters: [], returns: result === undefined ? [] : [result] },
    };
  }
  return undefined;
}

/** `"a.B"`: a name that is written as text because it is defined later. */
function bindQuoted(walk: PythonWalk, node: SourceNode, scope: PythonScope): void {
  const [opening, content, ...rest] = partsOf(node);
  if (opening === undefined || content?.type !== "string_content" || rest.length !== 1) return;
  const text = walk.textOf(content);
  if (content.children.length > 0 || !/^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(text))
    return;
  const names = text.split(".", 65);
  if (names.length > 64) return;
  let { start } = content;
  let of: Term | undefined;
  for (const [index, name] of names.entries()) {
    const place = { name, start, end: start + name.length };
    const term: Term = of === undefined ? walk.names.term(name, scope) : { is: "member", of, name };
    walk.out.refer(place, index === names.length - 1 ? "type" : "read", term);
    of = term;
    start = place.end + 1;
  }
  const around = text === "Self" ? walk.names.classAround(scope) : undefined;
  if (around !== undefined) walk.keepType(node, { is: "instance", scope: around });
  else if (of !== undefined) walk.keepType(node, { is: "type", of });
}

/** The name at the end of `a.b.C`. */
export function lastName(walk: PythonWalk, node: SourceNode | undefined): string {
  if (node === undefined) return "";
  if (node.type === "identifier") return walk.textOf(node);
  return node.type === "attribute" || node.type === "member_type" ? walk.textOf(partsOf(node).at(-1)) : "";
}

/** Whether a subscript in value position makes a type: `Optional[X]`. */
export function isSpecialForm(walk: PythonWalk, node: SourceNode | undefined, scope: PythonScope): boolean {
  const name = lastName(walk, node);
  return SPECIAL_FORMS.has(name) && !walk.names.isClass(name, scope);
}

/** Whether an expression makes a type variable: `TypeVar("T")`. */
export function isTypeVariable(walk: PythonWalk, node: SourceNode | undefined): node is SourceNode {
  return node?.type === "call" && TYPE_VARIABLES.has(lastName(walk, childOf(node, "function")));
}

/** `T = TypeVar("T", bound=B)` */
export function bindTypeVariable(
  walk: PythonWalk,
  name: SourceNode,
  call: SourceNode,
  scope: PythonScope,
): void {
  const place = walk.placeOf(name);
  if (place === undefined) return;
  const bound = childOf(call, "arguments")?.children.find(
    (child) => child.type === "keyword_argument" && walk.textOf(childOf(child, "name")) === "bound",
  );
  const of = walk.termOf(bound);
  const value: Term | undefined = of === undefined ? undefined : { is: "type", of };
  walk.names.setTypeVariable(walk.names.define(place, scope, "typeParameter", value));
}

/** `[T: B, *Ts]` after the name of a function, class or alias; gives the definitions of the parameters. */
export function defineTypeParameters(
  walk: PythonWalk,
  node: SourceNode | undefined,
  scope: PythonScope,
): readonly number[] {
  if (node === undefined) return [];
  const indexes: number[] = [];
  for (const parameter of partsOf(node)) {
    const inner = parameter.type === "type" ? partsOf(parameter)[0] : parameter;
    const [first, bound] = inner?.type === "constrained_type" ? partsOf(inner) : [inner];
    const place = walk.placeOf(identifierIn(first));
    if (place === undefined) continue;
    const index = walk.names.define(place, scope, "typeParameter");
    walk.names.setTypeVariable(index);
    indexes.push(index);
    if (bound === undefined) continue;
    walk.do([() => visitType(walk, bound, scope), () => walk.out.setValue(index, walk.typeOf(bound))]);
  }
  return indexes;
}

/** The name in `T`, `*Ts` and `**P`, which the grammar wraps. */
function identifierIn(node: SourceNode | undefined): SourceNode | undefined {
  let current = node;
  while (current !== undefined && current.type !== "identifier") current = partsOf(current)[0];
  return current;
}
