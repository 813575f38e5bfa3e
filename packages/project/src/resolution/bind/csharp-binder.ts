import { childOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, NameDefinition, ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { BoundedTerms, NOTHING } from "./java-terms.js";
import type { WalkRule, WalkRules } from "./rule-walk.js";

/** What is around a node. */
export interface Place {
  /** Where names are looked up from, and where declarations go. */
  readonly scope: number;
  /** The namespace around; empty for the one without a name. */
  readonly namespace: string;
  /** The type around. */
  readonly self: Self | undefined;
  /** Where the labels of the method around are. */
  readonly labels: number | undefined;
  /** Within an accessor that is given a `value`: the property, the indexer or the event. */
  readonly assigned: SourceNode | undefined;
}

/** A type around a place. */
interface Self {
  /** That of its members. */
  readonly scope: number;
  /** The same by its namespace, with all its parts. */
  readonly term: Term | undefined;
}

export type Rule = WalkRule<CSharpBinder, Place>;
export type Rules = WalkRules<CSharpBinder, Place>;

/** What binding one C# tree gathers. The files beside this one know its syntax. */
export class CSharpBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: BoundedTerms = new BoundedTerms();
  /** What an expression gives; of a type, a value of it. */
  readonly values: Map<SourceNode, Term> = new Map();
  /** What a type names: a class. */
  readonly named: Map<SourceNode, Term> = new Map();
  /** What calling a lambda gives. */
  readonly results: Map<SourceNode, Term> = new Map();
  /** Expressions that are queries of the library, for certain. */
  readonly queries: Set<SourceNode> = new Set();
  /** The definition that a declaring node makes. */
  readonly definitions: Map<SourceNode, number> = new Map();
  /** The scope of the members of a node that declares a type. */
  readonly bodies: Map<SourceNode, number> = new Map();
  readonly namespaces: [name: string, scope: number][] = [];

  constructor(tree: SourceTree) {
    this.tree = tree;
  }

  text(node: SourceNode): string {
    return this.tree.textOf(node);
  }

  /** The place of a name, without the `@` in front of one that is a keyword elsewhere. */
  place(node: SourceNode): NamePlace {
    const start = this.tree.text[node.start] === "@" ? node.start + 1 : node.start;
    return { name: this.tree.text.slice(start, node.end), start, end: node.end };
  }

  valueOf(node: SourceNode | undefined): Term | undefined {
    return node && this.values.get(node);
  }

  setValue(node: SourceNode, value: Term | undefined): void {
    if (value !== undefined) this.values.set(node, value);
  }

  /** Defines the name of a declaring node. */
  define(
    node: SourceNode,
    name: SourceNode | undefined,
    scope: number,
    kind: DefinitionKind,
    more: Partial<Pick<NameDefinition, "value" | "space" | "static">> = {},
  ): void {
    if (name?.type === "identifier" || name?.type === "implicit_parameter")
      this.definitions.set(node, this.facts.define(this.place(name), scope, kind, more));
  }

  /** Says what the name of a declaring node stands for. */
  setDefined(node: SourceNode, value: Term | undefined): void {
    const definition = this.definitions.get(node);
    if (definition !== undefined) this.facts.setValue(definition, value);
  }

  /** Refers to a member of something, also of what is not known. */
  referMember(
    name: SourceNode,
    role: ReferenceRole,
    of: Term | undefined,
    more: readonly (Term | undefined)[] = [],
  ): Term | undefined {
    const place = this.place(name);
    const term = this.terms.any([this.terms.member(of ?? NOTHING, place.name), ...more]);
    this.facts.refer(place, role, term ?? { is: "member", of: NOTHING, name: place.name });
    return term;
  }
}

/** The same place, with a scope of its own. */
export function opened(binder: CSharpBinder, place: Place): Place {
  return { ...place, scope: binder.facts.scope(place.scope) };
}

/** The first child that is named and no comment. */
export function firstPart(node: SourceNode | undefined): SourceNode | undefined {
  return node?.children.find((child) => child.named && child.type !== "comment");
}

export { childOf };
