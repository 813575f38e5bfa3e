import type { SourceNode, SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { BoundedTerms, NOTHING } from "./bounded-terms.js";

/** Arguments of more parts are left out of the term of a call. */
const MOST_ARGUMENT_PARTS = 30;

/** What binding a tree by rules gathers in any language. */
export class RuleBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  readonly terms: BoundedTerms = new BoundedTerms();
  /** What an expression gives; of a type, a value of it. */
  readonly values: Map<SourceNode, Term> = new Map();
  /** What the name of a type names: a class. */
  readonly named: Map<SourceNode, Term> = new Map();
  /** The definition that a declaring node makes. */
  readonly definitions: Map<SourceNode, number> = new Map();
  /** The scope of the members of a node that declares a type. */
  readonly bodies: Map<SourceNode, number> = new Map();

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

  /** Says what the name of a declaring node stands for. */
  setDefined(node: SourceNode, value: Term | undefined): void {
    const definition = this.definitions.get(node);
    if (definition !== undefined) this.facts.setValue(definition, value);
  }

  /** What the arguments of a call are; none where nothing is known of any, or where they are too much. */
  givenBy(args: readonly SourceNode[]): readonly Term[] {
    const given: Term[] = [];
    let parts = 0;
    let known = false;
    for (const argument of args) {
      const term = this.valueOf(argument);
      parts += this.terms.partsOf(term ?? NOTHING);
      if (parts > MOST_ARGUMENT_PARTS) return [];
      known ||= term !== undefined;
      given.push(term ?? NOTHING);
    }
    return known ? given : [];
  }
}
