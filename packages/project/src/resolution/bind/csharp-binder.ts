import { childOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, NameDefinition, ReferenceRole, Term } from "../name-facts.js";
import type { NamePlace } from "../name-facts-builder.js";
import { NOTHING } from "./bounded-terms.js";
import { RuleBinder } from "./rule-binder.js";
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
export class CSharpBinder extends RuleBinder {
  /** What calling a lambda gives. */
  readonly results: Map<SourceNode, Term> = new Map();
  /** Expressions that are queries of the library, for certain. */
  readonly queries: Set<SourceNode> = new Set();
  readonly namespaces: [name: string, scope: number][] = [];

  /** The place of a name, without the `@` in front of one that is a keyword elsewhere. */
  override place(node: SourceNode): NamePlace {
    const start = this.tree.text[node.start] === "@" ? node.start + 1 : node.start;
    return { name: this.tree.text.slice(start, node.end), start, end: node.end };
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
