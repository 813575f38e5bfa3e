import type { CodeSymbol } from "@agentos/core";
import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";
import type { ImportFact, OutlinedSymbol, Visibility } from "../source-parser.js";

/** Longest signature, documentation line and name that are kept, in characters. */
const SIGNATURE_LIMIT = 200;
const DOC_LIMIT = 200;
const NAME_LIMIT = 200;

/** Gathers the symbols and imports of one tree; each language decides what to add. */
export class Outliner {
  readonly tree: SourceTree;
  readonly symbols: OutlinedSymbol[] = [];
  readonly namespaces: string[] = [];
  readonly #imports = new Map<string, Set<string> | undefined>();

  constructor(tree: SourceTree) {
    this.tree = tree;
  }

  /** @param span the node that the symbol covers; its first line is the signature */
  add(
    kind: CodeSymbol["kind"],
    name: string,
    span: SourceNode,
    parent: string | undefined,
    doc: string | undefined,
    visibility?: Visibility,
  ): void {
    if (name === "" || name.length > NAME_LIMIT) return;
    const line = this.tree.lineAt(span.start);
    this.symbols.push({
      name,
      kind,
      line,
      endLine: Math.max(line, this.tree.lineAt(Math.max(span.start, span.end - 1))),
      signature: this.#signature(span, line),
      ...(parent === undefined ? {} : { parent }),
      ...(doc === undefined || doc === "" ? {} : { doc }),
      ...(visibility === undefined ? {} : { visibility }),
    });
  }

  /** Adds an import; the names of several imports of one module are joined. */
  import(specifier: string, names?: readonly string[]): void {
    if (specifier === "" || specifier.length > 1_000) return;
    const known = this.#imports.get(specifier);
    const all = names === undefined ? known : (known ?? new Set<string>());
    for (const name of names ?? []) all?.add(name);
    this.#imports.set(specifier, all);
  }

  get imports(): readonly ImportFact[] {
    return [...this.#imports].map(([specifier, names]) =>
      names === undefined ? { specifier } : { specifier, names: [...names] },
    );
  }

  /** First line of the `//` or block comment that ends on the line before the node. */
  commentBefore(node: SourceNode): string | undefined {
    const siblings = node.parent?.children ?? [];
    let index = node.index - 1;
    let line = this.tree.lineAt(node.start);
    let first: SourceNode | undefined;
    for (; index >= 0; index -= 1) {
      const sibling = siblings[index];
      if (sibling?.type === "decorator") {
        line = this.tree.lineAt(sibling.start);
        continue;
      }
      if (sibling?.type !== "comment" || this.tree.lineAt(sibling.end) < line - 1) break;
      // A comment behind code on its own line belongs to that code.
      const before = siblings[index - 1];
      if (
        before !== undefined &&
        before.type !== "comment" &&
        this.tree.lineAt(before.end) === this.tree.lineAt(sibling.start)
      )
        break;
      first = sibling;
      line = this.tree.lineAt(sibling.start);
      if (this.tree.text.startsWith("/*", sibling.start)) break;
    }
    return first === undefined ? undefined : firstDocLine(this.tree.textOf(first));
  }

  #signature(span: SourceNode, line: number): string {
    const lineText = this.tree.lineText(line, SIGNATURE_LIMIT * 2).trim();
    const signature =
      lineText.length <= SIGNATURE_LIMIT
        ? lineText
        : this.tree.text.slice(span.start, span.start + SIGNATURE_LIMIT).split("\n", 1)[0];
    return (signature ?? "").trim();
  }
}

/** The first line of a comment or docstring that says something, without its marks. */
export function firstDocLine(text: string): string | undefined {
  for (const line of text.slice(0, 4_000).split("\n")) {
    const plain = line
      .replace(/^\s*(?:\/\*+!?|\/\/+!?|\*+\/?|#+!?|[rRbBuU]{0,2}(?:"""|'''|"|'))?\s*/, "")
      .trimEnd()
      .replace(/(?:\*+\/|"""|'''|["'])$/, "")
      .trimEnd();
    if (plain !== "") return plain.slice(0, DOC_LIMIT);
  }
  return undefined;
}

/** Visits a tree from the top, each node with the place that the node around it gives to its children. */
export function walkPlaces<Place extends { readonly node: SourceNode }>(
  first: Place,
  visit: (place: Place) => Place,
): void {
  const pending = [first];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const inner = visit(place);
    const { children } = place.node;
    for (let at = children.length - 1; at >= 0; at -= 1) {
      const child = children[at];
      if (child?.named) pending.push({ ...inner, node: child });
    }
  }
}
