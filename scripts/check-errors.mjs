// Every error code has a heading in docs/errors.md, every heading a code, and no code is made outside a package's table.
// Usage: node scripts/check-errors.mjs [folder of the workspace]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));
const tables = [
  ...readdirSync(join(root, "packages")).map((name) => join(root, "packages", name, "src/errors.ts")),
  join(root, "benchmarks/datasets/errors.ts"),
].filter((file) => existsSync(file));

const codes = new Set();
for (const file of tables) {
  for (const [, body] of readFileSync(file, "utf8").matchAll(/_ERROR_CODES\b[^=]*=\s*\[([^\]]*)\]/g)) {
    for (const [, code] of body.matchAll(/"([A-Z0-9_]+)"/g)) codes.add(code);
  }
}
const documentation = readFileSync(join(root, "docs/errors.md"), "utf8");
const headings = new Set([...documentation.matchAll(/^### `?([A-Z0-9_]+)`?\s*$/gm)].map(([, code]) => code));
const problems = [
  ...[...codes]
    .filter((code) => !headings.has(code))
    .map((code) => `docs/errors.md has no heading for ${code}`),
  ...[...headings]
    .filter((code) => !codes.has(code))
    .map((code) => `docs/errors.md describes ${code}, which no package throws`),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`Errors: ${codes.size} codes, each documented.`);
