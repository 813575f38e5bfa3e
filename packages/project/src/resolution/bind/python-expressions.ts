import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { callTerm } from "./python-calls.js";
import type { PythonScope } from "./python-scope.js";
import { bindTarget } from "./python-targets.js";
import { arrayOf, elementOf, oneOf, sequenceOf, UNKNOWN } from "./python-terms.js";
import { isSpecialForm, visitApplied } from "./python-types.js";
import type { NodeHandler, PythonWalk, Task } from "./python-walk.js";

const identifier: NodeHandler = (walk, node, scope, role) => {
  const place = walk.placeOf(node);
  if (place === undefined) return;
  const term = walk.names.term(place.name, scope);
  walk.out.refer(place, role, term);
  walk.keep(node, term);
};

/** `a.b` */
const attribute: NodeHandler = (walk, node, scope, role) => {
  const object = childOf(node, "object");
  walk.do([
    walk.visiting(object, scope),
    () => {
      const place = walk.placeOf(childOf(node, "attribute"));
      if (place === undefined) return;
      const of = walk.termOf(object);
      const term: Term = { is: "member", of: of ?? UNKNOWN, name: place.name };
      walk.out.refer(place, role, term);
      if (of !== undefined) walk.keep(node, term);
    },
  ]);
};

const call: NodeHandler = (walk, node, scope) => {
  walk.do([
    walk.visiting(childOf(node, "function"), scope, "call"),
    walk.visiting(childOf(node, "arguments"), scope),
    () => walk.keep(node, callTerm(walk, node, scope)),
  ]);
};

/** `name=value`, of which the name is the callee's affair. */
const keywordArgument: NodeHandler = (walk, node, scope) => {
  const value = childOf(node, "value");
  walk.do([walk.visiting(value, scope), () => walk.keep(node, walk.termOf(value))]);
};

const parenthesized: NodeHandler = (walk, node, scope, role) => {
  const [inner] = partsOf(node);
  walk.do([walk.visiting(inner, scope, role), () => walk.keep(node, walk.termOf(inner))]);
};

const subscript: NodeHandler = (walk, node, scope) => {
  const [value] = partsOf(node);
  if (isSpecialForm(walk, value, scope)) {
    walk.do([() => visitApplied(walk, node, scope, "read"), () => walk.keep(node, walk.typeOf(node))]);
  } else walk.visitParts(node, scope, () => walk.keep(node, subscriptTerm(walk, node, walk.termOf(value))));
};

function subscriptTerm(walk: PythonWalk, node: SourceNode, of: Term | undefined): Term | undefined {
  const [index, ...more] = node.children.filter((child) => child.field === "subscript");
  if (index?.type === "slice") return of === undefined ? undefined : arrayOf(elementOf(of));
  const at = index?.type === "integer" && more.length === 0 ? Number(walk.textOf(index)) : undefined;
  return elementOf(of, Number.isSafeInteger(at) ? at : undefined);
}

const awaiting: NodeHandler = (walk, node, scope) => {
  const [inner] = partsOf(node);
  walk.visitParts(node, scope, () => {
    const of = walk.termOf(inner);
    if (of !== undefined) walk.keep(node, { is: "await", of });
  });
};

/** Lists, tuples and sets. */
const display: NodeHandler = (walk, node, scope) => {
  const parts = partsOf(node);
  walk.visitParts(node, scope, () => {
    const isSplat = (part: SourceNode): boolean => part.type === "list_splat";
    const terms = parts.map((part) => walk.termOf(part));
    const item = (part: SourceNode, index: number): Term | undefined =>
      isSplat(part) ? elementOf(walk.termOf(partsOf(part)[0])) : terms[index];
    walk.keep(node, parts.some(isSplat) ? arrayOf(oneOf(parts.map(item))) : sequenceOf(terms));
  });
};

/** What one of its parts is. */
function either(choose: (parts: readonly SourceNode[]) => readonly (SourceNode | undefined)[]): NodeHandler {
  return (walk, node, scope) => {
    walk.visitParts(node, scope, () => {
      walk.keep(node, oneOf(choose(partsOf(node)).map((part) => walk.termOf(part))));
    });
  };
}

/** Opens a scope, of which the first iterable is not a part. */
const comprehension: NodeHandler = (walk, node, scope) => {
  const inner = walk.names.open("comprehension", scope);
  const body = childOf(node, "body");
  const clauses = partsOf(node).filter((part) => part !== body);
  walk.do([
    ...clauses.map((clause, index) => clauseTask(walk, clause, index === 0 ? scope : inner, inner)),
    walk.visiting(body, inner),
    () => {
      if (node.type !== "dictionary_comprehension") walk.keep(node, arrayOf(walk.termOf(body)));
    },
  ]);
};

function clauseTask(walk: PythonWalk, clause: SourceNode, outer: PythonScope, inner: PythonScope): Task {
  if (clause.type !== "for_in_clause") return walk.visiting(clause, inner);
  const sources = clause.children.filter((child) => child.field === "right" && child.named);
  return () => {
    walk.do([
      ...sources.map((source) => walk.visiting(source, outer)),
      () => {
        const terms = sources.map((source) => walk.termOf(source));
        const iterable = terms.length === 1 ? terms[0] : sequenceOf(terms);
        bindTarget(walk, childOf(clause, "left"), inner, walk.bounded(elementOf(iterable)));
      },
    ]);
  };
}

export const EXPRESSION_HANDLERS: readonly (readonly [string, NodeHandler])[] = [
  ["identifier", identifier],
  ["attribute", attribute],
  ["call", call],
  ["keyword_argument", keywordArgument],
  ["parenthesized_expression", parenthesized],
  ["subscript", subscript],
  ["await", awaiting],
  ["list", display],
  ["tuple", display],
  ["set", display],
  ["expression_list", display],
  ["pattern_list", display],
  ["boolean_operator", either((parts) => parts)],
  ["conditional_expression", either(([first, , last]) => [first, last])],
  ["list_comprehension", comprehension],
  ["set_comprehension", comprehension],
  ["dictionary_comprehension", comprehension],
  ["generator_expression", comprehension],
];
