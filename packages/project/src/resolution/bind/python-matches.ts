import { ancestorOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { PythonScope } from "./python-scope.js";
import { bindParts } from "./python-targets.js";
import { elementOf, sequenceOf, UNKNOWN } from "./python-terms.js";
import type { NodeHandler, PythonWalk, Task } from "./python-walk.js";

const MATCH = new Set(["match_statement"]);

/** `case p if g: …` */
const caseClause: NodeHandler = (walk, node, scope) => {
  const subject = subjectOf(walk, ancestorOf(node, MATCH));
  const parts = partsOf(node);
  const patterns = parts.filter((part) => part.type === "case_pattern");
  walk.do([
    ...patterns.map((pattern, at): Task => {
      const value = patterns.length === 1 ? subject : walk.bounded(elementOf(subject, at));
      return () => bindPattern(walk, pattern, scope, value);
    }),
    ...parts.filter((part) => part.type !== "case_pattern").map((part) => walk.visiting(part, scope)),
  ]);
};

export const MATCH_HANDLERS: readonly (readonly [string, NodeHandler])[] = [["case_clause", caseClause]];

function subjectOf(walk: PythonWalk, match: SourceNode | undefined): Term | undefined {
  const subjects = match?.children.filter((child) => child.field === "subject") ?? [];
  if (subjects.length < 2) return walk.termOf(subjects[0]);
  return walk.bounded(sequenceOf(subjects.map((subject) => walk.termOf(subject))));
}

/** Makes the names that a pattern captures, and refers to those that it compares with. */
function bindPattern(
  walk: PythonWalk,
  node: SourceNode | undefined,
  scope: PythonScope,
  value: Term | undefined,
): void {
  if (node === undefined) return;
  const parts = partsOf(node);
  switch (node.type) {
    case "case_pattern":
      walk.do([() => bindPattern(walk, parts[0], scope, value), () => passOn(walk, node)]);
      return;
    case "as_pattern":
      walk.do([
        () => bindPattern(walk, parts[0], scope, value),
        () => capture(walk, parts[1], scope, walk.termOf(parts[0]) ?? value),
      ]);
      return;
    case "class_pattern":
      bindClassPattern(walk, node, scope);
      return;
    case "list_pattern":
    case "tuple_pattern":
      bindParts(walk, node, scope, value, bindPattern);
      return;
    case "splat_pattern":
      capture(walk, parts[0], scope, { is: "array" });
      return;
    case "dict_pattern":
      walk.do(
        parts.map(
          (part): Task =>
            () =>
              bindEntry(walk, part, scope),
        ),
      );
      return;
    case "union_pattern":
      walk.do(
        parts.map(
          (part): Task =>
            () =>
              bindPattern(walk, part, scope, value),
        ),
      );
      return;
    case "dotted_name":
      if (parts.length === 1) capture(walk, parts[0], scope, value);
      else referDotted(walk, node, scope);
      return;
    default:
      walk.visit(node, scope);
  }
}

/** What a part of a pattern says of the value holds for the whole. */
function passOn(walk: PythonWalk, node: SourceNode): void {
  walk.keep(node, walk.termOf(partsOf(node)[0]));
}

function capture(
  walk: PythonWalk,
  node: SourceNode | undefined,
  scope: PythonScope,
  value: Term | undefined,
): void {
  const place = node?.type === "identifier" || node?.type === "dotted_name" ? walk.placeOf(node) : undefined;
  if (place !== undefined) walk.names.assign(place, scope, value);
}

/** A key or value of a dictionary: of its keys, names are compared with. */
function bindEntry(walk: PythonWalk, node: SourceNode, scope: PythonScope): void {
  if (node.field === "key" && node.type === "dotted_name") referDotted(walk, node, scope);
  else if (node.type === "splat_pattern") capture(walk, partsOf(node)[0], scope, undefined);
  else bindPattern(walk, node, scope, undefined);
}

/** `Point(x, y=0)` */
function bindClassPattern(walk: PythonWalk, node: SourceNode, scope: PythonScope): void {
  const [name, ...patterns] = partsOf(node);
  if (name === undefined) return;
  const of = referDotted(walk, name, scope);
  const instance: Term | undefined = of === undefined ? undefined : { is: "type", of };
  walk.keep(node, instance);
  walk.do(
    patterns.map((pattern): Task => {
      const keyword = pattern.children[0];
      if (keyword?.type !== "keyword_pattern") return () => bindPattern(walk, pattern, scope, undefined);
      return () => bindKeyword(walk, keyword, scope, instance);
    }),
  );
}

function bindKeyword(
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  instance: Term | undefined,
): void {
  const [name, pattern] = partsOf(node);
  const place = walk.placeOf(name);
  if (place === undefined) return;
  const member: Term = { is: "member", of: instance ?? UNKNOWN, name: place.name };
  walk.out.refer(place, "read", member);
  bindPattern(walk, pattern, scope, walk.bounded(member));
}

/** Refers to each part of `a.b.c`, and gives what all of it stands for. */
function referDotted(walk: PythonWalk, node: SourceNode, scope: PythonScope): Term | undefined {
  let of: Term | undefined;
  for (const [index, part] of partsOf(node).entries()) {
    const place = walk.placeOf(part);
    if (place === undefined) return undefined;
    const term: Term =
      index === 0
        ? walk.names.term(place.name, scope)
        : { is: "member", of: of ?? UNKNOWN, name: place.name };
    walk.out.refer(place, "read", term);
    of = walk.bounded(term);
  }
  return of;
}
