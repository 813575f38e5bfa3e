import type { Term } from "../name-facts.js";
import type { RustBinder } from "./rust-binder.js";

/** Types of the standard library that are read like what they hold. */
const POINTERS = words(
  "Box Rc Arc Pin Cow Ref RefMut MutexGuard RwLockReadGuard RwLockWriteGuard ManuallyDrop Reverse",
);
/** Those that hold values of their first argument. */
const HOLDERS = words(
  "Vec VecDeque Option Result HashSet BTreeSet BinaryHeap LinkedList Cell RefCell OnceCell OnceLock LazyCell LazyLock Mutex RwLock Weak " +
    "Receiver Sender Poll Iter IterMut IntoIter Peekable JoinHandle PhantomData SmallVec IndexSet",
);
/** And of their second. */
const MAPS = words("HashMap BTreeMap IndexMap FxHashMap DashMap");

/** A value of a type with arguments; of a type of the library also what it holds. */
export function genericType(
  rust: RustBinder,
  name: string,
  type: Term | undefined,
  given: readonly (Term | undefined)[],
): Term | undefined {
  if (rust.typeNamed(name) !== undefined) return type;
  if (POINTERS.has(name)) return rust.terms.any(type, given.at(-1));
  const held = HOLDERS.has(name) ? given[0] : MAPS.has(name) ? given[1] : undefined;
  return held === undefined ? type : rust.terms.any(type, rust.terms.sequence(held));
}

/** Methods that give what they are called on. */
const ITSELF = words("clone to_owned by_ref");
/** Methods of sequences, options and results that give another one of the same. */
const SAME = words(
  "iter iter_mut into_iter par_iter into_par_iter clone cloned copied as_ref as_mut as_deref as_deref_mut as_slice as_mut_slice rev skip " +
    "take step_by chain filter skip_while take_while inspect peekable fuse drain retain collect to_vec to_owned into_boxed_slice lock " +
    "read write ok ok_or ok_or_else or or_else values values_mut into_values map_err context with_context upgrade downgrade replace " +
    "split_off try_lock entry or_insert_with",
);
/** Methods that give what is held. */
const HELD = words(
  "unwrap expect unwrap_or unwrap_or_else unwrap_or_default unwrap_unchecked borrow borrow_mut into_inner get_or_insert_with " +
    "get_or_init or_insert or_default swap_remove",
);
/** Methods that give an option of what is held. */
const MAYBE = words(
  "get get_mut first last first_mut last_mut pop pop_front pop_back next next_back find peek peek_mut nth max min max_by_key min_by_key " +
    "max_by min_by reduce front back front_mut back_mut remove recv try_recv",
);
/** Methods that give what a closure gives for each. */
const MAPPED = words("map flat_map and_then filter_map then map_or_else scan");
/** Methods whose closure is not given what is held. */
const OTHER_CLOSURES = words(
  "unwrap_or_else map_err or_else ok_or_else or_insert_with get_or_insert_with with_context fold try_fold",
);

/** What a method of the library gives, where that is what is called; `called` says what one of the project gives. */
export function methodCall(
  rust: RustBinder,
  name: string,
  of: Term | undefined,
  given: readonly (Term | undefined)[],
  called: Term | undefined,
): Term | undefined {
  const { terms } = rust;
  if (of === undefined) return called;
  if (ITSELF.has(name)) return terms.any(called, of);
  if (HELD.has(name)) return terms.any(called, terms.element(of));
  if (SAME.has(name)) return terms.any(called, terms.sequence(terms.element(of)));
  if (MAYBE.has(name)) return terms.any(called, terms.sequence(terms.element(of)));
  const [first] = given;
  if (MAPPED.has(name))
    return first?.is === "function" ? terms.any(called, mapped(rust, name, first)) : called;
  if (name === "enumerate") return terms.sequence(terms.results([undefined, terms.element(of)]));
  return called;
}

/** What a closure gives, held as before; what it holds itself is not held twice. */
function mapped(
  rust: RustBinder,
  name: string,
  { returns }: Extract<Term, { is: "function" }>,
): Term | undefined {
  const given = rust.terms.any(...returns);
  return rust.terms.sequence(name === "map" || name === "then" ? given : rust.terms.element(given));
}

/** What a closure's first parameter is that is given to a method: one of what is held. */
export function closureParameter(rust: RustBinder, method: string, of: Term | undefined): Term | undefined {
  return OTHER_CLOSURES.has(method) ? undefined : rust.terms.element(of);
}

/** What a function of the library gives: `Some(x)`, `Box::new(x)`, `T::default()`; `called` says what one of the project gives. */
export function functionCall(
  rust: RustBinder,
  names: readonly string[],
  type: Term | undefined,
  given: readonly (Term | undefined)[],
  called: Term | undefined,
): Term | undefined {
  const { terms } = rust;
  const name = names.at(-1) ?? "";
  if (names.length === 1) return name === "Some" || name === "Ok" ? terms.sequence(given[0]) : called;
  const of = names.at(-2) ?? "";
  if (name === "default") return terms.any(called, terms.type(type));
  if (rust.typeNamed(of) !== undefined) return called;
  if (name === "new" && POINTERS.has(of)) return given[0];
  if (name === "new" && HOLDERS.has(of)) return terms.sequence(given[0]);
  if (name === "clone" && (POINTERS.has(of) || of === "Clone")) return given[0];
  return called;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
