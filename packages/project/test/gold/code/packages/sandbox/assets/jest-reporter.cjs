// A reporter of jest.
const { labelOf, tellFinished, tellTest } = require("./framework-report.cjs");

const STATUS = {
  passed: "passed",
  failed: "failed",
  pending: "skipped",
  skipped: "skipped",
  todo: "skipped",
  disabled: "skipped",
};

module.exports = class {
  onTestResult(_test, result) {
    const file = labelOf(result.testFilePath);
    if (file === undefined) return;
    const { testExecError: error, testResults } = result;
    if (error || (result.failureMessage && testResults.length === 0)) {
      tellTest(file, file, "failed", [result.failureMessage ?? error.stack ?? error.message]);
    }
    for (const { ancestorTitles, title, status, failureMessages, duration } of testResults) {
      const name = [...ancestorTitles, title].join(" > ");
      tellTest(file, name, STATUS[status] ?? "failed", failureMessages ?? [], duration ?? undefined);
    }
    tellFinished(file, testResults.length + (error || result.failureMessage ? 1 : 0));
  }
};
