import { childOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";

/** What is around a piece of code. */
export interface Around {
  readonly scope: number;
  /** Where `var` goes. */
  readonly functionScope: number;
  /** The scope of members that `this` has, and whether it is the class itself. */
  readonly self?: { readonly scope: number; readonly static: boolean; readonly isClass: boolean };
  /** Of what is put on a prototype: what is made by its owner. */
  readonly put?: Term | undefined;
  /** In a function that is put on a prototype: what `this` is, in place of `self`. */
  readonly made?: Term | undefined;
  /** Where the function around puts what it returns. */
  readonly returns?: Term[];
  /** Of an argument: what it is given to, and as which. */
  readonly given?: { readonly callee: Term; readonly position: number };
}

/** Nested deeper, code is not looked into. */
export const MOST_DEPTH = 600;
/** A longer specifier is no module's. */
export const MOST_SPECIFIER = 1_000;
/** Longer chains of members and calls are not described. */
const MOST_TERM_DEPTH = 200;

/** What binding one tree gathers; the files beside this one know its syntax. */
export class JavaScriptBinder {
  readonly tree: SourceTree;
  readonly facts: NameFactsBuilder = new NameFactsBuilder();
  /** Whether the language has types: then an assignment defines nothing. */
  readonly typed: boolean;
  readonly #terms = new Map<SourceNode, { readonly term: Term | undefined; readonly depth: number }>();
  readonly #later: (() => void)[] = [];
  #depth = 0;

  constructor(tree: SourceTree, typed: boolean) {
    this.tree = tree;
    this.typed = typed;
  }

  text(node: SourceNode): string {
    return this.tree.textOf(node);
  }

  place(node: SourceNode): NamePlace {
    return { name: this.text(node), start: node.start, end: node.end };
  }

  /** The name of a property as its key writes it: a word, a string or a number; undefined where it is computed. */
  keyPlace(node: SourceNode | undefined): NamePlace | undefined {
    if (node === undefined) return undefined;
    if (node.type === "computed_property_name") {
      const inner = node.children.find((child) => child.named);
      return inner?.type === "string" ? this.keyPlace(inner) : undefined;
    }
    if (node.type !== "string") return this.place(node);
    return { name: this.text(node).slice(1, -1), start: node.start, end: node.end };
  }

  /** Goes one level deeper into the tree; undefined where that is too deep. */
  deeper<Result>(work: () => Result): Result | undefined {
    if (this.#depth >= MOST_DEPTH) return undefined;
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  /** The term of a node, described once; `undefined` is one, too. */
  once(node: SourceNode, describe: () => Term | undefined): Term | undefined {
    const known = this.#terms.get(node);
    if (known !== undefined) return known.term;
    const term = describe();
    let depth = 0;
    for (const child of node.children) depth = Math.max(depth, (this.#terms.get(child)?.depth ?? 0) + 1);
    const kept = depth > MOST_TERM_DEPTH ? undefined : term;
    this.#terms.set(node, { term: kept, depth: kept === undefined ? 0 : depth });
    return kept;
  }

  /** Does something when all of the file has been seen. */
  later(work: () => void): void {
    this.#later.push(work);
  }

  runLater(): void {
    for (const work of this.#later) work();
  }
}

export { childOf };
