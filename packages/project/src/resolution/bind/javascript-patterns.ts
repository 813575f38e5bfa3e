import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import { type Around, childOf, type JavaScriptBinder } from "./javascript-binder.js";
import { expressionTerm } from "./javascript-expressions.js";
import { anyOf } from "./javascript-types.js";

/** What a pattern defines names as, and of what. */
export interface PatternPlace extends Around {
  readonly kind: DefinitionKind;
  readonly value: Term | undefined;
}

/** Defines the names of a pattern; the index of the definition where it is a single name. */
export function bindPattern(
  binder: JavaScriptBinder,
  node: SourceNode,
  place: PatternPlace,
): number | undefined {
  return binder.deeper(() => bind(binder, node, place));
}

function bind(binder: JavaScriptBinder, node: SourceNode, place: PatternPlace): number | undefined {
  const { scope, kind, value } = place;
  switch (node.type) {
    case "identifier":
    case "shorthand_property_identifier_pattern":
      return binder.facts.define(binder.place(node), scope, kind, value === undefined ? {} : { value });
    case "this":
      return undefined;
    case "assignment_pattern":
    case "object_assignment_pattern": {
      const left = childOf(node, "left");
      const right = childOf(node, "right");
      const fallback = right && expressionTerm(binder, right, place);
      const inner =
        left?.type === "shorthand_property_identifier_pattern" ? member(value, binder.text(left)) : value;
      return left && bindPattern(binder, left, { ...place, value: anyOf([inner, fallback]) });
    }
    case "object_pattern":
      for (const part of partsOf(node)) bindProperty(binder, part, place);
      return undefined;
    case "array_pattern": {
      let at = -1;
      for (const child of node.children) {
        if (child.type === "[" || child.type === ",") at++;
        else if (child.named && child.type !== "comment") {
          const isRest = child.type === "rest_pattern";
          const item: Term | undefined = value && (isRest ? value : { is: "element", of: value, at });
          bindPattern(binder, child, { ...place, value: item });
        }
      }
      return undefined;
    }
    case "rest_pattern": {
      const [inner] = partsOf(node);
      return inner && bindPattern(binder, inner, place);
    }
    default:
      // An expression that is assigned to: `[a.b] = …`.
      expressionTerm(binder, node, place);
      return undefined;
  }
}

function bindProperty(binder: JavaScriptBinder, part: SourceNode, place: PatternPlace): void {
  if (part.type !== "pair_pattern") {
    const isName = part.type === "shorthand_property_identifier_pattern";
    const value = isName ? member(place.value, binder.text(part)) : place.value;
    bindPattern(binder, part, { ...place, value: part.type === "rest_pattern" ? undefined : value });
    return;
  }
  const keyNode = childOf(part, "key");
  const key = binder.keyPlace(keyNode);
  if (keyNode?.type === "computed_property_name") expressionTerm(binder, keyNode, place);
  const value = key && member(place.value, key.name);
  if (key !== undefined && value !== undefined) binder.facts.refer(key, "read", value);
  const inner = childOf(part, "value");
  if (inner) bindPattern(binder, inner, { ...place, value });
}

function member(of: Term | undefined, name: string): Term | undefined {
  return of && { is: "member", of, name };
}
