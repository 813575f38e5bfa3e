import { type AST, visitRegExpAST } from "@eslint-community/regexpp";

/** Word boundaries are written as four classes of words, each of which is as long as a page of ranges. */
const BOUNDARY = 4;
const WIDE_CLASS = 1;
const NARROW_CLASS = 0.25;
/** With as much the engine takes half a second to read an expression, during which nothing can stop it. */
const MOST = 1_000;

/** Whether the engine would be held up by the mere length of what an expression stands for in terms of Unicode. */
export function isTooCostly(pattern: AST.Pattern): boolean {
  let cost = 0;
  visitRegExpAST(pattern, {
    onAssertionEnter: ({ kind }) => {
      if (kind === "word") cost += BOUNDARY;
    },
    onCharacterSetEnter: ({ kind }) => {
      cost += kind === "any" ? NARROW_CLASS : WIDE_CLASS;
    },
    onCharacterClassEnter: () => {
      cost += NARROW_CLASS;
    },
  });
  return cost > MOST;
}
