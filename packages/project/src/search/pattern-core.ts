import type { AST } from "@eslint-community/regexpp";

/**
 * An expression without what it may begin with and need not: each line that holds a match of the whole holds one of it. The engine
 * skips ahead by the characters that a match begins with, which it cannot where these may be missing or repeated at will. Undefined
 * where that would change nothing, or leave nothing.
 */
export function patternCore(pattern: AST.Pattern): AST.Pattern | undefined {
  const alternatives = pattern.alternatives.map((alternative) => ({
    ...alternative,
    elements: coreOf(alternative.elements),
  }));
  const isSame = alternatives.every(
    ({ elements }, number) => elements === pattern.alternatives[number]?.elements,
  );
  const isAny = alternatives.some(({ elements }) => elements.length === 0);
  // What a backreference stands for may have been taken away.
  return isSame || isAny || /\\[1-9k]/.test(pattern.raw) ? undefined : { ...pattern, alternatives };
}

function coreOf(elements: AST.Element[]): AST.Element[] {
  const first = elements.findIndex(({ type }) => type !== "Assertion");
  const element = elements[first];
  // The start of a line is seldom enough to look for.
  if (element?.type !== "Quantifier" || element.min === element.max || elements.some(isLineStart))
    return elements;
  const rest = elements.slice(first + 1);
  return element.min === 0 ? coreOf(rest) : [{ ...element, max: element.min, greedy: true }, ...rest];
}

function isLineStart(element: AST.Element): boolean {
  return element.type === "Assertion" && element.kind === "start";
}
