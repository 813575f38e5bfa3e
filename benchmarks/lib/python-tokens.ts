/** One token of Python source. */
export interface PythonToken {
  readonly kind: "name" | "number" | "string" | "operator" | "newline";
  readonly text: string;
  /** Offset of its first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
  /** How many brackets are open around it; a bracket counts as outside of itself. */
  readonly depth: number;
}

const STRING =
  /(?:[rbfuRBFU]{0,2})(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*')/y;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]?)/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|==|!=|<=|>=|->|:=|\*\*|\/\/|<<|>>|[-+*/%@&|^]=|[-+*/%@&|^~<>()[\]{},:.;=]/y;
const SKIPPED = /[ \t\f\r]+|#[^\n]*|\\\n/y;

/**
 * Splits Python source into tokens, by the lexical grammar of Python 3.11 without indentation. A "newline" ends each
 * logical line that holds something. Throws a `SyntaxError` where nothing fits.
 */
export function pythonTokens(source: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let [offset, line, lineStart, depth] = [0, 1, 0, 0];
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(source)?.[0];
  };
  const advance = (text: string): void => {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      line += 1;
      lineStart = offset + at + 1;
    }
    offset += text.length;
  };
  const push = (kind: PythonToken["kind"], text: string): void => {
    if (kind === "operator" && ")]}".includes(text)) depth -= 1;
    tokens.push({
      kind,
      text,
      start: offset,
      end: offset + text.length,
      line,
      column: offset - lineStart,
      depth,
    });
    if (kind === "operator" && "([{".includes(text)) depth += 1;
    advance(text);
  };
  while (offset < source.length) {
    if (source[offset] === "\n") {
      const last = tokens.at(-1);
      if (depth === 0 && last && last.kind !== "newline") push("newline", "\n");
      else advance("\n");
      continue;
    }
    const skipped = match(SKIPPED);
    if (skipped) {
      advance(skipped);
      continue;
    }
    const [kind, text] = firstMatch(match);
    if (!kind) throw new SyntaxError(`Not Python: line ${line}, column ${offset - lineStart}.`);
    push(kind, text);
  }
  return tokens;
}

function firstMatch(
  match: (pattern: RegExp) => string | undefined,
): [PythonToken["kind"] | undefined, string] {
  const patterns = [
    ["string", STRING],
    ["number", NUMBER],
    ["name", NAME],
    ["operator", OPERATOR],
  ] as const;
  for (const [kind, pattern] of patterns) {
    const text = match(pattern);
    if (text) return [kind, text];
  }
  return [undefined, ""];
}

const KEYWORDS = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

/** Whether a token ends an operand, so that an operator after it has two. */
export function endsOperand(token: PythonToken | undefined): boolean {
  if (!token) return false;
  if (token.kind === "operator") return [")", "]", "}", "..."].includes(token.text);
  return (
    token.kind === "number" || token.kind === "string" || (token.kind === "name" && !KEYWORDS.has(token.text))
  );
}
