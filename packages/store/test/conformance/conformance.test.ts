import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { storeConformance } from "../../src/conformance/index.js";
import { Store } from "../../src/index.js";

const root = await mkdtemp(join(tmpdir(), "agentos-store-"));
afterAll(() => rm(root, { recursive: true, force: true }));

for (const { name, run } of storeConformance((folder) => Store.open({ dir: join(root, folder) })))
  test(name, run);
