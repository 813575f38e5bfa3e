import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { type RubyBinder, type Rule, visitOnly } from "./ruby-binder.js";
import type { Part, Walk } from "./walk.js";

/** What is done with `case … in` and what it takes apart. */
export const PATTERN_RULES: Readonly<Record<string, Rule>> = {
  in_clause: inClause,
  match_pattern: matched,
  test_pattern: matched,
};

function* inClause(ruby: RubyBinder, node: SourceNode): Walk {
  for (const part of partsOf(node)) {
    if (part.field === "pattern") yield* bindPattern(ruby, part);
    else if (part.field !== "body") yield ruby.visit(part);
  }
  return yield ruby.visit(childOf(node, "body"));
}

/** `a => pattern`, `a in pattern` */
function* matched(ruby: RubyBinder, node: SourceNode): Walk {
  yield ruby.visit(childOf(node, "value"));
  const pattern = childOf(node, "pattern");
  if (pattern !== undefined) yield* bindPattern(ruby, pattern);
  return undefined;
}

/** Defines the names that a pattern binds, and visits what it compares with. */
function* bindPattern(ruby: RubyBinder, pattern: SourceNode): Generator<Part, void, Term | undefined> {
  const pending = [pattern];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const name = childOf(node, "name");
    switch (node.type) {
      case "identifier":
        ruby.assignLocal(ruby.placeOf(node), undefined);
        break;
      case "as_pattern": {
        const value = childOf(node, "value");
        const type = yield value !== undefined && isConstant(value) ? ruby.visit(value) : undefined;
        if (name !== undefined) ruby.assignLocal(ruby.placeOf(name), ruby.terms.call(type, [], []));
        if (value !== undefined && !isConstant(value)) pending.push(value);
        break;
      }
      case "keyword_pattern": {
        const key = childOf(node, "key");
        const value = childOf(node, "value");
        if (value !== undefined) pending.push(value);
        else if (key?.type === "hash_key_symbol") ruby.assignLocal(ruby.placeOf(key), undefined);
        break;
      }
      case "splat_parameter":
      case "hash_splat_parameter":
        if (name !== undefined) ruby.assignLocal(ruby.placeOf(name), undefined);
        break;
      case "array_pattern":
      case "find_pattern":
      case "hash_pattern":
      case "alternative_pattern":
      case "parenthesized_pattern":
        pending.push(...[...partsOf(node)].reverse());
        break;
      default:
        yield isConstant(node) || node.children.length === 0
          ? ruby.visit(node)
          : visitOnly(ruby, partsOf(node));
    }
  }
}

function isConstant({ type }: SourceNode): boolean {
  return type === "constant" || type === "scope_resolution";
}
