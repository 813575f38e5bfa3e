import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { PythonScope } from "./python-scope.js";
import { arrayOf, elementOf, oneOf, sequenceOf, UNKNOWN } from "./python-terms.js";
import type { PythonWalk } from "./python-walk.js";

interface Given {
  readonly positional: readonly Term[];
  readonly keywords: ReadonlyMap<string, Term>;
}

/** What a call gives whose parts have been visited. */
export function callTerm(walk: PythonWalk, node: SourceNode, scope: PythonScope): Term | undefined {
  const callee = childOf(node, "function");
  const given = givenBy(walk, childOf(node, "arguments"));
  if (callee?.type === "identifier") {
    const name = walk.textOf(callee);
    const builtin = BUILTINS.get(name);
    if (name === "super" || builtin !== undefined) {
      const isBuiltin = !walk.names.isDefined(name, scope);
      const around = name === "super" && isBuiltin ? walk.names.classAround(scope) : undefined;
      if (around !== undefined) return { is: "super", scope: around };
      if (isBuiltin && builtin !== undefined) return builtin(given.positional);
    }
  }
  const of = calleeTerm(walk, callee);
  return of === undefined ? undefined : applied(walk, of, given, scope);
}

function applied(walk: PythonWalk, of: Term, { positional, keywords }: Given, scope: PythonScope): Term {
  if (keywords.size === 0) {
    return positional.length === 0 ? { is: "call", of } : { is: "call", of, arguments: positional };
  }
  // Which parameters they are for shows when all definitions are known; until then they stand in their own order, so that
  // the term is measured with them.
  const all = [...positional, ...keywords.values()];
  walk.keywordCalls.push({ callee: of, scope, positional, keywords, arguments: all });
  return { is: "call", of, arguments: all };
}

/** `Stack[int]()` calls the class, `handlers[0]()` an element. */
function calleeTerm(walk: PythonWalk, callee: SourceNode | undefined): Term | undefined {
  const of = walk.termOf(callee);
  return callee?.type === "subscript" ? oneOf([of, walk.termOf(partsOf(callee)[0])]) : of;
}

function givenBy(walk: PythonWalk, node: SourceNode | undefined): Given {
  const positional: Term[] = [];
  const keywords = new Map<string, Term>();
  if (node === undefined) return { positional, keywords };
  if (node.type === "generator_expression") return { positional: [walk.termOf(node) ?? UNKNOWN], keywords };
  let isKnown = true;
  for (const part of partsOf(node)) {
    const term = walk.termOf(part);
    if (part.type === "keyword_argument") {
      if (term !== undefined) keywords.set(walk.textOf(childOf(part, "name")), term);
    } else if (part.type === "list_splat" || part.type === "dictionary_splat") {
      // How many parameters it fills is not known.
      isKnown = false;
    } else if (isKnown) positional.push(term ?? UNKNOWN);
  }
  return { positional, keywords };
}

type Builtin = (given: readonly Term[]) => Term | undefined;

/** A sequence of the elements of its argument. */
const ofItsElements: Builtin = ([first]) => arrayOf(elementOf(first));

const oneElement: Builtin = (given) => (given.length === 1 ? elementOf(given[0]) : oneOf(given));

/** Functions of Python itself through which its elements or arguments pass. */
const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["list", ofItsElements],
  ["tuple", ofItsElements],
  ["set", ofItsElements],
  ["frozenset", ofItsElements],
  ["sorted", ofItsElements],
  ["reversed", ofItsElements],
  ["iter", ofItsElements],
  ["next", ([first]) => elementOf(first)],
  ["min", oneElement],
  ["max", oneElement],
  ["enumerate", ([first]) => arrayOf(sequenceOf([undefined, elementOf(first)]))],
  ["zip", (given) => arrayOf(sequenceOf(given.map((each) => elementOf(each))))],
  ["filter", ([, second]) => arrayOf(elementOf(second))],
  ["map", ([first, ...rest]) => arrayOf(mapped(first, rest))],
]);

function mapped(of: Term | undefined, sequences: readonly Term[]): Term | undefined {
  if (of === undefined) return undefined;
  return { is: "call", of, arguments: sequences.map((each) => elementOf(each) ?? UNKNOWN) };
}
