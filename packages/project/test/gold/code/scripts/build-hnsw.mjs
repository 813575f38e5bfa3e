// Compiles hnswlib-node for this Node (about 10 s, once). Never fails the caller: without it vectors are compared one by one.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeAddon, runs } from "./lib/addon.mjs";
import { root } from "./lib/setup.mjs";

const link = join(root, "packages/memory/node_modules/hnswlib-node");
const file = JSON.stringify(pathToFileURL(join(link, "lib/index.js")).href);
makeAddon({
  label: "HNSW",
  name: "hnswlib-node",
  link,
  loads: () => runs(`import(${file}).then((m) => new m.default.HierarchicalNSW("ip", 2).initIndex(2))`),
  without: "vectors are compared one by one",
});
