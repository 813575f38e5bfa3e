// Builds every package into its dist/: JavaScript by tsup, declarations file by file, grammars copied. Does nothing when
// no source changed since the last build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "node_modules", ".cache", "agentos-build");
const folders = [
  ...readdirSync(join(root, "packages")).map((name) => join("packages", name)),
  "benchmarks",
  "examples",
];

/** Files under a folder that a build reads. */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (["dist", "node_modules", "test", "grammars", "tasks", "schema"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|json|mjs)$/.test(entry.name) ? [path] : [];
  });
}

const files = folders.flatMap((folder) => sources(join(root, folder)));
files.push(join(root, "tsup.config.ts"), join(root, "pnpm-lock.yaml"), fileURLToPath(import.meta.url));
const hash = createHash("sha256");
for (const file of files.sort())
  hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
const stamp = hash.digest("hex");
const built = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
const complete = folders.every((folder) => folder === "examples" || existsSync(join(root, folder, "dist")));
if (built && complete && !process.argv.includes("--force")) {
  console.log("Build: nothing changed.");
  process.exit(0);
}

const started = Date.now();
console.log("Build: grammars, JavaScript, types…");
const grammars = join(root, "packages/project/scripts/copy-grammars.mjs");
if (existsSync(grammars)) run(process.execPath, [grammars]);
run(process.execPath, [join(root, "node_modules/tsup/dist/cli-default.js")]);
await emitTypes();
mkdirSync(dirname(stampFile), { recursive: true });
writeFileSync(stampFile, stamp);
console.log(`Build: done in ${((Date.now() - started) / 1000).toFixed(1)} s.`);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** Declarations of one file at a time: every export states its type (isolatedDeclarations), so no program is needed. */
async function emitTypes() {
  const { default: ts } = await import("typescript");
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.base.json"), "utf8"));
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...compilerOptions, isolatedDeclarations: true, declaration: true },
    root,
  );
  let failed = false;
  for (const folder of folders.filter((name) => name !== "examples")) {
    const source = existsSync(join(root, folder, "src"))
      ? join(root, folder, "src")
      : join(root, folder, "datasets");
    const base = folder === "benchmarks" ? join(root, folder) : source;
    for (const file of sources(source).filter((name) => name.endsWith(".ts"))) {
      const result = ts.transpileDeclaration(readFileSync(file, "utf8"), {
        fileName: file,
        compilerOptions: options,
        reportDiagnostics: true,
      });
      for (const diagnostic of result.diagnostics ?? []) {
        failed = true;
        console.error(
          `${relative(root, file)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")}`,
        );
      }
      const output = join(root, folder, "dist", relative(base, file).replace(/\.ts$/, ".d.ts"));
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(output, withoutDoubles(result.outputText));
    }
  }
  if (failed) process.exit(1);
}

/** TypeScript tells a method with a computed name twice, as a property and as a method, which no compiler accepts. */
function withoutDoubles(text) {
  return text.replace(/^ *(\[Symbol\.\w+\]): \(.*\n/gm, (property, name) =>
    text.includes(`${name}(`) ? "" : property,
  );
}
