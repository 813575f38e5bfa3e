import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { labelName } from "./locals.js";
import type { Rule, RustBinder } from "./rust-binder.js";
import { declareItems, isItem } from "./rust-declare.js";
import { bindPattern } from "./rust-patterns.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with blocks and what branches or repeats. */
export const STATEMENT_RULES: Readonly<Record<string, Rule>> = {
  block,
  unsafe_block: block,
  async_block: block,
  const_block: block,
  gen_block: block,
  try_block: block,
  expression_statement: statement,
  let_declaration: letDeclaration,
  let_condition: letCondition,
  if_expression: ifExpression,
  match_expression: matchExpression,
  while_expression: loop,
  for_expression: loop,
  loop_expression: loop,
  label,
};

/** More branches say as little as none. */
const MOST_BRANCHES = 8;

function* block(rust: RustBinder, node: SourceNode): Walk {
  const parts = partsOf(node);
  const { locals, module } = rust.frame;
  const mark = locals.mark();
  const closeLabel = openLabel(rust, node);
  const inside = (): Part =>
    visitAll(
      rust,
      parts.filter(({ type }) => type !== "label"),
    );
  let value: Term | undefined;
  if (parts.some(isItem)) {
    const items = rust.facts.scope(rust.frame.items);
    const globs: Term[] = [];
    declareItems(rust, parts, items, module);
    value = yield rust.within({ items, globs }, inside);
    if (globs.length > 0) rust.facts.complete(items, { supers: globs });
  } else {
    value = yield inside();
  }
  closeLabel();
  locals.close(mark);
  return isTail(parts.at(-1)) ? value : undefined;
}

/** Whether the last part of a block is what the block gives. */
function isTail(last: SourceNode | undefined): boolean {
  return last !== undefined && !last.type.endsWith("_declaration") && !last.type.endsWith("_item");
}

function* statement(rust: RustBinder, node: SourceNode): Walk {
  const value = yield visitAll(rust, partsOf(node));
  return node.children.at(-1)?.type === ";" ? undefined : value;
}

function* letDeclaration(rust: RustBinder, node: SourceNode): Walk {
  const type = yield rust.visit(childOf(node, "type"));
  const value = yield rust.visit(childOf(node, "value"));
  yield rust.visit(childOf(node, "alternative"));
  const pattern = childOf(node, "pattern");
  if (pattern !== undefined) yield bindPattern(rust, pattern, type ?? value);
  return undefined;
}

/** `let` as a condition: what it binds is seen behind it. */
function* letCondition(rust: RustBinder, node: SourceNode): Walk {
  const value = yield rust.visit(childOf(node, "value"));
  const pattern = childOf(node, "pattern");
  if (pattern !== undefined) yield bindPattern(rust, pattern, value);
  return undefined;
}

function* ifExpression(rust: RustBinder, node: SourceNode): Walk {
  const { locals } = rust.frame;
  const mark = locals.mark();
  yield rust.visit(childOf(node, "condition"));
  const value = yield rust.visit(childOf(node, "consequence"));
  locals.close(mark);
  const [other] = partsOf(childOf(node, "alternative"));
  return rust.terms.any(value, yield rust.visit(other));
}

function* matchExpression(rust: RustBinder, node: SourceNode): Walk {
  const value = yield rust.visit(childOf(node, "value"));
  const { locals } = rust.frame;
  const branches: (Term | undefined)[] = [];
  for (const arm of partsOf(childOf(node, "body"))) {
    if (arm.type !== "match_arm") continue;
    const mark = locals.mark();
    const condition = childOf(arm, "pattern");
    const [pattern] = partsOf(condition);
    if (pattern !== undefined) yield bindPattern(rust, pattern, value);
    yield rust.visit(condition && childOf(condition, "condition"));
    const given = yield rust.visit(childOf(arm, "value"));
    if (branches.length < MOST_BRANCHES) branches.push(given);
    locals.close(mark);
  }
  return rust.terms.any(...branches);
}

function* loop(rust: RustBinder, node: SourceNode): Walk {
  const { locals } = rust.frame;
  const mark = locals.mark();
  const closeLabel = openLabel(rust, node);
  const over = yield rust.visit(childOf(node, "value") ?? childOf(node, "condition"));
  const pattern = childOf(node, "pattern");
  if (pattern !== undefined) yield bindPattern(rust, pattern, rust.terms.element(over));
  yield rust.visit(childOf(node, "body"));
  closeLabel();
  locals.close(mark);
  return undefined;
}

/** Defines the label of a loop or a block, which is seen until what is given is called. */
function openLabel(rust: RustBinder, node: SourceNode): () => void {
  const name = node.children
    .filter(({ type }) => type === "label")
    .flatMap((each) => labelName(each) ?? [])[0];
  if (name === undefined) return () => {};
  const { locals } = rust.frame;
  locals.openLabel(rust.placeOf(name));
  return () => locals.closeLabel();
}

/** Where a jump leads to. */
function label(rust: RustBinder, node: SourceNode): undefined {
  const name = labelName(node);
  const term = name && rust.frame.locals.labelTerm(rust.text(name));
  if (name !== undefined && term !== undefined) rust.refer(name, "read", term);
  return undefined;
}
