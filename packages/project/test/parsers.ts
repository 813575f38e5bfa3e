import { isAgentOSError } from "@agentos/core";
import { describe, expect, test } from "vitest";
import { syntaxParserConformance } from "../src/conformance/index.js";
import type { ParserPool } from "../src/parser-pool.js";
import type { TreeSitterParser } from "../src/tree-sitter-parser.js";

/** The cases that hold for every parser; `open` gives the one in question, which stays open. */
export function conforms(open: () => ParserPool | TreeSitterParser): void {
  describe("conformance", () => {
    for (const { name, run } of syntaxParserConformance(
      ["javascript", "typescript", "python", "go", "java", "rust", "bash"],
      async () => open(),
    )) {
      test(name, run);
    }
  });
}

/** Whether an error has a code. */
export function code(expected: string): (error: unknown) => boolean {
  return (error) => isAgentOSError(error, expected);
}

/** What a promise is rejected with. */
export function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it should have thrown"),
    (error: unknown) => error,
  );
}
