import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/** A new folder that goes when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-store-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A new folder that goes when all tests of the file are over. */
export async function folderForAll(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-store-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
