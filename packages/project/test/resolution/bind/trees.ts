import { afterAll, beforeAll } from "vitest";
import { openEngine, type ParseEngine } from "../../../src/drivers/tree-sitter/engine.js";
import type { SourceTree } from "../../../src/drivers/tree-sitter/tree.js";
import type { Dialect } from "../../../src/source-parser.js";

/** Parses texts of a grammar as long as the tests of a file run. */
export function treesOf(dialect: Dialect): (text: string) => Promise<SourceTree> {
  let engine: ParseEngine;
  beforeAll(async () => {
    engine = await openEngine(0);
  });
  afterAll(() => engine.close());
  return (text) => engine.parse(dialect, text, { timeoutMs: 60_000, maxNodes: 5_000_000 });
}
