import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { mutantName, mutate, mutationSites } from "../../lib/python-mutants.js";

const python = requirement("python", spawnSync("python3", ["--version"]).status === 0);

/** Every mutant of a text, by kind: the whole mutated text. */
function mutants(source: string, kind: string): string[] {
  return mutationSites(source)
    .filter((site) => site.kind === kind)
    .flatMap((site) => site.replacements.map((text) => mutate(source, site, text)));
}

const EXAMPLES: readonly [kind: string, source: string, expected: readonly string[]][] = [
  ["operator", "a = b + -c\n", ["a = b - -c\n"]],
  ["operator", "f(*a, **b)\n", []],
  ["operator", "x = a ** b // c\n", ["x = a * b // c\n", "x = a ** b * c\n"]],
  ["operator", "a += 1\n", ["a -= 1\n"]],
  ["operator", "a and b or c\n", ["a or b or c\n", "a and b and c\n"]],
  ["operator", "a is not b\n", ["a is b\n"]],
  ["operator", "a is b\n", ["a is not b\n"]],
  ["operator", "a not in b\n", ["a in b\n"]],
  ["operator", "x = not a\n", ["x =  a\n"]],
  ["operator", "for a in b: pass\n", []],
  ["operator", "'a + b' # c + d\n", []],
  ["operator", "def f(a, *b) -> int: pass\n", []],
  ["boundary", "a < b\n", ["a <= b\n"]],
  ["boundary", "a >= b != c\n", ["a > b != c\n"]],
  ["off-by-one", "a = 5\n", ["a = 6\n", "a = 4\n"]],
  ["off-by-one", "a = 1.0 + 0x10 + 1e3 + b1\n", []],
  ["off-by-one", "range(n)\n", ["range((n) + 1)\n", "range((n) - 1)\n"]],
  [
    "off-by-one",
    "range(a(b, c), d, e)\n",
    [
      "range((a(b, c)) + 1, d, e)\n",
      "range((a(b, c)) - 1, d, e)\n",
      "range(a(b, c), (d) + 1, e)\n",
      "range(a(b, c), (d) - 1, e)\n",
    ],
  ],
  ["off-by-one", "a[:b]\n", ["a[:(b) + 1]\n", "a[:(b) - 1]\n"]],
  ["off-by-one", "a[-1]\n", ["a[-2]\n", "a[-0]\n"]],
  ["off-by-one", "a[b]\n", []],
  ["off-by-one", "{a: b}\n", []],
  ["branch", "if a < b:\n  c\n", ["if False:\n  c\n"]],
  ["branch", "if(a):\n  c\n", ["if False:\n  c\n"]],
  ["branch", "if f(lambda x: x) or (lambda: 0): c\n", ["if False: c\n"]],
  ["branch", "a = b if c else d\n", ["a = b if False else d\n"]],
  [
    "branch",
    "[a for a in b if c if d]\n",
    ["[a for a in b if True if d]\n", "[a for a in b if c if True]\n"],
  ],
  [
    "branch",
    "if a:\n  b\nelse:\n  c\n\n  d\ne\n",
    ["if False:\n  b\nelse:\n  c\n\n  d\ne\n", "if a:\n  b\nelse: pass\ne\n"],
  ],
  ["branch", "if False: a\nelse: pass\n", []],
  ["return", "return a, b\n", ["return None\n"]],
  ["return", "return(a)\n", ["return None\n"]],
  ["return", "return True\n", ["return False\n"]],
  ["return", "return None\n", ["return 0\n"]],
  ["return", "return\n", []],
  ["return", "return (a +\n  b)\nc\n", ["return None\nc\n"]],
];

test.each(EXAMPLES)("%s mutants of %j", (kind, source, expected) => {
  expect(mutants(source, kind)).toEqual(expected);
});

test("a mutant is named by kind, place, old and new text", () => {
  const source = "x = 1\nif x <  2: y\n";
  const names = mutationSites(source).flatMap((site) =>
    site.replacements.map((text) => mutantName(source, site, text)),
  );
  expect(names).toContain("boundary 2:5 < -> <=");
  expect(names).toContain("branch 2:3 x < 2 -> False");
});

test("a site knows the lines of its logical line, and a dropped branch all of its own", () => {
  const source = "a = [\n  1,\n]\nif a:\n  b\nelse:\n  c\n  d\n";
  const sites = mutationSites(source);
  expect(sites.find((site) => site.kind === "off-by-one")?.lines).toEqual([1, 3]);
  expect(sites.filter((site) => site.kind === "branch").map((site) => site.lines)).toEqual([
    [4, 4],
    [6, 8],
  ]);
});

const name = fc.constantFrom(
  "a",
  "b",
  "n",
  "items",
  "a[0]",
  "f(n, 1)",
  "items[1:n]",
  "'s+t'",
  "7",
  "-1",
  "range(n)",
);
const expression: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    name,
    fc
      .tuple(
        tie("value"),
        fc.constantFrom("+", "-", "*", "//", "%", "<", ">=", "==", "and", "or", "is not", "not in"),
        tie("value"),
      )
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    tie("value").map((inner) => `(not ${inner})`),
    fc.tuple(tie("value"), tie("value")).map(([value, test]) => `[x for x in ${value} if ${test}]`),
    fc
      .tuple(tie("value"), tie("value"), tie("value"))
      .map(([yes, test, no]) => `(${yes} if ${test} else ${no})`),
  ),
})).value;
const program = fc
  .tuple(expression, expression, expression)
  .map(
    ([test, one, other]) =>
      `def f(a, b, n, items):\n    if ${test}:\n        a = ${one}\n    elif b:\n        pass\n    else:\n        b += ${other}  # if x + 1\n    return a\n`,
  );

test.skipIf(!python)("every mutant of any program parses and differs from it, as Python sees it", () => {
  const check = `import ast, json, sys
for original, mutants in json.load(sys.stdin):
    tree = ast.dump(ast.parse(original))
    for mutant in mutants:
        assert ast.dump(ast.parse(mutant)) != tree, (original, mutant)
`;
  const programs = fc
    .sample(program, { numRuns: 150, seed: 7 })
    .map((source) => [
      source,
      mutationSites(source).flatMap((site) => site.replacements.map((text) => mutate(source, site, text))),
    ]);
  expect(programs.flatMap(([, made]) => made ?? []).length).toBeGreaterThan(2_000);
  const { status, stderr } = spawnSync("python3", ["-W", "ignore", "-c", check], {
    input: JSON.stringify(programs),
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
