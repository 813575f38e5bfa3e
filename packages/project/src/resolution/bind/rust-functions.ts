import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { Locals } from "./locals.js";
import type { RustBinder } from "./rust-binder.js";
import { defineParameters } from "./rust-declare.js";
import { bindPattern } from "./rust-patterns.js";
import { typeParameters } from "./rust-types.js";
import type { Part, Walk } from "./walk.js";

/** A function with its own names; what is around it has no locals that it could see. */
export function functionItem(rust: RustBinder, node: SourceNode): Part {
  const list = childOf(node, "type_parameters");
  const items = list === undefined ? rust.frame.items : rust.facts.scope(rust.frame.items);
  return rust.within({ items, locals: new Locals(rust.facts, items) }, function* () {
    const own = list === undefined ? [] : defineParameters(rust, list);
    yield typeParameters(rust, node, own);
    const parameters: number[] = [];
    let isPlain = true;
    for (const part of partsOf(childOf(node, "parameters"))) {
      if (part.type === "self_parameter") continue;
      const pattern = childOf(part, "pattern");
      const value = yield rust.visit(part.type === "parameter" ? childOf(part, "type") : part);
      if (pattern === undefined || pattern.type === "self") continue;
      yield bindPattern(rust, pattern, value, "parameter");
      // Those behind one that is taken apart have no place of their own.
      const name = pattern.type === "mut_pattern" ? partsOf(pattern).at(-1) : pattern;
      const definition = name?.type === "identifier" ? rust.bound.get(name) : undefined;
      isPlain &&= definition !== undefined;
      if (isPlain && definition !== undefined) parameters.push(definition);
    }
    const returned = yield rust.visit(childOf(node, "return_type"));
    const definition = rust.items.get(node);
    if (definition !== undefined)
      rust.facts.setValue(
        definition,
        rust.terms.callable({
          is: "function",
          parameters,
          returns: returned === undefined ? [] : [returned],
          ...(own.length > 0 ? { typeParameters: own.map((each) => each.definition) } : {}),
        }),
      );
    yield rust.visit(childOf(node, "body"));
    return undefined;
  });
}

/** `|a, b| …` sees what is around it. */
export function* closure(rust: RustBinder, node: SourceNode): Walk {
  const { locals } = rust.frame;
  const mark = locals.mark();
  const given = rust.closures.get(node);
  for (const [place, part] of partsOf(childOf(node, "parameters")).entries()) {
    const type = part.type === "parameter" ? yield rust.visit(childOf(part, "type")) : undefined;
    const pattern = part.type === "parameter" ? childOf(part, "pattern") : part;
    const value: Term | undefined = type ?? (place === 0 ? given : undefined);
    if (pattern !== undefined) yield bindPattern(rust, pattern, value, "parameter");
  }
  const type = yield rust.visit(childOf(node, "return_type"));
  const value = yield rust.visit(childOf(node, "body"));
  locals.close(mark);
  const returned = type ?? value;
  return rust.terms.callable({
    is: "function",
    parameters: [],
    returns: returned === undefined ? [] : [returned],
  });
}
