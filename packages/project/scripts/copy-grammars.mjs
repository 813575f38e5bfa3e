// Copies the grammars that the parser loads out of the tree-sitter-* packages into grammars/, which is published.
// Run from anywhere: node packages/project/scripts/copy-grammars.mjs
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const target = fileURLToPath(new URL("../grammars/", import.meta.url));

/** [package, file, name that it gets here where that is another] of each grammar. */
const GRAMMARS = [
  ["tree-sitter-bash", "tree-sitter-bash.wasm"],
  ["tree-sitter-c", "tree-sitter-c.wasm"],
  ["tree-sitter-c-sharp", "tree-sitter-c_sharp.wasm", "tree-sitter-csharp.wasm"],
  ["tree-sitter-cpp", "tree-sitter-cpp.wasm"],
  ["tree-sitter-go", "tree-sitter-go.wasm"],
  ["tree-sitter-java", "tree-sitter-java.wasm"],
  ["tree-sitter-javascript", "tree-sitter-javascript.wasm"],
  ["tree-sitter-php", "tree-sitter-php.wasm"],
  ["tree-sitter-python", "tree-sitter-python.wasm"],
  ["tree-sitter-ruby", "tree-sitter-ruby.wasm"],
  ["tree-sitter-rust", "tree-sitter-rust.wasm"],
  ["tree-sitter-typescript", "tree-sitter-typescript.wasm"],
  ["tree-sitter-typescript", "tree-sitter-tsx.wasm"],
];

mkdirSync(target, { recursive: true });
let copied = 0;
for (const [name, file, own = file] of GRAMMARS) {
  const source = join(dirname(require.resolve(`${name}/package.json`)), file);
  const destination = join(target, own);
  if (existsSync(destination) && same(source, destination)) continue;
  copyFileSync(source, destination);
  copied += 1;
}
// The grammars are MIT: their licences travel with them.
for (const name of new Set(GRAMMARS.map(([name]) => name))) {
  const source = join(dirname(require.resolve(`${name}/package.json`)), "LICENSE");
  copyFileSync(source, join(target, `${name}.LICENSE`));
}
console.log(`grammars: ${copied} copied, ${GRAMMARS.length - copied} up to date`);

function same(left, right) {
  return statSync(left).size === statSync(right).size && readFileSync(left).equals(readFileSync(right));
}
