import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { storeConformance } from "../../src/conformance/index.js";
import { Store } from "../../src/index.js";

const root = await mkdtemp(join(tmpdir(), "agentos-store-"));
afterAll(() => rm(root, { recursive: true, force: true }));

const folder = (name: string): string => join(root, name);
for (const { name, run } of storeConformance((name) => Store.open({ dir: folder(name) }), { folder }))
  test(name, run);
