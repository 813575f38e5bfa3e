import { partsOf, type SourceNode, type SourceTree } from "../../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, NameDefinition, ReferenceRole, Term } from "../../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../../name-facts-builder.js";
import { Terms } from "../terms.js";
import type { Part, Walk } from "../walk.js";

/** What is done with a node of one type; gives what an expression is a value of, or a value of the type that a type is. */
export type Rule = (go: GoBinder, node: SourceNode, scope: number) => Part;

/** A type that the file declares. */
export interface DeclaredType {
  readonly definition: number;
  /** Of its members. */
  readonly members: number;
  /** In which its type parameters are, and which those are. */
  readonly inner: number;
  readonly parameters: readonly { readonly name: string; readonly definition: number }[];
  /** Whether the keys of its literals name fields: it is a struct, or may be one. */
  readonly keyed: boolean;
}

/** The scope of the whole file. */
export const FILE = 0;

/** A name that can be seen from where the walk is. */
interface Visible {
  readonly scope: number;
  readonly type: DeclaredType | undefined;
}

/**
 * What the parts of a walk over a Go file share. In a function a name can be seen from behind its definition on, and the walk goes
 * in that order; so what a name means is known when it is met, but for what other functions and files define.
 */
export class GoBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: Terms = new Terms();
  /** The types of the file itself by their nodes: they are known before the walk. */
  readonly declared: Map<SourceNode, DeclaredType> = new Map();
  readonly #rules: ReadonlyMap<string, Rule>;
  /** The nearest last. */
  readonly #visible = new Map<string, Visible[]>();
  /** What each open scope made visible. */
  readonly #opened = new Map<number, string[]>();
  /** Of the functions around, the scopes of their labels, made when there is one. */
  readonly #labels: { readonly scope: number; labels: number | undefined }[] = [];

  constructor(tree: SourceTree, rules: ReadonlyMap<string, Rule>) {
    this.tree = tree;
    this.#rules = rules;
    this.facts.scope(-1);
  }

  /** The walk over a node; nothing where there is none. */
  visit(node: SourceNode | undefined, scope: number): Part {
    if (node === undefined) return undefined;
    const rule = this.#rules.get(node.type);
    if (rule !== undefined) return rule(this, node, scope);
    return node.children.length === 0 ? undefined : visitChildren(this, node, scope);
  }

  /** Opens a scope whose names are seen by all within it, until it is closed. */
  open(parent: number): number {
    const scope = this.facts.scope(parent);
    this.reopen(scope);
    return scope;
  }

  /** Opens a scope that was made before. */
  reopen(scope: number): void {
    this.#opened.set(scope, []);
  }

  close(scope: number): void {
    for (const name of this.#opened.get(scope) ?? []) this.#visible.get(name)?.pop();
    this.#opened.delete(scope);
  }

  openFunction(parent: number): number {
    const scope = this.open(parent);
    this.#labels.push({ scope, labels: undefined });
    return scope;
  }

  closeFunction(scope: number): void {
    this.#labels.pop();
    this.close(scope);
  }

  /** Where the labels of the function around are: they may be named before they are set, and are apart from all other names. */
  labels(): number {
    const around = this.#labels.at(-1);
    if (around === undefined) return this.facts.scope(FILE, "none");
    around.labels ??= this.facts.scope(around.scope, "none");
    return around.labels;
  }

  /** Defines the name that a node is, and lets it be seen from here on; undefined for `_`, which names nothing. */
  define(
    node: SourceNode,
    scope: number,
    kind: DefinitionKind,
    value?: Term,
    owner?: NameDefinition["owner"],
  ): number | undefined {
    const place = this.placeOf(node);
    if (place.name === "_") return undefined;
    const definition = this.facts.define(place, scope, kind, {
      ...(value === undefined ? {} : { value }),
      ...(owner === undefined ? {} : { owner }),
    });
    if (owner === undefined) this.show(place.name, scope);
    return definition;
  }

  /** Lets a name that is defined in a scope be seen from here on. */
  show(name: string, scope: number, type?: DeclaredType): void {
    const known = this.#visible.get(name);
    if (known === undefined) this.#visible.set(name, [{ scope, type }]);
    else known.push({ scope, type });
    this.#opened.get(scope)?.push(name);
  }

  /** Whether a name is defined in the file and seen from here, as far as the walk has come. */
  sees(name: string): boolean {
    return this.#nearest(name) !== undefined;
  }

  /** What is known of a name as that of a type of this file. */
  typeNamed(name: string): DeclaredType | undefined {
    return this.#nearest(name)?.type;
  }

  /** The term of a name as it is seen from here; what is not seen is looked for in the whole file and in its package. */
  nameTerm(name: string): Term {
    return { is: "name", name, scope: this.#nearest(name)?.scope ?? FILE };
  }

  refer(node: SourceNode, role: ReferenceRole, term: Term): void {
    this.facts.refer(this.placeOf(node), role, term);
  }

  placeOf(node: SourceNode): NamePlace {
    return { name: this.tree.textOf(node), start: node.start, end: node.end };
  }

  #nearest(name: string): Visible | undefined {
    return this.#visible.get(name)?.at(-1);
  }
}

/** Walks over what is within a node, in the same scope. */
export function* visitChildren(go: GoBinder, node: SourceNode, scope: number): Walk {
  for (const child of partsOf(node)) yield go.visit(child, scope);
  return undefined;
}
