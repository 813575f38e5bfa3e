import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { RustBinder } from "./rust-binder.js";
import { path } from "./rust-paths.js";
import { naming } from "./terms.js";
import type { Part, Walk } from "./walk.js";

/** What one pattern binds. */
interface Binding {
  readonly kind: "variable" | "parameter";
  /** What it bound so far: the other sides of a `|` name the same variables. */
  readonly bound: Map<string, Term>;
}

/** Defines the variables of a pattern, which is matched with a value. */
export function bindPattern(
  rust: RustBinder,
  pattern: SourceNode,
  value: Term | undefined,
  kind: Binding["kind"] = "variable",
): Part {
  return bind(rust, pattern, value, { kind, bound: new Map() });
}

function bind(rust: RustBinder, pattern: SourceNode, value: Term | undefined, binding: Binding): Part {
  switch (pattern.type) {
    case "identifier":
      return variable(rust, pattern, value, binding);
    case "mut_pattern":
    case "ref_pattern":
    case "reference_pattern":
    case "captured_pattern":
    case "or_pattern":
      return each(rust, partsOf(pattern), value, binding);
    case "tuple_pattern":
      return inOrder(rust, pattern, value, binding);
    case "slice_pattern":
      return each(rust, partsOf(pattern), rust.terms.element(value), binding);
    case "tuple_struct_pattern":
      return tupleStruct(rust, pattern, value, binding);
    case "struct_pattern":
      return struct(rust, pattern, binding);
    default:
      return rust.visit(pattern);
  }
}

/** A name that begins with a capital is a constant or a variant. */
function variable(
  rust: RustBinder,
  node: SourceNode,
  value: Term | undefined,
  { kind, bound }: Binding,
): undefined {
  const name = rust.text(node);
  if (/^\p{Lu}/u.test(name)) {
    rust.refer(node, "read", rust.itemTerm(name, "value"));
    return undefined;
  }
  const known = bound.get(name);
  if (known !== undefined) {
    rust.refer(node, "write", known);
    return undefined;
  }
  rust.bound.set(node, rust.frame.locals.define(rust.placeOf(node), kind, value));
  const term = rust.frame.locals.term(name);
  if (term !== undefined) bound.set(name, term);
  return undefined;
}

function* each(
  rust: RustBinder,
  patterns: readonly SourceNode[],
  value: Term | undefined,
  binding: Binding,
): Walk {
  for (const pattern of patterns) yield bind(rust, pattern, value, binding);
  return undefined;
}

/** The parts of a tuple; behind `..` their places are not known. */
function* inOrder(rust: RustBinder, pattern: SourceNode, value: Term | undefined, binding: Binding): Walk {
  let place: number | undefined = 0;
  let isFilled = false;
  for (const child of pattern.children) {
    if (child.type === ",") {
      if (place !== undefined) place += 1;
      isFilled = false;
    } else if (child.type === ".." || child.type === "remaining_field_pattern") {
      place = undefined;
    } else if (child.named && child.field !== "type" && !isFilled) {
      isFilled = !child.type.endsWith("_comment");
      yield bind(rust, child, place === undefined ? undefined : rust.terms.element(value, place), binding);
    }
  }
  return undefined;
}

/** Names of the standard library whose only part is what is held. */
const HOLDING: ReadonlySet<string> = new Set(["Some", "Ok"]);

function* tupleStruct(
  rust: RustBinder,
  pattern: SourceNode,
  value: Term | undefined,
  binding: Binding,
): Walk {
  const type = childOf(pattern, "type");
  const term = type && (yield path(rust, type, { role: "read", around: "read", space: "value" }));
  const parts = partsOf(pattern).filter((part) => part !== type);
  const name = type?.type === "identifier" ? rust.text(type) : "";
  if (HOLDING.has(name)) return yield each(rust, parts, rust.terms.element(value), binding);
  if (name === "Err") return yield each(rust, parts, undefined, binding);
  return yield inOrder(rust, pattern, rust.terms.type(term), binding);
}

function* struct(rust: RustBinder, pattern: SourceNode, binding: Binding): Walk {
  const type = childOf(pattern, "type");
  const isPath = type?.type === "type_identifier" || type?.type === "scoped_type_identifier";
  const of =
    type && (isPath ? path(rust, type, { role: "type", around: "read", space: "type" }) : rust.visit(type));
  const value = rust.terms.type(naming(yield of));
  for (const part of partsOf(pattern)) {
    if (part.type !== "field_pattern") continue;
    const name = childOf(part, "name");
    const inner = childOf(part, "pattern");
    if (name === undefined) continue;
    const member = rust.terms.member(value, rust.text(name), "field");
    if (name.type !== "integer_literal") rust.refer(name, "read", member);
    if (inner !== undefined) yield bind(rust, inner, value && member, binding);
    else if (name.type === "shorthand_field_identifier") variable(rust, name, value && member, binding);
  }
  return undefined;
}
