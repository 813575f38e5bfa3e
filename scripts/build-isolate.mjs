// Compiles isolated-vm for this Node (about 15 s, once). Never fails the caller: without it QuickJS runs JavaScript.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeAddon, runs } from "./lib/addon.mjs";
import { root } from "./lib/setup.mjs";

const link = join(root, "packages/sandbox/node_modules/isolated-vm");
const file = JSON.stringify(pathToFileURL(join(link, "isolated-vm.js")).href);
makeAddon({
  label: "Isolate",
  name: "isolated-vm",
  link,
  loads: () => runs(`import(${file}).then((m) => new m.default.Isolate().dispose())`, ["--no-node-snapshot"]),
  without: "JavaScript runs on QuickJS",
});
