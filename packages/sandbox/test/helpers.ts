import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Language, Task, TestFile } from "@agentos/core";
import { requirement } from "../../../test/require.js";
import { namespaceDriver } from "../src/drivers/namespace.js";
import { Sandbox, type SandboxOptions } from "../src/index.js";

/** A sandbox on the namespace driver with a cache folder of its own; undefined, and said so, where it does not work. */
export async function openNamespaceSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<{ readonly sandbox: Sandbox; readonly close: () => Promise<void> } | undefined> {
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-sandbox-"));
  const sandbox = await Sandbox.open({ cacheDir, drivers: [namespaceDriver], ...options });
  const close = async (): Promise<void> => {
    await sandbox.close();
    rmSync(cacheDir, { recursive: true, force: true });
  };
  const availability = (await sandbox.drivers())[0]?.availability;
  const reason = availability?.available === false ? availability.reason : "";
  if (requirement("bubblewrap", availability?.available === true, reason)) return { sandbox, close };
  await close();
  return undefined;
}

/** A task about loose code. */
export function task(
  language: Language,
  visible: readonly TestFile[],
  hidden: readonly TestFile[] = [],
): Task {
  return { id: `task-${language}`, prompt: "Write it.", language, tests: { visible, hidden } };
}

/** A candidate of one file. */
export function candidate(path: string, content: string): { id: string; files: Record<string, string> } {
  return { id: "candidate", files: { [path]: content } };
}
