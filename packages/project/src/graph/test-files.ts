/** How tests are called by the runners of each language. */
const NAMES: readonly RegExp[] = [
  // JavaScript and TypeScript: Jest, Vitest, Mocha, node:test, Deno, Nest, Cypress.
  /[^/](?:[._-](?:test|spec)|\.(?:cy|e2e))\.[cm]?[jt]sx?$/,
  // Python: pytest, unittest, Django.
  /(?:^|\/)(?:test_[^/]*|[^/]*_test|tests)\.py$/,
  /[^/]_test\.go$/,
  // Java: Surefire and Failsafe.
  /(?:^|\/)(?:Test[A-Z][^/]*|[^/]+(?:Tests?|TestCase|IT|ITCase))\.java$/,
  // Rust: modules of tests in files of their own; those of a package are known by their folder.
  /(?:^|\/)(?:[^/]+_tests?|tests?)\.rs$/,
  // C and C++: GoogleTest, Catch2, and what Make and CMake run by pattern.
  /(?:^|\/)(?:test[_-][^/]*|[^/]+[_-](?:tests?|unittests?)|Test[A-Z][^/]*|[^/]*[\p{Ll}\d]Tests?)\.(?:c|cc|cpp|cxx|c\+\+)$/u,
  // C#: xUnit, NUnit, MSTest.
  /[^/](?:Tests?|TestCase|Specs?)\.cs$/,
  // Ruby: Minitest, RSpec.
  /(?:^|\/)(?:test_[^/]*|[^/]+_(?:test|spec))\.rb$/,
  // PHP: PHPUnit, phpspec, Codeception.
  /[^/](?:Tests?|TestCase|Spec|Cest|Cept)\.php$/,
  // Bash: shUnit2, ShellSpec.
  /(?:^|\/)(?:test[_-][^/]*|[^/]+[._-](?:test|spec))\.(?:sh|bash)$/,
];
/** Folders of tests, whatever is called how in them; the tests of a project of .NET lie in a project of their own (`Shop.UnitTests`). */
const IN_FOLDER =
  /(?:^|\/)(?:(?:[Tt]ests?|specs?|__tests__)\/.*\.(?:[cm]?[jt]sx?|py|rs|rb|php|c|cc|cpp|cxx|c\+\+|cs|sh|bash)|[^/]*\.\w*Tests?\/.*\.cs)$/;
/** What lies in a folder of tests to serve them. */
const SUPPORT =
  /(?:^|\/)(?:fixtures?|factories|helpers?|support|utils?|mocks?|data|testdata|snapshots|__mocks__|__fixtures__|__snapshots__)\/|(?:^|\/)(?:index|setup|teardown|helpers?|utils?|fixtures?|common|conftest|__init__|types|mod|testcase|bootstrap|pest|(?:global)?usings|assemblyinfo|spec_helper|rails_helper)\.[^/]*$|\.config\.[^/]*$|\.d\.[cm]?ts$/i;
/** What serves tests, and is called like one. */
const HELPER = /(?:^|\/)test[_-]helpers?\.(?:rb|sh|bash)$/;

/** Whether a file holds tests, by its name, or by its folder unless it is there to serve tests. */
export function isTestFile(path: string): boolean {
  if (HELPER.test(path)) return false;
  if (NAMES.some((name) => name.test(path))) return true;
  const folder = IN_FOLDER.exec(path);
  return folder !== null && !SUPPORT.test(path.slice(folder.index));
}

/** Languages whose files are called after the class in them. */
const IN_CAPITALS = /\.(?:java|cs|php|c|cc|cpp|cxx|c\+\+)$/;

/** What a test file is named after: `a/parse.test.ts` after `parse`, `test_parse.py` after `parse`, `ParserTest.java` after `Parser`. */
export function testSubject(path: string): string {
  const name = (path.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "");
  const bare = name
    .replace(/(?:\.e2e)?[._-](?:tests?|spec|unittests?)$|\.(?:cy|e2e)$/, "")
    .replace(/^test[_-]/, "");
  if (bare !== name || !IN_CAPITALS.test(path)) return bare;
  return name.replace(/(?:Tests?|TestCase|IT|ITCase|Specs?|Cest|Cept)$/, "").replace(/^Test(?=[A-Z])/, "");
}
