import { childOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { fullNameOf, lastPart, plainName } from "../../outline/php-names.js";
import type { DefinitionKind, NameDefinition, NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { NOTHING } from "./bounded-terms.js";
import { RuleBinder } from "./rule-binder.js";
import type { WalkRule, WalkRules } from "./rule-walk.js";

/** What is around a node. */
export interface Place {
  /** Where names are looked up from, and where variables are defined. */
  readonly scope: number;
  /** The scope of the namespace around, where functions and types are defined. */
  readonly around: number;
  readonly namespace: Namespace;
  /** The scope of the members of the type around. */
  readonly self: number | undefined;
  /** What the function around gives, as it is found. */
  readonly returns: Term[] | undefined;
}

/** A namespace in one file. */
interface Namespace {
  /** Empty for the one without a name. */
  readonly name: string;
  /** What its imports stand for in full, by the names that they have here. */
  readonly imports: Map<string, string>;
  /** The scope of the variables that are in no function. */
  readonly variables: number;
}

export type Rule = WalkRule<PhpBinder, Place>;
export type Rules = WalkRules<PhpBinder, Place>;

/** What binding one PHP tree gathers. The files beside this one know its syntax. */
export class PhpBinder extends RuleBinder {
  /** What a function without a declared type gives. */
  readonly returned: Map<SourceNode, Term[]> = new Map();
  /** Properties without a declared type. */
  readonly untyped: Set<number> = new Set();
  readonly namespaces: [name: string, scope: number][] = [];
  readonly #assigned = new Map<number, Term[]>();

  define(
    node: SourceNode,
    name: SourceNode | undefined,
    scope: number,
    kind: DefinitionKind,
    more: Partial<Pick<NameDefinition, "value" | "space" | "static">>,
  ): void {
    if (name !== undefined)
      this.definitions.set(node, this.facts.define(this.place(name), scope, kind, more));
  }

  /** A variable that is given a value: defined where it is the first time, written to later. */
  assign(variable: SourceNode, place: Place): void {
    const { name, start, end } = this.place(variable);
    if (name === "$this") return;
    if (this.facts.scopeOf(name, place.scope) === undefined)
      this.facts.define({ name, start, end }, place.scope, "variable", { space: "value" });
    else
      this.facts.refer({ name, start, end }, "write", {
        is: "name",
        name,
        scope: place.scope,
        space: "value",
      });
  }

  /** One more value that a definition may stand for. */
  addValue(definition: number | undefined, value: Term | undefined): void {
    if (definition === undefined || value === undefined) return;
    const values = this.#assigned.get(definition) ?? [];
    this.#assigned.set(definition, values);
    if (values.length < MOST_ASSIGNED) values.push(value);
    this.facts.setValue(definition, this.terms.any(values));
  }

  /** What a name of a type, a function or a constant means; with a reference to it. */
  refer(node: SourceNode, place: Place, space: NameSpace, role: ReferenceRole): Term | undefined {
    const last = lastPart(node);
    if (last === undefined) return undefined;
    const term = this.#meaning(node, this.text(last), place, space);
    if (term !== undefined && !RELATIVE.has(this.text(node).toLowerCase()))
      this.facts.refer(this.place(last), role, term);
    return term;
  }

  #meaning(node: SourceNode, last: string, place: Place, space: NameSpace): Term | undefined {
    if (node.type === "name") {
      const relative = space === "type" ? relativeTerm(last, place) : undefined;
      return relative ?? { is: "name", name: last, scope: place.scope, space };
    }
    const full = fullNameOf(this.tree, node) ?? this.#completed(node, place.namespace);
    const specifier = full.slice(0, Math.max(0, full.lastIndexOf("\\")));
    return this.terms.member({ is: "module", specifier }, last, space);
  }

  #completed(node: SourceNode, { name, imports }: Namespace): string {
    const written = plainName(this.tree, node);
    const inside = name === "" ? "" : `${name}\\`;
    if (node.type === "relative_name") return inside + written.slice(written.indexOf("\\") + 1);
    const first = written.slice(0, Math.max(0, written.indexOf("\\")));
    const imported = imports.get(first);
    return imported === undefined ? inside + written : imported + written.slice(first.length);
  }

  referMember(
    name: SourceNode,
    role: ReferenceRole,
    of: Term | undefined,
    space: NameSpace,
  ): Term | undefined {
    const term = this.terms.member(of ?? NOTHING, this.text(name), space);
    this.facts.refer(this.place(name), role, term ?? { is: "member", of: NOTHING, name: this.text(name) });
    return term;
  }
}

/** A variable that is given more values is given any. */
const MOST_ASSIGNED = 16;
const RELATIVE = new Set(["self", "static", "parent"]);

/** `self`, `static` and `parent` as types. */
export function relativeTerm(name: string, { self }: Place): Term | undefined {
  const relative = name.toLowerCase();
  if (!RELATIVE.has(relative)) return undefined;
  if (self === undefined) return NOTHING;
  return relative === "parent" ? { is: "super", scope: self } : { is: "class", scope: self };
}

/** The scope of a function: it sees no variables of what is around it. */
export function functionPlace(binder: PhpBinder, place: Place): Place {
  return { ...place, scope: binder.facts.scope(place.around), returns: [] };
}

export { childOf };
