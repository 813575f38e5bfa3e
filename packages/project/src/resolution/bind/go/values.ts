import { hasToken, partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";
import type { Term } from "../../name-facts.js";
import type { Walk } from "../walk.js";
import type { GoBinder } from "./binder.js";
import { withoutParentheses } from "./nodes.js";

/** Expressions, and what each is a value of. */
export interface Values {
  readonly nodes: readonly SourceNode[];
  readonly terms: (Term | undefined)[];
}

/** The expressions of a list that are walked over by {@link fill}. */
export function valuesOf(list: SourceNode | undefined): Values {
  const nodes = list?.type === "expression_list" ? partsOf(list) : list === undefined ? [] : [list];
  return { nodes, terms: [] };
}

/** Walks over expressions and says what each is a value of. */
export function* fill(go: GoBinder, values: Values, scope: number): Walk {
  for (const node of values.nodes) values.terms.push(yield go.visit(node, scope));
  return undefined;
}

/** What the variable at a place is given by expressions, of which one may give several results. */
export function valueAt(
  go: GoBinder,
  { nodes, terms }: Values,
  place: number,
  variables: number,
): Term | undefined {
  const [first] = nodes;
  if (nodes.length !== 1 || variables === 1 || first === undefined) return terms[place];
  // `v, ok := …`
  if (saysWhetherThere(first)) return place === 0 ? terms[0] : undefined;
  return go.terms.element(terms[0], place);
}

/** Whether an expression gives a value and, where two are wanted, whether it is there. */
function saysWhetherThere(expression: SourceNode): boolean {
  const node = withoutParentheses(expression);
  if (node?.type === "unary_expression") return hasToken(node, "<-");
  return node?.type === "index_expression" || node?.type === "type_assertion_expression";
}
