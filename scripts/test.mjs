// npm test: installs and builds what is not there yet, runs every test that this machine can, and says what it skipped.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, run, setUp } from "./lib/setup.mjs";

setUp();
run(process.execPath, [join(root, "scripts/build-isolate.mjs")]);
run(process.execPath, [join(root, "scripts/build-hnsw.mjs")]);
const folder = mkdtempSync(join(tmpdir(), "agentos-test-"));
const report = join(folder, "report.json");
const args = process.argv.slice(2);
const whole = args.every((arg) => arg.startsWith("-"));
const { status, signal } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    // A part of the tests says nothing about the coverage of the whole.
    ...(whole ? ["--coverage"] : []),
    ...args,
  ],
  { cwd: root, stdio: "inherit" },
);
let counts = { passed: 0, failed: 1, skipped: 0 };
if (existsSync(report)) {
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
    testResults,
  } = JSON.parse(readFileSync(report, "utf8"));
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  counts = { passed, failed: failed + brokenFiles, skipped: pending + todo };
  const skipped = testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status !== "passed" && test.status !== "failed"),
  );
  if (skipped.length > 0) {
    console.log("\nSkipped on this machine:");
    for (const test of skipped.slice(0, 100)) console.log(`  ${test.fullName}`);
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(signal ? 130 : (status ?? 1));
