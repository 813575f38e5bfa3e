// Compiles isolated-vm for this Node (about 15 s, once). Never fails the caller: without it QuickJS runs JavaScript.
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lib/setup.mjs";

const link = join(root, "packages/sandbox/node_modules/isolated-vm");
if (!existsSync(link)) {
  console.log("Isolate: isolated-vm is not installed; JavaScript runs on QuickJS.");
} else if (loads()) {
  console.log("Isolate: isolated-vm is ready.");
} else {
  console.log("Isolate: compiling isolated-vm…");
  const folder = realpathSync(link);
  // The headers that came with this Node, where they did; otherwise node-gyp downloads them.
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, "include/node/node.h")) ? [`--nodedir=${prefix}`] : [];
  const made = spawnSync("npx", ["--yes", "node-gyp@10", "rebuild", "--release", "-j", "max", ...headers], {
    cwd: folder,
    encoding: "utf8",
  });
  if (loads()) console.log("Isolate: isolated-vm is ready.");
  else {
    const why = `${made.stderr ?? ""}`
      .split("\n")
      .filter((line) => /error|ERR/i.test(line))
      .slice(-3)
      .join(" ");
    console.log(
      `Isolate: isolated-vm did not compile (needs python3, make and a C++ compiler); its tests are skipped. ${why}`,
    );
  }
}

function loads() {
  const script = `import(${JSON.stringify(pathToFileURL(join(link, "isolated-vm.js")).href)}).then((m) => new m.default.Isolate().dispose())`;
  return (
    spawnSync(process.execPath, ["--no-node-snapshot", "--input-type=module", "-e", script], {
      stdio: "ignore",
    }).status === 0
  );
}
