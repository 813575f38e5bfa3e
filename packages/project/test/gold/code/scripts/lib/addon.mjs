// Compiles a native addon for this Node, once. Never fails the caller: what needs it is skipped without it.
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes an addon ready and says so. `link` is where it is installed, `loads` tells whether it works, `without` says what
 * becomes of things when it does not.
 */
export function makeAddon({ label, name, link, loads, without }) {
  if (!existsSync(link)) {
    console.log(`${label}: ${name} is not installed; ${without}.`);
    return;
  }
  if (loads()) {
    console.log(`${label}: ${name} is ready.`);
    return;
  }
  console.log(`${label}: compiling ${name}…`);
  const folder = realpathSync(link);
  // The headers that came with this Node, where they did; otherwise node-gyp downloads them.
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, "include/node/node.h")) ? [`--nodedir=${prefix}`] : [];
  const made = spawnSync("npx", ["--yes", "node-gyp@10", "rebuild", "--release", "-j", "max", ...headers], {
    cwd: folder,
    encoding: "utf8",
  });
  if (loads()) {
    console.log(`${label}: ${name} is ready.`);
    return;
  }
  const why = `${made.stderr ?? ""}`
    .split("\n")
    .filter((line) => /error|ERR/i.test(line))
    .slice(-3)
    .join(" ");
  console.log(
    `${label}: ${name} did not compile (needs python3, make and a C++ compiler); its tests are skipped. ${why}`,
  );
}

/** Whether a program runs to its end without an error. */
export function runs(script, flags = []) {
  const { status } = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", script], {
    stdio: "ignore",
  });
  return status === 0;
}
