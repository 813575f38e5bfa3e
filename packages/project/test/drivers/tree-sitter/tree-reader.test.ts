import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { copyTree, nodeNames } from "../../../src/drivers/tree-sitter/copy-tree.js";
import { loadLibrary } from "../../../src/drivers/tree-sitter/library.js";
import type { SourceNode } from "../../../src/drivers/tree-sitter/tree.js";
import { directReader, libraryReader } from "../../../src/drivers/tree-sitter/tree-reader.js";

const TEXTS: readonly (readonly [string, string])[] = [
  [
    "typescript",
    "/** é 😀 */\nexport class A<T> extends B { #x?: number = 1; m(a: T) { return a ?? this.#x; } }\n",
  ],
  ["typescript", "const a = ;\nfunction ( {"],
  ["python", "def f(a, *b):\n    return [x async for x in a if x]\n"],
  ["go", "package p\n\nfunc (r *R) M(a ...int) (x error) { return }\n"],
  ["rust", "impl<T> A for B<T> { fn f(&self) -> u8 { 1 } }"],
  ["python", ""],
];

const plain = (node: SourceNode): unknown => ({
  ...node,
  parent: node.parent?.start,
  children: node.children.map(({ type, index }) => [type, index]),
});

test("both readers find the same tree", async () => {
  const library = await loadLibrary(0);
  for (const [dialect, text] of TEXTS) {
    const file = new URL(`../../../grammars/tree-sitter-${dialect}.wasm`, import.meta.url);
    const grammar = await library.Language.load(await readFile(fileURLToPath(file)));
    const parser = new library.Parser().setLanguage(grammar);
    const tree = parser.parse(text);
    if (tree === null) throw new Error("no tree");
    const names = nodeNames(grammar);
    const [direct, slow] = [library.reader, libraryReader()].map((reader) =>
      copyTree(tree, text, { names, reader, maxNodes: 10_000 }),
    );
    expect(direct?.nodes.map(plain)).toEqual(slow?.nodes.map(plain));
    expect(direct?.error).toEqual(slow?.error);
    expect(direct?.nodes.length).toBeGreaterThan(text === "" ? 0 : 10);
    tree.delete();
    parser.delete();
  }
});

test("several who start the library at once share it", async () => {
  const [one, other] = await Promise.all([loadLibrary(1), loadLibrary(1)]);
  expect(one.reader).toBe(other.reader);
});

test("an instance without the functions is not read by them", () => {
  expect(directReader({ exports: { ts_tree_root_node_wasm: () => 0 } })).toBeUndefined();
});
