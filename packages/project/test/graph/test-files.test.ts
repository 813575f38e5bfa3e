import { expect, test } from "vitest";
import { isTestFile, testSubject } from "../../src/graph/test-files.js";

test.each([
  "a.test.ts",
  "src/a.spec.jsx",
  "test_a.py",
  "pkg/a_test.py",
  "a_test.go",
  "src/main/a/ParserTest.java",
  "TestParser.java",
  "test/a.js",
  "tests/deep/a.py",
  "src/__tests__/a.tsx",
  "test/fixtures/a.test.ts",
])("%s is a test", (path) => {
  expect(isTestFile(path)).toBe(true);
});

test.each([
  "a.ts",
  "contest/a.ts",
  "latest.py",
  "test.md",
  "tests/data.json",
  "tests/conftest.py",
  "tests/__init__.py",
  "test/helpers.ts",
  "test/fixtures/a.js",
  "test/vitest.config.ts",
  "a_test.txt",
  "a.tests.ts",
  "test/a.go",
  "Contest.java",
  "Testing.java",
])("%s is no test", (path) => {
  expect(isTestFile(path)).toBe(false);
});

test.each([
  ["a/parse.test.ts", "parse"],
  ["test_parse.py", "parse"],
  ["parse_test.go", "parse"],
  ["__tests__/parse.tsx", "parse"],
  ["a/ParserTest.java", "Parser"],
  ["a/TestParser.java", "Parser"],
])("%s is named after %s", (path, subject) => {
  expect(testSubject(path)).toBe(subject);
});
