import { partsOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, NameDefinition, NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { Locals } from "./locals.js";
import { Terms } from "./terms.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with a node of one type; gives what an expression is a value of, or a value of the type that a type is. */
export type Rule = (rust: RustBinder, node: SourceNode) => Part;

/** A type parameter. */
export interface Parameter {
  readonly name: string;
  readonly definition: number;
  /** The parameter of the type itself that it stands for: `K` of `impl<K> A<K>`. */
  readonly same?: Term;
}

/** A type or trait that the file declares. */
export interface DeclaredType {
  readonly members: number;
  /** In which its type parameters are, and which those are. */
  readonly inner: number;
  readonly parameters: readonly Parameter[];
  /** Its traits, as they are found. */
  readonly supers: Term[];
}

/** A module: the file, or one within it. */
export interface Module {
  readonly scope: number;
  readonly outer: Module | undefined;
  /** As in {@link Frame}. */
  readonly globs: Term[];
}

/** What is around a place. */
export interface Frame {
  /** The scope from which items are looked up. */
  readonly items: number;
  readonly module: Module;
  /** What the module or the block around shows all of: `use a::*`. */
  readonly globs: Term[];
  /** What `Self` names. */
  readonly self: Term | undefined;
  readonly locals: Locals;
}

/** The scope of the whole file. */
export const FILE = 0;

/** What the parts of a walk over a Rust file share. */
export class RustBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: Terms = new Terms();
  /** The definitions of items by their nodes: they are known before what is around them is walked over. */
  readonly items: Map<SourceNode, number> = new Map();
  readonly types: Map<SourceNode, DeclaredType> = new Map();
  readonly modules: Map<SourceNode, Module> = new Map();
  /** The variables that patterns define, by the nodes of their names. */
  readonly bound: Map<SourceNode, number> = new Map();
  /** What closures are given, where the call says it that they are an argument of. */
  readonly closures: Map<SourceNode, Term> = new Map();
  frame: Frame;
  readonly #names = new Set<string>();
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #typesIn = new Map<number, Map<string, DeclaredType>>();
  readonly #all: { readonly types: DeclaredType[]; readonly modules: Module[] } = { types: [], modules: [] };

  constructor(tree: SourceTree, rules: ReadonlyMap<string, Rule>) {
    this.tree = tree;
    this.#rules = rules;
    const module = this.module(undefined);
    const locals = new Locals(this.facts, FILE);
    this.frame = { items: FILE, module, globs: module.globs, self: undefined, locals };
  }

  /** The walk over a node; nothing where there is none. */
  visit(node: SourceNode | undefined): Part {
    if (node === undefined) return undefined;
    const rule = this.#rules.get(node.type);
    if (rule !== undefined) return rule(this, node);
    return node.children.length === 0 ? undefined : visitAll(this, partsOf(node));
  }

  /** Walks within other surroundings. */
  *within(frame: Partial<Frame>, walk: () => Part): Walk {
    const outer = this.frame;
    this.frame = { ...outer, ...frame };
    const result = yield walk();
    this.frame = outer;
    return result;
  }

  /** Opens a module, whose names are not looked for in what is around it. */
  module(outer: Module | undefined): Module {
    const module = { scope: this.facts.scope(-1), outer, globs: [] };
    this.#all.modules.push(module);
    return module;
  }

  /** Makes a type known by its name. */
  declareType(name: string, scope: number, type: DeclaredType): void {
    const known = this.#typesIn.get(scope);
    if (known === undefined) this.#typesIn.set(scope, new Map([[name, type]]));
    else known.set(name, type);
    this.#all.types.push(type);
  }

  /** The type of the file that a name means here. */
  typeNamed(name: string): DeclaredType | undefined {
    const scope = this.facts.scopeOf(name, this.frame.items);
    return scope === undefined ? undefined : this.#typesIn.get(scope)?.get(name);
  }

  /** Gives types and modules what they inherit from, once all of the file is walked over. */
  complete(): void {
    for (const { members, supers } of this.#all.types)
      if (supers.length > 0) this.facts.complete(members, { supers });
    for (const { scope, globs } of this.#all.modules)
      if (globs.length > 0) this.facts.complete(scope, { supers: globs });
  }

  /** The names that the file itself defines. */
  namesOfFile(): Iterable<string> {
    return this.#names;
  }

  /** Defines the name that a node is. */
  define(
    node: SourceNode,
    scope: number,
    kind: DefinitionKind,
    more: Partial<Pick<NameDefinition, "value" | "space" | "owner">> = {},
  ): number {
    const place = this.placeOf(node);
    if (scope === FILE && more.owner === undefined) this.#names.add(place.name);
    return this.facts.define(place, scope, kind, more);
  }

  refer(node: SourceNode, role: ReferenceRole, term: Term): void {
    this.facts.refer(this.placeOf(node), role, term);
  }

  /** An item or a type parameter by its name, as it is seen from here. */
  itemTerm(name: string, space?: NameSpace): Term {
    return { is: "name", name, scope: this.frame.items, ...(space === undefined ? {} : { space }) };
  }

  /** What a name is a value of: a local of the function around, else an item. */
  valueTerm(name: string): Term {
    return this.frame.locals.term(name) ?? this.itemTerm(name, "value");
  }

  placeOf(node: SourceNode): NamePlace {
    return { name: this.tree.textOf(node), start: node.start, end: node.end };
  }

  text(node: SourceNode): string {
    return this.tree.textOf(node);
  }
}
