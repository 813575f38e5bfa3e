// Packs every published package and holds it against publint and "are the types wrong" (ESM only).
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "./lib/setup.mjs";

// ESM only: what follows is so by decision, not by mistake.
const accepted = new Set(["CJSResolvesToESM", "NoResolution"]);
const folders = [...readdirSync(join(root, "packages")).map((name) => join("packages", name)), "benchmarks"];
const temporary = mkdtempSync(join(tmpdir(), "agentos-pack-"));
let failed = false;
try {
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const problems = [];
    const { messages } = await publint({
      pkgDir: join(root, folder),
      level: "warning",
      strict: true,
      pack: false,
    });
    for (const message of messages) problems.push(`publint: ${formatMessage(message, manifest)}`);
    execFileSync("npm", ["pack", "--silent", "--pack-destination", temporary], {
      cwd: join(root, folder),
      stdio: ["ignore", "ignore", "inherit"],
    });
    const tarball = join(
      temporary,
      `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`,
    );
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    for (const problem of analysis.problems ?? []) {
      const modern = problem.resolutionKind === "node16-esm" || problem.resolutionKind === "bundler";
      if (accepted.has(problem.kind) && !(problem.kind === "NoResolution" && modern)) continue;
      problems.push(`types: ${JSON.stringify(problem)}`);
    }
    for (const problem of problems) console.error(`${manifest.name}: ${problem}`);
    failed ||= problems.length > 0;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
if (failed) process.exit(1);
console.log(`Packages: ${folders.length} pack cleanly.`);
