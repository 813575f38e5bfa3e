import type { FoundSite } from "./python-mutants.js";
import type { PythonToken } from "./python-tokens.js";

/** Sites of dropped branches: conditions of `if`, `elif`, conditional expressions and filters, and `else` blocks. */
export function branchSites(source: string, tokens: readonly PythonToken[]): readonly FoundSite[] {
  return tokens.flatMap((token, index): readonly FoundSite[] => {
    if (token.kind !== "name") return [];
    const opensStatement = startsStatement(tokens, index);
    if (opensStatement && (token.text === "if" || token.text === "elif")) {
      return condition(tokens, index, endOfStatementCondition(tokens, index), "False");
    }
    if (!opensStatement && token.text === "if") {
      const end = endOfExpressionCondition(tokens, index);
      return condition(tokens, index, end, tokens[end]?.text === "else" ? "False" : "True");
    }
    if (opensStatement && token.text === "else") return elseBlock(source, tokens, index);
    return [];
  });
}

/** Sites of wrong returned values. */
export function returnSites(source: string, tokens: readonly PythonToken[]): readonly FoundSite[] {
  return tokens.flatMap((token, index): readonly FoundSite[] => {
    const first = tokens[index + 1];
    if (token.text !== "return" || token.kind !== "name" || !first || first.kind === "newline") return [];
    const after = tokens.findIndex(
      (other, at) => at > index && other.kind === "newline" && other.depth === 0,
    );
    const last = tokens[(after < 0 ? tokens.length : after) - 1] ?? first;
    const opposite = { True: "False", False: "True", None: "0" }[source.slice(first.start, last.end)];
    return [
      {
        kind: "return",
        start: first.start,
        end: last.end,
        line: first.line,
        column: first.column,
        replacements: [apart(token, first, opposite ?? "None")],
      },
    ];
  });
}

/** Keeps a replacement apart from a keyword that touches what is replaced, as in `if(x)`. */
function apart(keyword: PythonToken, first: PythonToken, replacement: string): string {
  return keyword.end === first.start ? ` ${replacement}` : replacement;
}

function startsStatement(tokens: readonly PythonToken[], index: number): boolean {
  const previous = tokens[index - 1];
  return !previous || previous.kind === "newline" || (previous.text === ";" && previous.depth === 0);
}

/** A site that replaces the tokens after `keyword` and before `end`. */
function condition(
  tokens: readonly PythonToken[],
  keyword: number,
  end: number,
  replacement: string,
): readonly FoundSite[] {
  const opening = tokens[keyword];
  const first = tokens[keyword + 1];
  const last = tokens[end - 1];
  if (!opening || !first || !last || end - 1 <= keyword) return [];
  return [
    {
      kind: "branch",
      start: first.start,
      end: last.end,
      line: first.line,
      column: first.column,
      replacements: [apart(opening, first, replacement)],
    },
  ];
}

/** The colon that ends the condition of `if` or `elif`. */
function endOfStatementCondition(tokens: readonly PythonToken[], keyword: number): number {
  const depth = tokens[keyword]?.depth;
  let lambdas = 0;
  for (let index = keyword + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.depth !== depth) continue;
    if (token?.text === "lambda") lambdas += 1;
    if (token?.text === ":") {
      if (lambdas === 0) return index;
      lambdas -= 1;
    }
  }
  return tokens.length;
}

/** What ends a condition inside an expression: its `else`, or the next clause or the bracket of a comprehension. */
function endOfExpressionCondition(tokens: readonly PythonToken[], keyword: number): number {
  const depth = tokens[keyword]?.depth ?? 0;
  for (let index = keyword + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (!token || token.depth < depth || token.kind === "newline") return index;
    if (token.depth === depth && ["else", "for", "if", "async"].includes(token.text)) return index;
  }
  return tokens.length;
}

/** A site that replaces the block of an `else` by `pass`. */
function elseBlock(source: string, tokens: readonly PythonToken[], keyword: number): readonly FoundSite[] {
  const token = tokens[keyword];
  const colon = tokens[keyword + 1];
  if (!token || colon?.text !== ":") return [];
  let last = colon;
  for (let index = keyword + 2; index < tokens.length; index += 1) {
    const inner = tokens[index];
    if (!inner || (index > keyword + 3 && startsStatement(tokens, index) && inner.column <= token.column))
      break;
    if (inner.kind !== "newline") last = inner;
  }
  if (source.slice(colon.end, last.end).trim() === "pass") return [];
  return [
    {
      kind: "branch",
      start: colon.end,
      end: last.end,
      line: token.line,
      column: token.column,
      lines: [token.line, source.slice(0, last.end).split("\n").length],
      replacements: [" pass"],
    },
  ];
}
