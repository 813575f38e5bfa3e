import { childOf, childOfType, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { NOTHING } from "./bounded-terms.js";
import { RuleBinder } from "./rule-binder.js";
import type { WalkRule, WalkRules } from "./rule-walk.js";

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

export type Rule = WalkRule<JavaBinder, Place>;
export type Rules = WalkRules<JavaBinder, Place>;

/** What binding one Java tree gathers. The files beside this one know its syntax. */
export class JavaBinder extends RuleBinder {
  /** What calling a lambda or a method reference gives. */
  readonly results: Map<SourceNode, Term> = new Map();
  /** Expressions that are streams or optionals of the JDK, for certain. */
  readonly streams: Set<SourceNode> = new Set();
  /** Scopes that were opened for the names of patterns. */
  readonly patternScopes: Set<number> = new Set();
  readonly #packages = new Map<SourceNode, string>();
  package = "";

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
