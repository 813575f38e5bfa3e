import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { outsideComprehensions, type PythonScope } from "./python-scope.js";
import { arrayOf, elementOf, oneOf, UNKNOWN } from "./python-terms.js";
import { bindTypeVariable, isTypeVariable, visitType } from "./python-types.js";
import type { NodeHandler, PythonWalk, Task } from "./python-walk.js";

const SEVERAL = new Set([
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "tuple",
  "list",
  "expression_list",
]);
const STARRED = new Set(["list_splat_pattern", "list_splat", "splat_pattern"]);
const WRAPPERS = new Set(["parenthesized_expression", "as_pattern_target"]);

/** Makes the names that a target of an assignment, a loop, a `with` binds. */
export function bindTarget(
  walk: PythonWalk,
  node: SourceNode | undefined,
  scope: PythonScope,
  value: Term | undefined,
): void {
  if (node === undefined) return;
  if (SEVERAL.has(node.type)) bindParts(walk, node, scope, value, bindTarget);
  else if (STARRED.has(node.type)) {
    bindNext(walk, partsOf(node)[0], scope, walk.bounded(arrayOf(elementOf(value))), bindTarget);
  } else if (WRAPPERS.has(node.type)) bindNext(walk, partsOf(node)[0], scope, value, bindTarget);
  else if (node.type === "identifier") {
    const place = walk.placeOf(node);
    if (place !== undefined) walk.names.assign(place, scope, value);
  } else if (node.type === "attribute") {
    walk.do([walk.visiting(childOf(node, "object"), scope), () => bindAttribute(walk, node, scope, value)]);
  } else walk.visit(node, scope);
}

/** Binds the names in some part of a target or pattern. */
type Binding = typeof bindTarget;

/** As a step, so that nesting costs no calls. */
function bindNext(
  walk: PythonWalk,
  node: SourceNode | undefined,
  scope: PythonScope,
  value: Term | undefined,
  bind: Binding,
): void {
  walk.do([() => bind(walk, node, scope, value)]);
}

/** `a, (b, *c)`: each part gets its element, those after a starred one some element. */
export function bindParts(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  value: Term | undefined,
  bind: Binding,
): void {
  const parts = partsOf(node);
  const isGroup =
    parts.length === 1 &&
    (node.type === "tuple_pattern" || node.type === "tuple") &&
    !node.children.some((child) => child.type === ",");
  if (isGroup) {
    bindNext(walk, parts[0], scope, value, bind);
    return;
  }
  const some = walk.bounded(elementOf(value));
  let isAfterStar = false;
  const tasks = parts.map((part, at): Task => {
    if (isStarred(part)) {
      isAfterStar = true;
      return () => bind(walk, part, scope, value);
    }
    const element = isAfterStar ? some : walk.bounded(elementOf(value, at));
    return () => bind(walk, part, scope, element);
  });
  walk.do(tasks);
}

/** Whether a part takes all that the others leave; the patterns of `match` wrap theirs. */
function isStarred(node: SourceNode): boolean {
  if (node.type === "case_pattern") return node.children[0]?.type === "splat_pattern";
  return STARRED.has(node.type);
}

/** `a.b = …`: a member of the class where `a` is what a method is called on, else one put on what `a` stands for. */
function bindAttribute(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  value: Term | undefined,
): void {
  const object = childOf(node, "object");
  const place = walk.placeOf(childOf(node, "attribute"));
  if (object === undefined || place === undefined) return;
  const owner = walk.termOf(object);
  walk.out.refer(place, "write", { is: "member", of: owner ?? UNKNOWN, name: place.name });
  const known = value === undefined ? {} : { value };
  const classScope =
    object.type === "identifier" ? walk.names.receiverClass(walk.textOf(object), scope) : undefined;
  if (classScope !== undefined) walk.out.define(place, classScope, "property", known);
  else if (owner !== undefined) walk.out.define(place, scope.index, "property", { ...known, owner });
}

/** `a = b`, `a: T`, `a: T = b` */
const assignment: NodeHandler = (walk, node, scope) => {
  const right = childOf(node, "right");
  const type = childOf(node, "type");
  const left = childOf(node, "left");
  walk.do([
    walk.visiting(right, scope),
    () => {
      if (type !== undefined) visitType(walk, type, scope);
    },
    () => {
      const value = walk.termOf(right);
      if (value !== undefined) walk.keep(node, value);
      if (left?.type === "identifier" && isTypeVariable(walk, right)) {
        bindTypeVariable(walk, left, right, scope);
      } else bindTarget(walk, left, scope, walk.typeOf(type) ?? value);
    },
  ]);
};

/** `a += b` gives nothing a meaning, unless nothing else does. */
const augmentedAssignment: NodeHandler = (walk, node, scope) => {
  const left = childOf(node, "left");
  walk.do([
    walk.visiting(childOf(node, "right"), scope),
    walk.visiting(left, scope, "write"),
    () => {
      const place = left?.type === "identifier" ? walk.placeOf(left) : undefined;
      if (place !== undefined && !walk.names.isDefined(place.name, scope)) {
        walk.names.assign(place, scope, undefined);
      }
    },
  ]);
};

/** `a := b`, which also leaves comprehensions. */
const namedExpression: NodeHandler = (walk, node, scope) => {
  const home = outsideComprehensions(scope);
  const value = childOf(node, "value");
  walk.do([
    walk.visiting(value, scope),
    () => {
      walk.keep(node, walk.termOf(value));
      bindTarget(walk, childOf(node, "name"), home, walk.termOf(value));
    },
  ]);
};

const forStatement: NodeHandler = (walk, node, scope) => {
  const left = childOf(node, "left");
  const right = childOf(node, "right");
  const rest = partsOf(node).filter((part) => part !== left && part !== right);
  walk.do([
    walk.visiting(right, scope),
    () => bindTarget(walk, left, scope, walk.bounded(elementOf(walk.termOf(right)))),
    ...rest.map((part) => walk.visiting(part, scope)),
  ]);
};

/** `with a as b` */
const asPattern: NodeHandler = (walk, node, scope) => {
  const [expression] = partsOf(node);
  walk.do([
    walk.visiting(expression, scope),
    () => {
      walk.keep(node, walk.termOf(expression));
      bindTarget(walk, childOf(node, "alias"), scope, walk.termOf(expression));
    },
  ]);
};

/** `except E as e`, and Python 2's `except E, e`. */
const exceptClause: NodeHandler = (walk, node, scope) => {
  const values = node.children.filter((child) => child.field === "value");
  const [first, second] = values;
  const named = values.length === 1 && first?.type === "as_pattern" ? first : undefined;
  // Python 3.14 takes a second type here, whose name hardly begins with a small letter.
  const old = values.length === 2 && second?.type === "identifier" && /^\p{Ll}/u.test(walk.textOf(second));
  const caught = named === undefined ? first : partsOf(named)[0];
  const target = named === undefined ? (old ? second : undefined) : childOf(named, "alias");
  const rest = partsOf(node).filter((part) => part !== first && part !== target);
  walk.do([
    walk.visiting(caught, scope),
    () => bindTarget(walk, target, scope, walk.bounded(raisedBy(walk.termOf(caught)))),
    ...rest.map((part) => walk.visiting(part, scope)),
  ]);
};

/** An exception of one of the types that a clause names. */
function raisedBy(type: Term | undefined): Term | undefined {
  if (type === undefined) return undefined;
  if (type.is !== "array") return { is: "call", of: type };
  return oneOf((type.items ?? []).map((item) => ({ is: "call", of: item })));
}

export const TARGET_HANDLERS: readonly (readonly [string, NodeHandler])[] = [
  ["assignment", assignment],
  ["augmented_assignment", augmentedAssignment],
  ["named_expression", namedExpression],
  ["for_statement", forStatement],
  ["as_pattern", asPattern],
  ["except_clause", exceptClause],
];
