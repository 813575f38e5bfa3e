// pnpm bench <subject> [options]: builds what changed, then runs the benchmark of that subject.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root, run } from "./lib/setup.mjs";

const [subject, ...rest] = process.argv.slice(2);
const { bin } = JSON.parse(readFileSync(join(root, "benchmarks/package.json"), "utf8"));
const target = bin?.[`bench-${subject}`];
if (!target) {
  const known = Object.keys(bin ?? {}).map((name) => name.replace("bench-", ""));
  console.error(`Usage: pnpm bench <${known.join("|")}> [--json FILE] [options]`);
  process.exit(2);
}
run(process.execPath, [join(root, "scripts/build.mjs")]);
const file = join(root, "benchmarks", target);
if (!existsSync(file)) {
  console.error(`${file} was not built. Run: node scripts/build.mjs --force`);
  process.exit(1);
}
run(process.execPath, [file, ...rest], { cwd: resolve(process.env.INIT_CWD ?? process.cwd()) });
