// Runs the test files of one framework, as the project has installed it, and exits as it does. The arguments: nonce, and
// as JSON the framework's name, its folder, and the files as [path, label].
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [nonce, text] = process.argv.slice(2);
const { name, folder, files } = JSON.parse(text);
const root = folder === "." ? "/work" : `/work/${folder}`;
const modules = `${root}/node_modules`;
const paths = files.map(([path]) => `/work/${path}`);

/** The first number of the installed version. */
function major() {
  try {
    return Number(JSON.parse(readFileSync(`${modules}/${name}/package.json`, "utf8")).version.split(".")[0]);
  } catch {
    return 0;
  }
}

function command() {
  if (name === "jest") {
    const own = [
      "--ci",
      "--colors=false",
      "--watchman=false",
      "--cacheDirectory=/tmp/jest",
      "--reporters=/harness/jest-reporter.cjs",
    ];
    return [`${modules}/jest/bin/jest.js`, ...own, "--runTestsByPath", ...paths];
  }
  // The folder of dependencies cannot be written, and neither can what a bundled configuration would leave there.
  const loader = major() >= 3 ? ["--configLoader=runner"] : [];
  const own = ["run", "--reporter=/harness/vitest-reporter.mjs", "--coverage.enabled=false", "--no-color"];
  return [`${modules}/vitest/vitest.mjs`, ...own, ...loader, ...paths];
}

const { status } = spawnSync(process.execPath, command(), {
  cwd: root,
  env: {
    ...process.env,
    CI: "true",
    NODE_ENV: "test",
    AGENTOS_REPORT: JSON.stringify({
      nonce,
      labels: Object.fromEntries(files.map(([path, label]) => [`/work/${path}`, label])),
    }),
  },
  stdio: ["ignore", "inherit", "inherit", "inherit"],
});
process.exit(status ?? 1);
