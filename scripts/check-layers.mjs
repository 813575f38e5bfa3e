// Imports point down only: core ← store ← engines ← sdk ← adapters ← cli. Engines never import each other.
// Usage: node scripts/check-layers.mjs [folder of the workspace]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));
const engines = ["memory", "sandbox", "project", "learn"];
const below = {
  core: [],
  store: ["core"],
  sdk: ["core", "store", ...engines],
  mcp: ["core", "sdk"],
  cli: ["core", "sdk", "mcp"],
};
for (const engine of engines) below[engine] = ["core", "store"];

const violations = [];
for (const name of readdirSync(join(root, "packages"))) {
  const folder = join(root, "packages", name);
  const allowed = below[name];
  if (!allowed) {
    violations.push(`packages/${name} has no layer; give it one in scripts/check-layers.mjs`);
    continue;
  }
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    check(join(folder, "package.json"), dependency);
  }
  for (const file of sources(join(folder, "src"))) {
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(
      /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*["']([^"']+)["']/g,
    )) {
      check(file, specifier);
      if (specifier.startsWith(".") && !resolve(dirname(file), specifier).startsWith(`${folder}/`)) {
        violations.push(`${relative(root, file)} reaches out of its package: ${specifier}`);
      }
    }
  }
  function check(file, specifier) {
    const target = /^@agentos\/([a-z-]+)/.exec(specifier)?.[1];
    if (target && target !== name && !allowed.includes(target)) {
      violations.push(
        `${relative(root, file)} imports @agentos/${target}; packages/${name} may import ${allowed.join(", ") || "none"}`,
      );
    }
  }
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : /\.[cm]?[jt]s$/.test(entry.name) ? [path] : [];
  });
}

for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exit(1);
console.log("Layers: imports point down.");
