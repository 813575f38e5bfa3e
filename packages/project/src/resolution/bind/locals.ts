import type { SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import type { NameFactsBuilder, NamePlace } from "../name-facts-builder.js";

/**
 * The local names of one function, in the order in which the walk meets them. A definition hides those of its name before it until its
 * block ends; so the definitions of one name are put into scopes of their own, and a use names the scope of the one that it sees.
 */
export class Locals {
  readonly #facts: NameFactsBuilder;
  readonly #around: number;
  /** The scope of the first variable of each name, of the second, … */
  readonly #scopes: number[] = [];
  readonly #visible = new Map<string, number[]>();
  readonly #counts = new Map<string, number>();
  readonly #order: string[] = [];
  readonly #labels: { readonly name: string; readonly scope: number }[] = [];

  /** @param around the scope in which the function stands */
  constructor(facts: NameFactsBuilder, around: number) {
    this.#facts = facts;
    this.#around = around;
  }

  /** Names that are defined after a mark are seen until {@link close} is called with it. */
  mark(): number {
    return this.#order.length;
  }

  close(mark: number): void {
    for (const name of this.#order.splice(mark)) this.#visible.get(name)?.pop();
  }

  /** Defines a name, and lets it be seen from here on. In the space of types it hides no values. */
  define(place: NamePlace, kind: DefinitionKind, value: Term | undefined, space?: "type"): number {
    const key = keyOf(place.name, space);
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    const scope = this.#scopes[count] ?? this.#facts.scope(this.#around);
    this.#scopes[count] = scope;
    const seen = this.#visible.get(key);
    if (seen === undefined) this.#visible.set(key, [scope]);
    else seen.push(scope);
    this.#order.push(key);
    const more = { ...(value === undefined ? {} : { value }), ...(space === undefined ? {} : { space }) };
    return this.#facts.define(place, scope, kind, more);
  }

  /** The local that a name means here; undefined where it means none. */
  term(name: string, space?: "type"): Term | undefined {
    const scope = this.#visible.get(keyOf(name, space))?.at(-1);
    if (scope === undefined) return undefined;
    return { is: "name", name, scope, ...(space === undefined ? {} : { space }) };
  }

  /** Defines a label, which is seen until {@link closeLabel}. */
  openLabel(place: NamePlace): void {
    const scope = this.#facts.scope(this.#around, "none");
    this.#facts.define(place, scope, "label");
    this.#labels.push({ name: place.name, scope });
  }

  closeLabel(): void {
    this.#labels.pop();
  }

  labelTerm(label: string): Term | undefined {
    const found = this.#labels.findLast(({ name }) => name === label);
    return found && { is: "member", of: { is: "object", scope: found.scope }, name: label };
  }
}

/** The name of a label, without its quote. */
export function labelName(label: SourceNode): SourceNode | undefined {
  return label.children.find(({ type }) => type === "identifier");
}

/** No name holds a blank. */
function keyOf(name: string, space: "type" | undefined): string {
  return space === undefined ? name : `${name} ${space}`;
}
