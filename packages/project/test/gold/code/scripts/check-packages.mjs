// Packs every published package and holds it against publint and "are the types wrong" (ESM only).
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
failed ||= !typesHold();
if (failed) process.exit(1);
console.log(`Packages: ${folders.length} pack cleanly.`);

/** Whether the declarations of all packages compile as a user's compiler sees them who does not skip them. */
function typesHold() {
  const consumer = mkdtempSync(join(root, "node_modules/.cache/agentos-consumer-"));
  try {
    const file = join(consumer, "consumer.mts");
    const names = folders.filter((folder) => folder.startsWith("packages/"));
    writeFileSync(
      file,
      names
        .map((folder) => `import {} from ${JSON.stringify(join(root, folder, "dist/index.js"))};\n`)
        .join(""),
    );
    const flags = "--noEmit --strict --skipLibCheck false --module nodenext --target es2022 --types node";
    const args = [join(root, "node_modules/typescript/lib/tsc.js"), ...flags.split(" "), file];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    const own = stdout.split("\n").filter((line) => /^(?:\.\.\/)*(?:packages|.*consumer)/.test(line));
    if (own.length > 0) console.error(`Declarations do not compile:\n${own.join("\n")}`);
    return status === 0 || own.length === 0;
  } finally {
    rmSync(consumer, { recursive: true, force: true });
  }
}
