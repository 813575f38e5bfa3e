// A reporter of vitest, in the form of version 3 and later and in the form before.
import report from "./framework-report.cjs";

const { labelOf, tellFinished, tellTest } = report;

/** An error with what was expected, in the order in which a reader needs it. */
function describe({ name, message, stack, diff }) {
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [`${name ? `${name}: ` : ""}${message}`, ...(diff ? [diff] : []), ...frames].join("\n");
}

const STATUS = {
  passed: "passed",
  pass: "passed",
  failed: "failed",
  fail: "failed",
  skipped: "skipped",
  skip: "skipped",
  todo: "skipped",
};

export default class {
  /** Version 3 and later. */
  onTestModuleEnd(module) {
    const file = labelOf(module.moduleId);
    if (file === undefined) return;
    let count = 0;
    const errors = [...module.errors()];
    for (const suite of module.children.allSuites()) errors.push(...suite.errors());
    if (errors.length > 0) {
      count++;
      tellTest(file, file, "failed", errors.map(describe));
    }
    for (const test of module.children.allTests()) {
      count++;
      const { state, errors: failures = [], note } = test.result();
      const reason = state === "skipped" && note ? [note] : failures.map(describe);
      tellTest(file, test.fullName, STATUS[state] ?? "failed", reason, test.diagnostic()?.duration);
    }
    tellFinished(file, count);
  }

  /** Versions before 3. */
  onFinished(files = []) {
    for (const task of files) {
      const file = labelOf(task.filepath);
      if (file === undefined || task.module) continue;
      let count = 0;
      const failures = (result) => (result?.errors ?? []).map(describe);
      if (failures(task.result).length > 0) {
        count++;
        tellTest(file, file, "failed", failures(task.result));
      }
      const visit = (one, names) => {
        const path = [...names, one.name];
        if (one.type === "suite") {
          for (const child of one.tasks) visit(child, path);
          return;
        }
        count++;
        const state = one.mode === "skip" || one.mode === "todo" ? "skipped" : one.result?.state;
        tellTest(
          file,
          path.join(" > "),
          STATUS[state] ?? "failed",
          failures(one.result),
          one.result?.duration,
        );
      };
      for (const child of task.tasks) visit(child, []);
      tellFinished(file, count);
    }
  }
}
