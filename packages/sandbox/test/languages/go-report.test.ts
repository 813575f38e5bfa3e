import { expect, test } from "vitest";
import { goTestNames, readGoEvents, withoutGoTests } from "../../src/languages/go-report.js";

const plan = { nonce: "n", files: [{ path: "a_test.go", label: "a", style: "detect" as const }] };
const files = new Map([
  ["a_test.go", "package a\nfunc TestOne(t *testing.T) {}\nfunc TestTwo(t *testing.T) {}\n"],
]);
/** The events of a test's end: what the framework prints of it, then how `test2json` reads that. */
const event = (test: string, action: string): string[] => [
  JSON.stringify({
    Package: ".",
    Test: test,
    Action: "output",
    Output: `--- ${action.toUpperCase()}: ${test}\n`,
  }),
  JSON.stringify({ Package: ".", Test: test, Action: action }),
];

test("names of test functions are those that Go would run", () => {
  const source =
    "func TestA(t *testing.T) {}\nfunc Test(t *testing.T) {}\nfunc Test_b(t *testing.T) {}\nfunc Testify(x int) {}\nfunc (s S) TestMethod() {}\n// func TestComment(t *testing.T) {}\nfunc TestÄ( t *testing.T) {}\n\tfunc TestIndented() {}\n";
  expect(goTestNames(source)).toEqual(["TestA", "Test", "Test_b", "TestÄ"]);
});

test("a file is finished when each of its tests was reported", () => {
  expect(readGoEvents(event("TestOne", "pass"), plan, files).finished).toEqual([]);
  const both = readGoEvents([...event("TestOne", "pass"), ...event("TestTwo", "skip")], plan, files);
  expect(both.finished).toEqual(["a"]);
  expect(both.tests.map((item) => item.status)).toEqual(["passed", "skipped"]);
});

test("lines that are no events, and tests of others, are left out", () => {
  const lines = [
    "",
    "{",
    "null",
    "[]",
    '{"Package":1}',
    JSON.stringify({ Package: ".", Test: "TestOther", Action: "pass" }),
    '{"Action":"pass","Package":"."}',
  ];
  expect(readGoEvents(lines, plan, files)).toEqual({ tests: [], finished: [], output: "" });
});

test("a pass that the framework itself did not print is none", () => {
  const [, pass = ""] = event("TestOne", "pass");
  expect(readGoEvents([pass], plan, files).tests).toEqual([]);
});

test("tests that a candidate brings along are none", () => {
  const source = "func TestA(t *testing.T) {}\nfunc Testify() { TestA(nil) }\nfunc Test(t *testing.T) {}\n";
  const without = withoutGoTests(source);
  expect(without).toBe(
    "func ownTestA(t *testing.T) {}\nfunc Testify() { ownTestA(nil) }\nfunc ownTest(t *testing.T) {}\n",
  );
  expect(goTestNames(without)).toEqual([]);
});
