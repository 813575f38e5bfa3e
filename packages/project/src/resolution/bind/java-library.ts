import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { childOf, isLowerCase, type JavaBinder } from "./java-binder.js";

// What is known of the JDK, whose sources nobody has: its collections, streams and optionals are sequences. A map is one of its
// values. A project's own methods of the same names come first; on what is no sequence these say nothing.

/** Types that hold values of their last type argument. */
const HOLDERS = new Set(
  `Iterable Collection SequencedCollection List ArrayList LinkedList CopyOnWriteArrayList Vector Stack
  Set HashSet LinkedHashSet TreeSet SortedSet NavigableSet EnumSet CopyOnWriteArraySet
  Queue Deque ArrayDeque PriorityQueue BlockingQueue LinkedBlockingQueue ArrayBlockingQueue ConcurrentLinkedQueue
  Iterator ListIterator Enumeration Stream Optional Supplier Callable Future CompletableFuture
  Map HashMap LinkedHashMap TreeMap SortedMap NavigableMap ConcurrentMap ConcurrentHashMap EnumMap IdentityHashMap
  WeakHashMap ThreadLocal AtomicReference WeakReference SoftReference`.split(/\s+/),
);

const GIVE_AN_ELEMENT = new Set(
  `get getFirst getLast getOrDefault next previous first last element peek peekFirst peekLast poll pollFirst pollLast pop
  take remove removeFirst removeLast firstElement lastElement nextElement orElse orElseGet orElseThrow join call
  computeIfAbsent`.split(/\s+/),
);

const KEEP_ELEMENTS = new Set(
  `stream parallelStream iterator listIterator descendingIterator subList reversed values elements
  filter sorted distinct limit skip takeWhile dropWhile peek sequential parallel unordered onClose
  findFirst findAny min max reduce or toList collect`.split(/\s+/),
);

/** Methods that hand each element to their first argument. */
const TAKE_EACH = new Set(
  `forEach forEachOrdered filter map flatMap mapToInt mapToLong mapToDouble mapToObj anyMatch allMatch noneMatch takeWhile
  dropWhile peek sorted sort min max reduce removeIf replaceAll ifPresent ifPresentOrElse thenApply thenAccept thenCompose
  `.split(/\s+/),
);

/** Static methods that make a sequence of their arguments. */
const MAKERS = new Set(
  `List.of Set.of Stream.of Stream.ofNullable Optional.of Optional.ofNullable Arrays.asList
  Collections.singleton Collections.singletonList`.split(/\s+/),
);
/** Static methods that make a sequence of the elements of their argument. */
const COPIERS = new Set(
  `Arrays.stream List.copyOf Set.copyOf Collections.unmodifiableList Collections.unmodifiableSet
  Collections.unmodifiableCollection Collections.synchronizedList`.split(/\s+/),
);
const MAP = new Set(["map", "mapToObj", "thenApply"]);
const MAP_FLAT = new Set(["flatMap", "thenCompose"]);
/** Methods that begin a stream. */
const STREAM_STARTS = new Set(["stream", "parallelStream"]);

export function isHolder(type: string): boolean {
  return HOLDERS.has(type);
}

/**
 * What a call gives, as far as the JDK's own methods say. `only`: it is certain that no method of the project is called, which keeps
 * the terms of long chains on a stream short.
 */
export function libraryCall(
  binder: JavaBinder,
  call: SourceNode,
): { readonly term: Term | undefined; readonly only: boolean } | undefined {
  const object = childOf(call, "object");
  const nameNode = childOf(call, "name");
  if (object === undefined || nameNode === undefined) return undefined;
  const name = binder.text(nameNode);
  const only = binder.streams.has(object);
  const streams = streamCall(binder, call, object, name);
  if (streams !== undefined) {
    if (only || STREAM_STARTS.has(name) || isNamed(binder, object, "Stream")) binder.streams.add(call);
    return { term: streams, only };
  }
  return GIVE_AN_ELEMENT.has(name) ? { term: binder.terms.element(binder.valueOf(object)), only } : undefined;
}

function isNamed(binder: JavaBinder, node: SourceNode, name: string): boolean {
  return node.type === "identifier" && binder.text(node) === name;
}

/** What gives several elements, or one that may be absent. */
function streamCall(
  binder: JavaBinder,
  call: SourceNode,
  object: SourceNode,
  name: string,
): Term | undefined {
  const { terms } = binder;
  const made = staticCall(binder, call, object, name);
  if (made !== undefined) return made;
  if (MAP.has(name)) return terms.array(resultOf(binder, call));
  if (MAP_FLAT.has(name)) return resultOf(binder, call);
  if (!KEEP_ELEMENTS.has(name)) return undefined;
  const of = binder.valueOf(object);
  return binder.streams.has(object) ? of : terms.array(terms.element(of));
}

/** What the parameter of a lambda is, where the method that it is handed to hands it elements. */
export function lambdaParameter(
  binder: JavaBinder,
  lambda: SourceNode,
  position: number,
  count: number,
): Term | undefined {
  const call = lambda.parent?.parent;
  if (lambda.parent?.type !== "argument_list" || call?.type !== "method_invocation") return undefined;
  const name = childOf(call, "name");
  if (name === undefined || !TAKE_EACH.has(binder.text(name))) return undefined;
  // `map.forEach((key, value) -> …)`.
  if (binder.text(name) === "forEach" && count === 2 && position === 0) return undefined;
  return binder.terms.element(binder.valueOf(childOf(call, "object")));
}

/** What static methods of the JDK give, and those that every enum has. */
function staticCall(
  binder: JavaBinder,
  call: SourceNode,
  object: SourceNode,
  name: string,
): Term | undefined {
  const type = object.type === "identifier" ? object : childOf(object, "field");
  const typeName = type && binder.text(type);
  // `TYPE.values()` is one of a constant.
  if (typeName === undefined || isLowerCase(typeName) || /^[A-Z0-9_]{2,}$/.test(typeName)) return undefined;
  const [first, ...rest] = argumentsOf(call).map((argument) => binder.valueOf(argument));
  const method = `${typeName}.${name}`;
  if (MAKERS.has(method)) return binder.terms.array(binder.terms.any([first, ...rest]));
  if (COPIERS.has(method)) return binder.terms.array(binder.terms.element(first));
  const instance = binder.terms.type(binder.valueOf(object));
  if (name === "valueOf") return instance;
  return name === "values" ? binder.terms.array(instance) : undefined;
}

/** What the function gives that is the only argument. */
function resultOf(binder: JavaBinder, call: SourceNode): Term | undefined {
  const [first, ...rest] = argumentsOf(call);
  return first === undefined || rest.length > 0 ? undefined : binder.results.get(first);
}

function argumentsOf(call: SourceNode): readonly SourceNode[] {
  return partsOf(childOf(call, "arguments"));
}
