import { childOf, partsOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import { RUBY_FUNCTIONS } from "../../graph/resolve-ruby.js";
import { splitPath } from "../../outline/ruby-names.js";
import type { Sections } from "../../outline/ruby-sections.js";
import type { DefinitionKind, NameDefinition, NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { BoundedTerms, NOTHING } from "./bounded-terms.js";
import { Locals } from "./locals.js";
import type { Part, Walk } from "./walk.js";

/** What is done with a node of one type; gives what an expression is a value of. */
export type Rule = (ruby: RubyBinder, node: SourceNode) => Part;

/** A class or module that the file opens. */
export interface OpenedType {
  /**
   * Of its constants (in the space of types), what its instances have (in that of calls) and what it has itself (in that of values). The
   * methods of a module are in no space, as `include` gives them to instances and `extend` to a class.
   */
  readonly scope: number;
  /** Its whole name; empty for the top. */
  readonly name: string;
  /** What it names. */
  value: Term;
  /** What it is mixed with, the last first. */
  readonly mixed: Term[];
  superclass: Term | undefined;
  /** Whose members the class itself has: `extend M`. */
  readonly extending: { readonly scope: number; readonly terms: Term[] };
}

/** What is around a place. */
export interface Frame {
  /** From which constants are looked up. */
  readonly type: OpenedType;
  /** What `self` is; undefined where that is not known. */
  readonly self: Term | undefined;
  /** Where the methods of `self` are. */
  readonly space: NameSpace | undefined;
  /** Whether `def` defines a method of an object that only its own `class <<` knows. */
  readonly singleton: boolean;
  /** Whether what is around is a module, no class. */
  readonly isModule: boolean;
  /** Whether a block is around, which may run as if it stood in another object. */
  readonly inBlock: boolean;
  readonly sections: Sections | undefined;
  readonly locals: Locals;
  /** The method around. */
  readonly method: { readonly name: string; readonly returns: Term[] } | undefined;
}

/** The scope of the whole file. */
export const FILE = 0;

/** More values of one variable say as little as none. */
const MOST_ASSIGNED = 6;

/** What the parts of a walk over a Ruby file share. */
export class RubyBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: BoundedTerms = new BoundedTerms();
  readonly namespaces: [name: string, scope: number][] = [];
  /** What the parameters of blocks are given, where the call says so that they belong to. */
  readonly given: Map<SourceNode, readonly (Term | undefined)[]> = new Map();
  /** The scope of the methods outside of all classes. */
  readonly functions: number;
  frame: Frame;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #top: OpenedType;
  readonly #values = new Map<SourceNode, Term>();
  readonly #held = new Map<string, Term[]>();
  readonly #types = new Map<string, OpenedType>();
  readonly #variables = new Map<string, { readonly definition: number; readonly values: Term[] }>();

  constructor(tree: SourceTree, rules: ReadonlyMap<string, Rule>) {
    this.tree = tree;
    this.#rules = rules;
    this.facts.scope(-1);
    this.functions = this.facts.scope(FILE, "none");
    this.namespaces.push(["::", FILE], [RUBY_FUNCTIONS, this.functions]);
    this.facts.complete(this.functions, { supers: [{ is: "module", specifier: RUBY_FUNCTIONS }] });
    const value: Term = { is: "object", scope: this.functions };
    const extending = { scope: this.functions, terms: [] };
    const type: OpenedType = { scope: FILE, name: "", value, mixed: [], superclass: undefined, extending };
    this.#top = type;
    this.frame = {
      type,
      self: value,
      space: undefined,
      singleton: false,
      isModule: false,
      inBlock: false,
      sections: undefined,
      locals: new Locals(this.facts, FILE),
      method: undefined,
    };
  }

  /** The walk over a node; nothing where there is none. */
  visit(node: SourceNode | undefined): Part {
    if (node === undefined) return undefined;
    const rule = this.#rules.get(node.type);
    if (rule !== undefined) return rule(this, node);
    return node.children.length === 0 ? undefined : visitOnly(this, partsOf(node));
  }

  /** Walks within other surroundings. */
  *within(frame: Partial<Frame>, walk: () => Part): Walk {
    const outer = this.frame;
    this.frame = { ...outer, ...frame };
    const result = yield walk();
    this.frame = outer;
    return result;
  }

  /** The class or module of that whole name. @param around the scope that its own stands in, where the file first opens it */
  typeNamed(name: string, around: number = FILE): OpenedType {
    const known = name === "" ? this.frame.type : this.#types.get(name);
    if (known !== undefined && known.name === name) return known;
    const scope = this.facts.scope(around);
    const extending = { scope: this.facts.scope(scope, "none"), terms: [] };
    const type: OpenedType = {
      scope,
      name,
      value: { is: "class", scope },
      mixed: [],
      superclass: undefined,
      extending,
    };
    this.#types.set(name, type);
    this.namespaces.push([`::${name}`, scope]);
    return type;
  }

  /** Where the constants of a namespace are. */
  scopeOfConstants(namespace: string): number {
    return namespace === "" ? FILE : this.typeNamed(namespace).scope;
  }

  /** Says what types inherit from, once all of the file is walked over. */
  complete(): void {
    this.facts.complete(FILE, { supers: [{ is: "module", specifier: "::" }, ...this.#top.mixed] });
    for (const { scope, name, mixed, superclass, extending } of this.#types.values()) {
      const above = superclass ?? linkTo(name);
      const supers: Term[] = [{ is: "module", specifier: `::${name}` }, ...mixed, above];
      this.facts.complete(scope, { supers: [...supers, { is: "object", scope: this.functions }] });
      if (extending.terms.length > 0) this.facts.complete(extending.scope, { supers: extending.terms });
    }
  }

  /** Whatever is known of the class around as a value of its own: what `self` is in its body. */
  classItself({ scope, extending }: OpenedType): Term {
    const itself: Term = { is: "class", scope };
    if (scope === FILE) return { is: "object", scope: this.functions };
    return { is: "any", of: [itself, { is: "object", scope: extending.scope }] };
  }

  define(
    place: NamePlace,
    scope: number,
    kind: DefinitionKind,
    more: Partial<Pick<NameDefinition, "value" | "space" | "static" | "owner">> = {},
  ): number {
    return this.facts.define(place, scope, kind, more);
  }

  refer(place: NamePlace, role: ReferenceRole, term: Term | undefined): void {
    this.facts.refer(place, role, term ?? NOTHING);
  }

  /** Makes known what a reader gives, to which assignments by the writer add. */
  holds(scope: number, name: string, returns: Term[]): void {
    this.#held.set(`${scope} ${name}`, returns);
  }

  /** `self.a = …` of a method that `attr_accessor` or its like makes. */
  assignHeld(name: string, value: Term | undefined): void {
    const returns = this.#held.get(`${this.frame.type.scope} ${name}`);
    if (value !== undefined && returns !== undefined && returns.length < MOST_ASSIGNED) returns.push(value);
  }

  /** Keeps what an expression stands for. */
  keep(node: SourceNode, term: Term | undefined): Term | undefined {
    if (term !== undefined) this.#values.set(node, term);
    return term;
  }

  /** What an expression stands for that has been walked over, where that is kept. */
  valueOf(node: SourceNode): Term | undefined {
    return this.#values.get(node);
  }

  /** Whether an expression is a class for certain. */
  isClass(node: SourceNode): boolean {
    if (node.type === "self") return this.frame.space === "value";
    if (node.type === "call")
      return childOf(node, "receiver")?.type === "self" && this.text(childOf(node, "method")) === "class";
    return node.type === "constant" || node.type === "scope_resolution";
  }

  /** A member of what an expression stands for. */
  memberOf(receiver: SourceNode, of: Term | undefined, name: string): Term | undefined {
    if (receiver.type === "self") return this.ownMember(name);
    return this.terms.member(of, name, this.isClass(receiver) ? "value" : "call");
  }

  /** What `self.class` is. */
  classAround(): Term | undefined {
    const { self, space, type } = this.frame;
    return self === undefined || space === "value" ? undefined : this.classItself(type);
  }

  /** A member of `self`. A block in the body of a class may run there, or later in an instance. */
  ownMember(name: string): Term | undefined {
    const { self, space, type, inBlock, method } = this.frame;
    const member = this.terms.member(self, name, space);
    if (member === undefined || space !== "value" || !inBlock || method !== undefined) return member;
    const instance: Term = { is: "instance", scope: type.scope };
    return this.terms.any([member, this.terms.member(instance, name, "call")]);
  }

  /** A local variable that is assigned to: a definition where it is the first time, else a use. */
  assignLocal(place: NamePlace, assigned: Term | undefined): void {
    const value = this.heldOf(assigned);
    const seen = this.frame.locals.term(place.name);
    if (seen?.is === "name") {
      this.refer(place, "write", seen);
      this.#assigned(`${seen.scope} ${place.name}`, value);
      return;
    }
    const definition = this.frame.locals.define(place, "variable", value);
    const term = this.frame.locals.term(place.name);
    if (term?.is === "name") this.#keep(`${term.scope} ${place.name}`, definition, value);
  }

  /** A variable of an object or a class, or a global one, that is assigned to. */
  assignMember(
    place: NamePlace,
    scope: number,
    space: NameSpace | undefined,
    term: Term | undefined,
    assigned: Term | undefined,
  ): void {
    const value = this.heldOf(assigned);
    const key = `${scope} ${place.name} ${space ?? ""}`;
    if (this.#variables.has(key)) {
      this.refer(place, "write", term);
      this.#assigned(key, value);
      return;
    }
    const kind = scope === FILE ? "variable" : "property";
    const definition = this.define(place, scope, kind, space === undefined ? {} : { space });
    this.#keep(key, definition, value);
    this.facts.setValue(definition, value);
  }

  /** What a variable holds, which makes it no other name of that. */
  heldOf(value: Term | undefined): Term | undefined {
    return this.terms.awaited(value);
  }

  #keep(key: string, definition: number, value: Term | undefined): void {
    this.#variables.set(key, { definition, values: value === undefined ? [] : [value] });
  }

  #assigned(key: string, value: Term | undefined): void {
    const variable = this.#variables.get(key);
    if (variable === undefined || value === undefined || variable.values.length >= MOST_ASSIGNED) return;
    variable.values.push(value);
    this.facts.setValue(variable.definition, this.terms.any(variable.values));
  }

  placeOf(node: SourceNode): NamePlace {
    return { name: this.tree.textOf(node), start: node.start, end: node.end };
  }

  text(node: SourceNode | undefined): string {
    return node === undefined ? "" : this.tree.textOf(node);
  }
}

/** A class or module by its whole name, where it is at home. */
export function linkTo(name: string): Term {
  const { around, name: last } = splitPath(name);
  return { is: "member", of: { is: "module", specifier: `::${around}` }, name: last, space: "type" };
}

/** Walks over several nodes that give nothing together. */
export function* visitOnly(ruby: RubyBinder, nodes: readonly (SourceNode | undefined)[]): Walk {
  for (const node of nodes) yield ruby.visit(node);
  return undefined;
}
