import type { Tree } from "web-tree-sitter";

/** Goes through a tree in WebAssembly memory, one at a time in an instance of it, with nothing asked of the instance in between. */
export interface TreeReader {
  /** Starts at the root of a tree. */
  open(tree: Tree): void;
  typeId(): number;
  /** 0 for none. */
  fieldId(): number;
  /** In UTF-16 units. */
  start(): number;
  end(): number;
  isMissing(): boolean;
  toFirstChild(): boolean;
  toNextSibling(): boolean;
  toParent(): boolean;
  close(): void;
}

/** What web-tree-sitter's WebAssembly exports for cursors; each takes the address of the tree. */
const EXPORTS = [
  "ts_tree_root_node_wasm",
  "ts_tree_cursor_new_wasm",
  "ts_tree_cursor_delete_wasm",
  "ts_tree_cursor_current_node_type_id_wasm",
  "ts_tree_cursor_current_field_id_wasm",
  "ts_tree_cursor_start_index_wasm",
  "ts_tree_cursor_end_index_wasm",
  "ts_tree_cursor_current_node_is_missing_wasm",
  "ts_tree_cursor_goto_first_child_wasm",
  "ts_tree_cursor_goto_next_sibling_wasm",
  "ts_tree_cursor_goto_parent_wasm",
] as const;

/** An instance of a WebAssembly program. */
export interface WasmInstance {
  readonly exports: object;
}

type CursorExports = Readonly<Record<(typeof EXPORTS)[number], (tree: number) => number>>;

/** Reads with the library's cursor. Each of its calls writes the cursor into WebAssembly memory and reads it back. */
export function libraryReader(): TreeReader {
  let cursor: ReturnType<Tree["walk"]>;
  return {
    open: (tree) => {
      cursor = tree.walk();
    },
    typeId: () => cursor.nodeTypeId,
    fieldId: () => cursor.currentFieldId,
    start: () => cursor.startIndex,
    end: () => cursor.endIndex,
    isMissing: () => cursor.nodeIsMissing,
    toFirstChild: () => cursor.gotoFirstChild(),
    toNextSibling: () => cursor.gotoNextSibling(),
    toParent: () => cursor.gotoParent(),
    close: () => cursor.delete(),
  };
}

/**
 * Reads with the functions below the library's cursor, which leave it in WebAssembly memory from call to call: three times as fast.
 * Undefined when the instance does not have them all, as another version of the library may not.
 */
export function directReader(instance: WasmInstance): TreeReader | undefined {
  const found = instance.exports as Partial<CursorExports>;
  if (EXPORTS.some((name) => typeof found[name] !== "function")) return undefined;
  const at = found as CursorExports;
  let tree = 0;
  return {
    open: (opened) => {
      // Where the library keeps the address.
      tree = (opened as unknown as { readonly 0: number })[0];
      at.ts_tree_root_node_wasm(tree);
      at.ts_tree_cursor_new_wasm(tree);
    },
    typeId: () => at.ts_tree_cursor_current_node_type_id_wasm(tree),
    fieldId: () => at.ts_tree_cursor_current_field_id_wasm(tree),
    start: () => at.ts_tree_cursor_start_index_wasm(tree),
    end: () => at.ts_tree_cursor_end_index_wasm(tree),
    isMissing: () => at.ts_tree_cursor_current_node_is_missing_wasm(tree) !== 0,
    toFirstChild: () => at.ts_tree_cursor_goto_first_child_wasm(tree) !== 0,
    toNextSibling: () => at.ts_tree_cursor_goto_next_sibling_wasm(tree) !== 0,
    toParent: () => at.ts_tree_cursor_goto_parent_wasm(tree) !== 0,
    close: () => {
      at.ts_tree_cursor_delete_wasm(tree);
    },
  };
}
