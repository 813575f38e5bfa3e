const BY_NAME =
  /(?:^|\/)(?:[^/]+\.(?:test|spec)\.[cm]?[jt]sx?|test_[^/]*\.py|[^/]*_test\.py|[^/]+_test\.go|(?:Test[A-Z][^/]*|[^/]+(?:Tests?|TestCase|IT))\.java)$/;
const IN_FOLDER = /(?:^|\/)(?:tests?|__tests__)\/.*\.(?:[cm]?[jt]sx?|py)$/;
/** What lies in a folder of tests to serve them. */
const SUPPORT =
  /(?:^|\/)(?:fixtures?|helpers?|support|utils?|mocks?|data|snapshots|__mocks__|__fixtures__|__snapshots__)\/|(?:^|\/)(?:index|setup|teardown|helpers?|utils?|fixtures?|common|conftest|__init__|types)\.[^/]*$|\.config\.[^/]*$|\.d\.[cm]?ts$/;

/** Whether a file holds tests, by its name, or by its folder unless it is there to serve tests. */
export function isTestFile(path: string): boolean {
  if (BY_NAME.test(path)) return true;
  const folder = IN_FOLDER.exec(path);
  return folder !== null && !SUPPORT.test(path.slice(folder.index));
}

/** What a test file is named after: `a/parse.test.ts` after `parse`, `test_parse.py` after `parse`, `ParserTest.java` after `Parser`. */
export function testSubject(path: string): string {
  const name = (path.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "");
  if (path.endsWith(".java"))
    return name.replace(/(?:Tests?|TestCase|IT)$/, "").replace(/^Test(?=[A-Z])/, "");
  return name.replace(/\.(?:test|spec)$|_test$/, "").replace(/^test_/, "");
}
