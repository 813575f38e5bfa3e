// What `npm start` and `npm test` share: check Node, install and build, each only when something changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Runs a command with its output shown; ends this process with its status when it fails. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) {
    console.error(`Could not start ${command}: ${error.message}`);
    process.exit(1);
  }
  if (signal) process.exit(130);
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs pnpm in the version that the repository names, without installing it anywhere. */
function pnpm(args, options = {}) {
  run(process.platform === "win32" ? "npx.cmd" : "npx", ["--yes", packageManager, ...args], options);
}

/** Installs and builds when needed. */
export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`AgentOS needs Node 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  install();
  run(process.execPath, [join(root, "scripts/build.mjs")]);
}

function install() {
  const stampFile = join(root, "node_modules", ".cache", "agentos-install");
  const stamp = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) {
    console.log("Install: nothing changed.");
    return;
  }
  console.log(`Install: ${packageManager} through npx, from the lockfile…`);
  pnpm(["install", "--frozen-lockfile"]);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}
