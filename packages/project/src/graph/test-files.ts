/** How tests are called, by language. */
const NAMES: readonly RegExp[] = [
  /\.(?:test|spec)\.[cm]?[jt]sx?$/,
  /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/,
  /[^/]_test\.(?:go|rs|rb|c|cc|cpp|cxx)$/,
  /(?:^|\/)(?:test_[^/]*|[^/]+_spec)\.rb$/,
  /(?:^|\/)test_[^/]*\.(?:c|cc|cpp|cxx|sh)$/,
  /(?:^|\/)(?:Test[A-Z][^/]*|[^/]+(?:Tests?|TestCase|IT))\.java$/,
  /[^/](?:Tests?|TestCase)\.(?:cs|php)$/,
];
const IN_FOLDER =
  /(?:^|\/)(?:tests?|specs?|__tests__)\/.*\.(?:[cm]?[jt]sx?|py|rs|rb|php|c|cc|cpp|cxx|cs|sh)$/;
/** What lies in a folder of tests to serve them. */
const SUPPORT =
  /(?:^|\/)(?:fixtures?|helpers?|support|utils?|mocks?|data|snapshots|__mocks__|__fixtures__|__snapshots__)\/|(?:^|\/)(?:index|setup|teardown|helpers?|utils?|fixtures?|common|conftest|__init__|types)\.[^/]*$|\.config\.[^/]*$|\.d\.[cm]?ts$/;

/** Whether a file holds tests, by its name, or by its folder unless it is there to serve tests. */
export function isTestFile(path: string): boolean {
  if (NAMES.some((name) => name.test(path))) return true;
  const folder = IN_FOLDER.exec(path);
  return folder !== null && !SUPPORT.test(path.slice(folder.index));
}

/** What a test file is named after: `a/parse.test.ts` after `parse`, `test_parse.py` after `parse`, `ParserTest.java` after `Parser`. */
export function testSubject(path: string): string {
  const name = (path.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "");
  if (/\.(?:java|cs|php)$/.test(path))
    return name.replace(/(?:Tests?|TestCase|IT)$/, "").replace(/^Test(?=[A-Z])/, "");
  return name.replace(/\.(?:test|spec)$|_(?:test|spec)$/, "").replace(/^test_/, "");
}
