/** One line of a file of `json_testcases`. */
export interface QuixBugsCase {
  /** The line as published: `[arguments, expected]`. Kept as text, since 4.0 and 4 differ in Python. */
  readonly json: string;
  /** The first argument, by which slow cases are known. */
  readonly firstArgument: unknown;
}

/** How a program's result is compared where plain equality is not what the published tests do. */
const COMPARISONS: Readonly<Record<string, string>> = {
  flatten: "list(actual) == expected",
  kheapsort: "list(actual) == expected",
  hanoi: "actual == [tuple(step) for step in expected]",
  // pytest.approx(expected, abs=epsilon), epsilon being the last argument.
  sqrt: "abs(actual - expected) <= arguments[-1]",
};

/** Cases that the published tests skip because the correct program takes minutes; known by their first argument. */
const SLOW: Readonly<Record<string, unknown>> = { knapsack: 6404180, levenshtein: "amanaplanacanalpanama" };

/** Makes a unittest file, one test a case, out of a program's JSON cases. */
export function generateCases(name: string, cases: readonly QuixBugsCase[]): string {
  const kept = cases.filter((one) => !(name in SLOW && SLOW[name] === one.firstArgument));
  const methods = kept.map(
    (_, index) =>
      `    def test_case_${String(index + 1).padStart(2, "0")}(self):\n        self.judge(${index})\n`,
  );
  return `import json
import unittest

from ${name} import ${name}

CASES = [
${kept.map((one) => `    ${JSON.stringify(one.json)},`).join("\n")}
]


class PublishedCases(unittest.TestCase):
    def judge(self, index):
        arguments, expected = json.loads(CASES[index])
        if not isinstance(arguments, list):
            arguments = [arguments]
        actual = ${name}(*arguments)
        self.assertTrue(${COMPARISONS[name] ?? "actual == expected"}, "case %d" % (index + 1))

${methods.join("\n")}

if __name__ == "__main__":
    unittest.main()
`;
}

/**
 * Makes a unittest file out of a published pytest file: its choice between buggy and correct program becomes a plain
 * import, and its functions become the methods of one class, in their order, which some of them need. They lose their
 * `test` names, by which a test runner would find them a second time.
 */
export function generateFromPublished(name: string, published: string): string {
  const methods: string[] = [];
  const body = published
    .replace(/^import pytest\n/m, "")
    .replace(/^if pytest\.use_correct:\n.*\nelse:\n.*\n/m, `from ${name} import ${name}\n`)
    .replace(/^def (test\w*)\(\):/gm, (_, test: string) => {
      methods.push(`    def ${test}(self):\n        published_${test}()\n`);
      return `def published_${test}():`;
    });
  return `import unittest\n\n${body.trim()}\n\n\nclass PublishedCases(unittest.TestCase):\n${methods.join("\n")}\n\nif __name__ == "__main__":\n    unittest.main()\n`;
}
