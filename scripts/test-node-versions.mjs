// Runs the conformance of the isolate driver on other majors of Node, each with the isolated-vm that fits it. By hand: it
// installs Node and compiles isolated-vm in a temporary folder, for minutes. Usage: test-node-versions.mjs [major…]
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/setup.mjs";

/** isolated-vm's major by Node's. */
const LIBRARIES = { 20: "^5.0.4", 22: "^6.1.2", 24: "^7.0.1" };
const SCRIPT = `
import { readFileSync } from "node:fs";
import { isolateDriver } from "@agentos/sandbox/isolate";
import { driverConformance } from "@agentos/sandbox/conformance";
const context = { cacheDir: process.cwd() };
const found = await isolateDriver.probe(context);
if (!found.available) throw new Error(found.reason);
const driver = await isolateDriver.open(context);
let passed = 0, total = 0;
for (const item of driverConformance(driver, { patienceMs: 60000 })) {
  if (item.skip) continue;
  total++;
  try { await item.run(); passed++; } catch (error) { console.error(item.name + ": " + error.message); }
}
await driver.close();
const library = JSON.parse(readFileSync("node_modules/isolated-vm/package.json", "utf8")).version;
console.log(JSON.stringify({ passed, total, versions: { node: process.versions.node, library } }));
`;
const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const majors = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(LIBRARIES);
const sandbox = join(root, "packages/sandbox");
let failed = 0;

run(process.execPath, [join(root, "scripts/build.mjs")], root);
for (const major of majors) {
  const folder = mkdtempSync(join(tmpdir(), `agentos-node-${major}-`));
  try {
    const { passed, total, versions } = conformance(major, folder);
    console.log(`node ${versions.node}, isolated-vm ${versions.library}: ${passed} of ${total} passed`);
    if (passed !== total) failed++;
  } catch (error) {
    failed++;
    console.log(`node ${major}: ${error.message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exit(failed === 0 ? 0 : 1);

function conformance(major, folder) {
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const npm = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"];
  run("npm", [...npm, `node-${platform}@${major}`, `isolated-vm@${LIBRARIES[major]}`], folder);
  // The built package, with its dependencies as they are here, and an isolated-vm of its own.
  const packageFolder = join(folder, "node_modules/@agentos/sandbox");
  mkdirSync(join(packageFolder, "node_modules"), { recursive: true });
  for (const name of ["dist", "assets", "package.json"]) {
    cpSync(join(sandbox, name), join(packageFolder, name), { recursive: true });
  }
  for (const name of readdirSync(join(sandbox, "node_modules")).filter(
    (one) => !/^\.|^isolated-vm$/.test(one),
  )) {
    symlinkSync(join(sandbox, "node_modules", name), join(packageFolder, "node_modules", name));
  }
  const node = join(folder, `node_modules/node-${platform}/bin/node`);
  const library = join(folder, "node_modules/isolated-vm");
  const path = { PATH: `${join(node, "..")}:${process.env.PATH}` };
  // From 6 on it brings binaries for common platforms. node-gyp compiles for the Node that runs it.
  const loads = ["--no-node-snapshot", "-e", "new (require('isolated-vm').Isolate)()"];
  if (spawnSync(node, loads, { cwd: folder }).status !== 0) {
    run("npx", ["--yes", "node-gyp@11", "rebuild", "--release", "-j", "1"], library, path);
  }
  const script = join(folder, "conformance.mjs");
  writeFileSync(script, SCRIPT);
  const { stdout } = run(node, [script], folder);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

function run(command, args, cwd, environment = {}) {
  const done = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status === 0) return done;
  throw new Error(
    `${command} ${args.join(" ")} failed: ${`${done.error ?? ""}${done.stderr}${done.stdout}`.slice(-2000)}`,
  );
}
