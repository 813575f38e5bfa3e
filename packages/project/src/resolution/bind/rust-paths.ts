import { childOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { NameSpace, ReferenceRole, Term } from "../name-facts.js";
import type { Module, RustBinder } from "./rust-binder.js";
import { naming } from "./terms.js";
import type { Walk } from "./walk.js";

/** Longer paths are made by a machine. */
const MOST_SEGMENTS = 40;

const SCOPED: ReadonlySet<string> = new Set(["scoped_identifier", "scoped_type_identifier"]);

/** What is wanted of a path. */
export interface PathUse {
  /** Of its last name, and of the names in front of that. */
  readonly role: ReferenceRole;
  readonly around: ReferenceRole;
  /** Absent: what is imported may be of any. */
  readonly space?: NameSpace;
  /** What stands in front of the path, in a list of what is used. */
  readonly prefix?: Term;
  /** Whether a name that begins the path is defined by the very declaration in which it stands. */
  readonly isOwn?: (definition: number) => boolean;
}

/** Refers to each name of a path, and gives what the last one names. */
export function* path(rust: RustBinder, node: SourceNode, use: PathUse): Walk {
  const names: SourceNode[] = [];
  let at: SourceNode | undefined = node;
  while (at !== undefined && SCOPED.has(at.type)) {
    const name = childOf(at, "name");
    if (name === undefined || names.push(name) > MOST_SEGMENTS) return undefined;
    at = childOf(at, "path");
  }
  names.reverse();
  const isLeading = at !== undefined && isName(at);
  let term: Term | undefined = use.prefix;
  if (isLeading && at !== undefined) term = first(rust, at, names.length > 0, use);
  else if (at !== undefined) term = naming(yield rust.visit(at));
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const text = rust.text(name);
    if (term === undefined && at === undefined) term = { is: "module", specifier: text };
    else if (term !== undefined && name.type === "super") term = above(rust, term);
    else term = term && rust.terms.member(term, text, isLast ? use.space : "type");
    if (term !== undefined && isPlain(name)) rust.refer(name, isLast ? use.role : use.around, term);
  }
  return term;
}

/** The name that begins a path, or is all of it. */
function first(rust: RustBinder, node: SourceNode, isPath: boolean, use: PathUse): Term | undefined {
  const term = firstTerm(rust, node, isPath, use);
  if (term !== undefined && isPlain(node)) rust.refer(node, isPath ? use.around : use.role, term);
  return term;
}

function firstTerm(rust: RustBinder, node: SourceNode, isPath: boolean, use: PathUse): Term | undefined {
  const name = rust.text(node);
  const { prefix } = use;
  switch (node.type) {
    case "self":
      return prefix ?? moduleTerm(rust.frame.module);
    case "super":
      return prefix === undefined ? superTerm(rust.frame.module) : above(rust, prefix);
    case "crate":
      return { is: "module", specifier: "crate" };
  }
  if (prefix !== undefined) return rust.terms.member(prefix, name, isPath ? "type" : use.space);
  if (name === "Self") return rust.frame.self;
  if (isPath) return moduleNamed(rust, name, use);
  if (use.space === "value") return rust.valueTerm(name);
  // What is used without a path is a crate, or something of the module itself.
  return use.role === "import" ? moduleNamed(rust, name, use) : rust.itemTerm(name, use.space);
}

/** A name that others stand behind: an item, or a crate. */
export function moduleNamed(rust: RustBinder, name: string, { isOwn }: Pick<PathUse, "isOwn"> = {}): Term {
  const { facts, frame } = rust;
  const scope = facts.scopeOf(name, frame.items);
  const isItem =
    scope !== undefined && !facts.definitionsIn(scope, name).every((each) => isOwn?.(each) === true);
  const item = rust.itemTerm(name, "type");
  if (isItem) return item;
  const crate: Term = { is: "module", specifier: name };
  return frame.globs.length + frame.module.globs.length === 0 || scope !== undefined
    ? crate
    : { is: "any", of: [item, crate] };
}

/** A module of the file. */
function moduleTerm({ scope }: Module): Term {
  return { is: "object", scope };
}

/** The module around one of the file. */
function superTerm({ outer }: Module): Term {
  return outer === undefined ? { is: "module", specifier: "super" } : moduleTerm(outer);
}

/** `super` behind `super`. */
function above(rust: RustBinder, term: Term): Term | undefined {
  if (term.is === "module") return { is: "module", specifier: `${term.specifier}::super` };
  if (term.is !== "object") return undefined;
  for (let module: Module | undefined = rust.frame.module; module !== undefined; module = module.outer) {
    if (module.scope === term.scope) return superTerm(module);
  }
  return undefined;
}

function isName({ type, children }: SourceNode): boolean {
  return children.length === 0 && (type === "identifier" || type === "type_identifier" || !isPlain({ type }));
}

/** Whether a name is one that something is defined by. */
function isPlain({ type }: Pick<SourceNode, "type">): boolean {
  return type !== "self" && type !== "super" && type !== "crate" && type !== "metavariable";
}
