import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { RubyBinder } from "./ruby-binder.js";
import type { Part } from "./walk.js";

/** Types of nodes that are parameters with a name of their own. */
const NAMED: ReadonlySet<string> = new Set([
  "optional_parameter",
  "keyword_parameter",
  "splat_parameter",
  "hash_splat_parameter",
  "block_parameter",
]);

/**
 * Defines the parameters of a method or a block; gives the definitions of those that are found by their place.
 * @param given what each by its place is given, where that is known
 */
export function* defineParameters(
  ruby: RubyBinder,
  list: SourceNode | undefined,
  given: readonly (Term | undefined)[] = [],
): Generator<Part, readonly number[], Term | undefined> {
  const byPlace: number[] = [];
  let isPlain = true;
  for (const [index, part] of partsOf(list).entries()) {
    if (part.field === "locals") {
      ruby.frame.locals.define(ruby.placeOf(part), "variable", undefined);
      continue;
    }
    const value = yield ruby.visit(childOf(part, "value"));
    const definition = defineParameter(ruby, part, ruby.heldOf(given[index] ?? value));
    isPlain &&=
      definition !== undefined && (part.type === "identifier" || part.type === "optional_parameter");
    if (isPlain && definition !== undefined) byPlace.push(definition);
  }
  return byPlace;
}

/** Parameters may be taken apart within each other. */
function defineParameter(
  ruby: RubyBinder,
  parameter: SourceNode,
  value: Term | undefined,
): number | undefined {
  const { locals } = ruby.frame;
  let definition: number | undefined;
  const pending = [parameter];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "identifier") {
      const own = node === parameter ? value : undefined;
      definition = locals.define(ruby.placeOf(node), "parameter", own);
    } else if (node.type === "destructured_parameter") {
      pending.push(...[...partsOf(node)].reverse());
    } else if (NAMED.has(node.type)) {
      const name = childOf(node, "name");
      const own = node.type === "splat_parameter" || node.type === "hash_splat_parameter" ? undefined : value;
      if (name !== undefined) definition = locals.define(ruby.placeOf(name), "parameter", own);
    }
  }
  return definition;
}
