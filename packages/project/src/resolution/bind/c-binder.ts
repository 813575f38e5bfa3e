import { partsOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import { nameText } from "../../outline/c-declarators.js";
import type { DefinitionKind, NameDefinition, NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import type { Locals } from "./locals.js";
import { Terms } from "./terms.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with a node of one type; gives what an expression is a value of, or a value of the type that a type is. */
export type Rule = (c: CBinder, node: SourceNode) => Part;

/** What is around a place. */
export interface Frame {
  /** Where names are looked up from. */
  readonly scope: number;
  /** Where declarations go, unless they are local. */
  readonly block: number;
  /** And types and constants of enums: those in a struct of C are of what is around it. */
  readonly types: number;
  /** The namespace around, `a::b`; empty outside of all. */
  readonly namespace: string;
  /** Of the function around; undefined outside of functions, and in the body of a class. */
  readonly locals: Locals | undefined;
  /** The scope of the labels of the function around. */
  readonly labels: number | undefined;
  /** What names the class around. */
  readonly self: Term | undefined;
  /** Whether what is declared here are members of it. */
  readonly inClass: boolean;
  /** Definitions of the type parameters of the template that begins here. */
  readonly typeParameters: readonly number[];
}

/** The scope of the whole file. */
export const FILE = 0;

/** Nodes that only C++ has. */
const CPP_ONLY: ReadonlySet<string> = new Set([
  "class_specifier",
  "namespace_definition",
  "template_declaration",
  "using_declaration",
  "alias_declaration",
  "qualified_identifier",
  "reference_declarator",
  "base_class_clause",
  "new_expression",
  "lambda_expression",
]);

/** What the parts of a walk over a file in C or C++ share. */
export class CBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: Terms = new Terms();
  /** Whether names of classes are also called. */
  readonly isCpp: boolean;
  /** What other names of namespaces stand for, `a::b`. */
  readonly namespaceAliases: Map<string, string> = new Map();
  /** What braces are to make, where that is known. */
  readonly expected: Map<SourceNode, Term> = new Map();
  frame: Frame;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #namespaces = new Map<string, number>([["", FILE]]);
  readonly #supers = new Map<number, Term[]>();

  constructor(tree: SourceTree, rules: ReadonlyMap<string, Rule>) {
    this.tree = tree;
    this.#rules = rules;
    this.isCpp = tree.nodes.some(({ type }) => CPP_ONLY.has(type));
    const scope = this.facts.scope(-1);
    this.addSuper(scope, { is: "module", specifier: "" });
    this.frame = {
      scope,
      block: scope,
      types: scope,
      namespace: "",
      locals: undefined,
      labels: undefined,
      self: undefined,
      inClass: false,
      typeParameters: [],
    };
  }

  /** The namespaces that the file adds to, with their scopes. */
  get namespaces(): readonly (readonly [string, number])[] {
    return [...this.#namespaces];
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

  /** Walks over what local names are defined in that end with it. */
  *block(walk: () => Part): Walk {
    const { locals } = this.frame;
    const mark = locals?.mark() ?? 0;
    const result = yield walk();
    locals?.close(mark);
    return result;
  }

  /** The scope of a namespace of the file, in which those of its name in other files are seen, too. */
  namespaceScope(path: string, parent: number): number {
    const known = this.#namespaces.get(path);
    if (known !== undefined) return known;
    const scope = this.facts.scope(parent);
    this.addSuper(scope, { is: "module", specifier: path });
    this.#namespaces.set(path, scope);
    return scope;
  }

  /** The scope of a namespace that the file has opened so far. */
  openedNamespace(path: string): number | undefined {
    return this.#namespaces.get(path);
  }

  /** Lets a scope show what another thing has: a class above, a namespace that is used. */
  addSuper(scope: number, term: Term): void {
    const known = this.#supers.get(scope);
    if (known === undefined) this.#supers.set(scope, [term]);
    else known.push(term);
  }

  /** Gives scopes what they show of others, once all of the file is walked over. */
  complete(): void {
    for (const [scope, supers] of this.#supers) this.facts.complete(scope, { supers });
  }

  /** Defines a name where declarations go; gives its index. */
  define(
    name: SourceNode,
    kind: DefinitionKind,
    value: Term | undefined,
    space: NameSpace | undefined,
    block: number = this.frame.block,
  ): number {
    const { locals } = this.frame;
    if (locals !== undefined) {
      const local = space === "type" || kind === "class" ? "type" : undefined;
      return locals.define(this.placeOf(name), kind, value, local);
    }
    return this.defineIn(name, block, kind, { ...known("value", value), ...known("space", space) });
  }

  defineIn(
    name: SourceNode,
    scope: number,
    kind: DefinitionKind,
    more: Partial<Pick<NameDefinition, "value" | "space" | "owner">>,
  ): number {
    return this.facts.define(this.placeOf(name), scope, kind, more);
  }

  refer(node: SourceNode, role: ReferenceRole, term: Term): void {
    this.facts.refer(this.placeOf(node), role, term);
  }

  /** What a plain name is a value of. */
  valueTerm(name: string): Term {
    return this.frame.locals?.term(name) ?? { is: "name", name, scope: this.frame.scope, space: "value" };
  }

  /** What a plain name is as that of a type. */
  typeTerm(name: string): Term {
    return (
      this.frame.locals?.term(name, "type") ?? { is: "name", name, scope: this.frame.scope, space: "type" }
    );
  }

  placeOf(node: SourceNode): NamePlace {
    const name = nameText(this.tree, node);
    return { name, start: node.start, end: node.start + name.length };
  }

  text(node: SourceNode): string {
    return this.tree.textOf(node);
  }
}

function known<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
