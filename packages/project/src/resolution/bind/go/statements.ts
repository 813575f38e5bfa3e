import { childOf, hasToken, partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";
import type { Term } from "../../name-facts.js";
import type { Walk } from "../walk.js";
import { type GoBinder, type Rule, visitChildren } from "./binder.js";
import { childrenOf } from "./nodes.js";
import { fill, valueAt, valuesOf } from "./values.js";

/** What is done with statements that define names or hold some. */
export const STATEMENT_RULES: Readonly<Record<string, Rule>> = {
  block: scoped,
  if_statement: scoped,
  for_statement: scoped,
  expression_switch_statement: scoped,
  select_statement: scoped,
  expression_case: scoped,
  default_case: scoped,
  communication_case: scoped,
  type_switch_statement: typeSwitch,
  short_var_declaration: shortVariables,
  receive_statement: receive,
  range_clause: range,
  labeled_statement: labeled,
  break_statement: jump,
  continue_statement: jump,
  goto_statement: jump,
};

function* scoped(go: GoBinder, node: SourceNode, parent: number): Walk {
  const scope = go.open(parent);
  yield visitChildren(go, node, scope);
  go.close(scope);
  return undefined;
}

function* shortVariables(go: GoBinder, node: SourceNode, scope: number): Walk {
  const values = valuesOf(childOf(node, "right"));
  yield fill(go, values, scope);
  const left = partsOf(childOf(node, "left"));
  for (const [place, target] of left.entries()) {
    yield defineNew(go, target, scope, valueAt(go, values, place, left.length));
  }
  return undefined;
}

/** `:=` defines what is new in its very scope, and writes to the rest. */
function* defineNew(go: GoBinder, target: SourceNode, scope: number, value: Term | undefined): Walk {
  if (target.type !== "identifier") return yield go.visit(target, scope);
  const name = go.tree.textOf(target);
  if (go.facts.definitionsIn(scope, name).length > 0) go.refer(target, "write", go.nameTerm(name));
  else go.define(target, scope, "variable", value);
  return undefined;
}

/** `case v, ok := <-channel` */
function* receive(go: GoBinder, node: SourceNode, scope: number): Walk {
  const value = yield go.visit(childOf(node, "right"), scope);
  return yield received(go, node, scope, [value]);
}

/** `for index, value := range values`; the only variable is the value of a channel. */
function* range(go: GoBinder, node: SourceNode, scope: number): Walk {
  const element = go.terms.element(yield go.visit(childOf(node, "right"), scope));
  const { length } = partsOf(childOf(node, "left"));
  return yield received(go, node, scope, length === 1 ? [element] : [undefined, element]);
}

function* received(
  go: GoBinder,
  node: SourceNode,
  scope: number,
  values: readonly (Term | undefined)[],
): Walk {
  const left = childOf(node, "left");
  if (!hasToken(node, ":=")) return yield go.visit(left, scope);
  for (const [place, target] of partsOf(left).entries()) yield defineNew(go, target, scope, values[place]);
  return undefined;
}

/** `switch v := x.(type)`: in each case `v` is of the type of the case, or what `x` is where that names none or several. */
function* typeSwitch(go: GoBinder, node: SourceNode, parent: number): Walk {
  const scope = go.open(parent);
  yield go.visit(childOf(node, "initializer"), scope);
  const value = yield go.visit(childOf(node, "value"), scope);
  const [variable] = partsOf(childOf(node, "alias"));
  for (const part of partsOf(node)) {
    if (part.type !== "type_case" && part.type !== "default_case") continue;
    const inner = go.open(scope);
    const types: (Term | undefined)[] = [];
    for (const type of childrenOf(part, "type")) types.push(yield go.visit(type, inner));
    if (variable !== undefined) go.define(variable, inner, "variable", types.length === 1 ? types[0] : value);
    for (const child of partsOf(part)) if (child.field !== "type") yield go.visit(child, inner);
    go.close(inner);
  }
  go.close(scope);
  return undefined;
}

function* labeled(go: GoBinder, node: SourceNode, scope: number): Walk {
  const label = childOf(node, "label");
  if (label !== undefined) go.facts.define(go.placeOf(label), go.labels(), "label");
  for (const child of partsOf(node)) if (child !== label) yield go.visit(child, scope);
  return undefined;
}

function jump(go: GoBinder, node: SourceNode): undefined {
  const [label] = partsOf(node);
  if (label === undefined) return undefined;
  const labels: Term = { is: "object", scope: go.labels() };
  go.refer(label, "read", go.terms.member(labels, go.tree.textOf(label)));
  return undefined;
}
