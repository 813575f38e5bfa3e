import { childOf, childOfType, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { BoundedTerms, NOTHING } from "./java-terms.js";

/** Longer dotted names are no packages. */
const LONGEST_PACKAGE = 200;

/** What is around a node. */
export interface Place {
  /** Where names are looked up from. A pattern moves it on, for what comes after the pattern in the same statement. */
  scope: number;
  /** Where declarations go. */
  readonly block: number;
  /** The class around. */
  readonly self: Self | undefined;
  readonly label: Label | undefined;
}

/** A class around a place, from the innermost outwards. */
interface Self {
  /** That of its members. */
  readonly scope: number;
  readonly name: string | undefined;
  readonly outer: Self | undefined;
}

/** A label around a place, from the innermost outwards. */
interface Label {
  readonly name: string;
  readonly scope: number;
  readonly outer: Label | undefined;
}

/** What is done with the nodes of one type. */
export interface Rule {
  /**
   * Before its children. Gives where each of them stands, undefined for one that is not looked into; without it all stand where
   * the node does.
   */
  enter?(
    binder: JavaBinder,
    node: SourceNode,
    place: Place,
  ): ((child: SourceNode) => Place | undefined) | undefined;
  /** After its children. */
  leave?(binder: JavaBinder, node: SourceNode, place: Place): void;
}

export type Rules = Readonly<Record<string, Rule>>;

/** What binding one Java tree gathers. The files beside this one know its syntax. */
export class JavaBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: BoundedTerms = new BoundedTerms();
  /** What an expression gives; of a type, a value of it. */
  readonly values: Map<SourceNode, Term> = new Map();
  /** What a type names: a class. */
  readonly named: Map<SourceNode, Term> = new Map();
  /** What calling a lambda or a method reference gives. */
  readonly results: Map<SourceNode, Term> = new Map();
  /** Expressions that are streams or optionals of the JDK, for certain. */
  readonly streams: Set<SourceNode> = new Set();
  /** The definition that a declaring node makes. */
  readonly definitions: Map<SourceNode, number> = new Map();
  /** The scope of the members of a node that declares a class. */
  readonly bodies: Map<SourceNode, number> = new Map();
  /** Scopes that were opened for the names of patterns. */
  readonly patternScopes: Set<number> = new Set();
  readonly #packages = new Map<SourceNode, string>();
  package = "";

  constructor(tree: SourceTree) {
    this.tree = tree;
  }

  text(node: SourceNode): string {
    return this.tree.textOf(node);
  }

  place(node: SourceNode): NamePlace {
    return { name: this.text(node), start: node.start, end: node.end };
  }

  valueOf(node: SourceNode | undefined): Term | undefined {
    return node && this.values.get(node);
  }

  setValue(node: SourceNode, value: Term | undefined): void {
    if (value !== undefined) this.values.set(node, value);
  }

  /** The dotted name that a node is, where that may name a package. */
  packageOf(node: SourceNode): string | undefined {
    return this.#packages.get(node);
  }

  /** Keeps that a name may be one of a package, alone or within another. */
  setPackage(node: SourceNode, name: string, within?: string): void {
    const dotted = within === undefined ? name : `${within}.${name}`;
    if (isLowerCase(name) && dotted.length <= LONGEST_PACKAGE) this.#packages.set(node, dotted);
  }

  /** Refers to a member of something, also of what is not known. */
  referMember(name: SourceNode, role: ReferenceRole, of: Term | undefined, more?: Term): Term | undefined {
    const member = this.terms.member(of ?? NOTHING, this.text(name));
    const term = more === undefined ? member : this.terms.any([member, more]);
    this.facts.refer(this.place(name), role, term ?? { is: "member", of: NOTHING, name: this.text(name) });
    return term;
  }
}

/** The same place, with a scope of its own. */
export function opened(binder: JavaBinder, place: Place): Place {
  const scope = binder.facts.scope(place.scope);
  return { ...place, scope, block: scope };
}

/** The same place, from which patterns do not move others on. */
export function apart(place: Place): Place {
  return { ...place };
}

/** Whether a name is written as those of packages and variables are. */
export function isLowerCase(name: string): boolean {
  return /^[\p{Ll}_$]/u.test(name);
}

export function hasModifier(node: SourceNode, modifier: string): boolean {
  return childOfType(childOfType(node, "modifiers"), modifier) !== undefined;
}

export function isAnnotation({ type }: SourceNode): boolean {
  return type === "annotation" || type === "marker_annotation";
}

export { childOf };
