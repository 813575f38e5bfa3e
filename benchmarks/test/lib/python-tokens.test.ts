import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { pythonTokens } from "../../lib/python-tokens.js";

const python = requirement("python", spawnSync("python3", ["--version"]).status === 0);

const SOURCE = `def naïve(x: int = 0x1F, *rest, **more) -> "str":
    """A doc 'with' "quotes" and \\""" inside."""
    text = r'raw\\\\' + b"bytes" + f"{x}" 'joined'  # a comment with "quotes
    if (x :=  3.5e-7) != 1_000 and \\
            not rest[1:-1]:

        return {**more, 'a': [x ** 2, x // 3, x @ 4, x << 5, ~x]}
    x >>= 1; x //= 2; x **= 3
    '''a
    b'''
    return lambda *a: ...
`;

test.skipIf(!python)("splits as Python's own tokenizer does", () => {
  const program = `import io, json, sys, tokenize
kinds = {tokenize.NAME: "name", tokenize.NUMBER: "number", tokenize.STRING: "string", tokenize.OP: "operator", tokenize.NEWLINE: "newline"}
tokens = tokenize.generate_tokens(io.StringIO(sys.stdin.read()).readline)
print(json.dumps([[kinds[t.type], t.string, *t.start] for t in tokens if t.type in kinds]))`;
  const { stdout } = spawnSync("python3", ["-c", program], { input: SOURCE, encoding: "utf8" });
  const ours = pythonTokens(SOURCE).map(({ kind, text, line, column }) => [kind, text, line, column]);
  expect(ours).toEqual(JSON.parse(stdout));
});

test("offsets are those of the source", () => {
  for (const token of pythonTokens(SOURCE)) expect(SOURCE.slice(token.start, token.end)).toBe(token.text);
});

test("brackets count as outside of themselves", () => {
  expect(pythonTokens("a(b[c])").map(({ text, depth }) => `${text}${depth}`)).toEqual([
    "a0",
    "(0",
    "b1",
    "[1",
    "c2",
    "]1",
    ")0",
  ]);
});

test.each(["'open", "a ? b", "$"])("%j is not Python", (source) => {
  expect(() => pythonTokens(source)).toThrow(SyntaxError);
});
