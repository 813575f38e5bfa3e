import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder for the caches of sandboxes that all test files share: the standard library of Go compiles once, not for each. */
    cacheDir: string;
  }
}

/** Makes the folder before the tests and removes it after them. */
export default function setUp(project: TestProject): () => void {
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-test-cache-"));
  project.provide("cacheDir", cacheDir);
  return () => rmSync(cacheDir, { recursive: true, force: true });
}
