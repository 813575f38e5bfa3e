// pnpm check: everything a change must pass, in order of how quickly it tells. --no-tests leaves the tests out.
import { join } from "node:path";
import { root, run } from "./lib/setup.mjs";

const bin = (name) => join(root, "node_modules/.bin", name);
const steps = [
  ["format and lint", bin("biome"), ["ci", "."]],
  ["layers", process.execPath, ["scripts/check-layers.mjs"]],
  ["error codes", process.execPath, ["scripts/check-errors.mjs"]],
  ["build", process.execPath, ["scripts/build.mjs"]],
  ["types", bin("tsc"), ["--noEmit", "-p", "tsconfig.json"]],
  ["unused files, exports and dependencies", bin("knip"), []],
  ["packages", process.execPath, ["scripts/check-packages.mjs"]],
  ["API documentation", bin("typedoc"), ["--logLevel", "Warn"]],
  ["tests", process.execPath, ["scripts/test.mjs"]],
];
const chosen = process.argv.includes("--no-tests") ? steps.slice(0, -1) : steps;
for (const [name, command, args] of chosen) {
  console.log(`\n— ${name}`);
  run(command, args);
}
console.log("\nCheck: green.");
