import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { identifierOf } from "../../outline/csharp-names.js";
import type { Term } from "../name-facts.js";
import { type CSharpBinder, childOf } from "./csharp-binder.js";

// What is known of .NET, whose sources nobody has: its collections and queries are sequences, its tasks promises. A project's own
// methods of the same names come first; on what is no sequence these say nothing.

/** Types that hold values of their only type argument. */
const HOLDERS = new Set(
  `IEnumerable ICollection IList List IReadOnlyList IReadOnlyCollection IEnumerator LinkedList Queue Stack ConcurrentQueue
  ConcurrentStack ConcurrentBag ISet HashSet SortedSet IReadOnlySet ImmutableArray ImmutableList ImmutableHashSet
  ObservableCollection Collection ReadOnlyCollection IQueryable IOrderedEnumerable IOrderedQueryable DbSet
  IAsyncEnumerable Span ReadOnlySpan Lazy Nullable`.split(/\s+/),
);
const PROMISES = new Set(["Task", "ValueTask"]);

const GIVE_AN_ELEMENT = new Set(
  `First FirstOrDefault Last LastOrDefault Single SingleOrDefault ElementAt ElementAtOrDefault Aggregate Min Max MinBy MaxBy
  Find FindLast Dequeue Peek Pop`.split(/\s+/),
);
const GIVE_AN_ELEMENT_LATER = new Set(
  `FirstAsync FirstOrDefaultAsync SingleAsync SingleOrDefaultAsync LastAsync LastOrDefaultAsync FindAsync`.split(
    /\s+/,
  ),
);
const KEEP_ELEMENTS = new Set(
  `Where OrderBy OrderByDescending ThenBy ThenByDescending Take TakeWhile TakeLast Skip SkipWhile SkipLast Distinct DistinctBy
  Reverse ToList ToArray ToHashSet AsEnumerable AsQueryable AsReadOnly Concat Append Prepend Union Intersect Except
  DefaultIfEmpty FindAll Include AsNoTracking GetRange`.split(/\s+/),
);
/** Methods that hand each element to their first argument. */
const TAKE_EACH = new Set([
  ...`Select SelectMany Any All Count Sum Average ForEach GroupBy ToDictionary ToLookup Exists RemoveAll FindIndex`.split(
    " ",
  ),
  ...KEEP_ELEMENTS,
  ...GIVE_AN_ELEMENT,
  ...GIVE_AN_ELEMENT_LATER,
]);

/** What a generic type of the library holds. `only`: no type of the project is meant. */
export function heldType(
  binder: CSharpBinder,
  name: string,
  types: readonly Term[],
): { readonly term: Term | undefined; readonly only: boolean } | undefined {
  const [type] = types;
  if (type === undefined || types.length > 1) return undefined;
  if (PROMISES.has(name)) return { term: binder.terms.promise(type), only: true };
  return HOLDERS.has(name) ? { term: binder.terms.array(type), only: false } : undefined;
}

/** What a call gives, as far as the library's own methods say. `only`: it is certain that no method of the project is called. */
export function libraryCall(
  binder: CSharpBinder,
  call: SourceNode,
): { readonly term: Term | undefined; readonly only: boolean } | undefined {
  const callee = calledMember(call);
  if (callee === undefined) return undefined;
  const { object } = callee;
  const { terms } = binder;
  const name = binder.text(callee.name);
  const only = binder.queries.has(object);
  const of = binder.valueOf(object);
  if (name === "ConfigureAwait") return { term: of, only: true };
  if (name === "Select" || KEEP_ELEMENTS.has(name)) {
    binder.queries.add(call);
    const same = only ? of : terms.array(terms.element(of));
    return { term: name === "Select" ? terms.array(resultOf(binder, call)) : same, only };
  }
  if (GIVE_AN_ELEMENT.has(name)) return { term: terms.element(of), only };
  if (GIVE_AN_ELEMENT_LATER.has(name)) return { term: terms.promise(terms.element(of)), only };
  return undefined;
}

/** What the first parameter of a lambda is, where the method that it is handed to hands it elements. */
export function lambdaParameter(binder: CSharpBinder, lambda: SourceNode): Term | undefined {
  const list = lambda.parent?.parent;
  const call = list?.parent;
  if (lambda.parent?.type !== "argument" || call?.type !== "invocation_expression") return undefined;
  const callee = calledMember(call);
  if (callee === undefined || !TAKE_EACH.has(binder.text(callee.name))) return undefined;
  return binder.terms.element(binder.valueOf(callee.object));
}

/** The object and the name of `object.Name(…)` and of `object?.Name(…)`. */
function calledMember(
  call: SourceNode,
): { readonly object: SourceNode; readonly name: SourceNode } | undefined {
  const callee = childOf(call, "function");
  const isConditional = callee?.type === "conditional_access_expression";
  const object = callee && childOf(callee, isConditional ? "condition" : "expression");
  const member = isConditional ? partsOf(callee).at(-1) : callee;
  const name = member && identifierOf(childOf(member, "name"));
  return object === undefined || name === undefined ? undefined : { object, name };
}

/** What the function gives that is the only argument. */
function resultOf(binder: CSharpBinder, call: SourceNode): Term | undefined {
  const [first, ...rest] = partsOf(childOf(call, "arguments"));
  const lambda = first && partsOf(first).at(-1);
  return lambda === undefined || rest.length > 0 ? undefined : binder.results.get(lambda);
}
