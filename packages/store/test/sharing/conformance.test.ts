import { join } from "node:path";
import { expect, test } from "vitest";
import { storeConformance } from "../../src/conformance/index.js";
import { Store } from "../../src/index.js";
import { temporaryFolder } from "../folder.js";
import { type Sharer, startSharer } from "./processes.js";

for (const role of ["client", "owner"] as const) {
  let root = "";
  const owners = new Map<string, Sharer>();
  const folder = (name: string): string => join(root, name);
  const open = async (name: string): Promise<Store> => {
    const dir = folder(name);
    if (role === "client" && !owners.has(name)) owners.set(name, await startSharer(dir));
    const store = await Store.open({ dir, shared: true });
    expect(store.role).toBe(role);
    return store;
  };
  for (const { name, run } of storeConformance(open, { folder, owner: role === "owner" })) {
    test(`a shared store, as its ${role}: ${name}`, async () => {
      root = await temporaryFolder();
      owners.clear();
      await run();
    });
  }
}
