import type { Language, Task, TestFile } from "@agentos/core";
import { inject } from "vitest";
import { requirement } from "../../../test/require.js";
import { namespaceDriver } from "../src/drivers/namespace.js";
import { Sandbox, type SandboxOptions } from "../src/index.js";

/** A sandbox on the namespace driver with the cache folder that all tests share; undefined, and said so, where it does not work. */
export async function openNamespaceSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<{ readonly sandbox: Sandbox; readonly close: () => Promise<void> } | undefined> {
  const sandbox = await Sandbox.open({
    cacheDir: inject("cacheDir"),
    drivers: [namespaceDriver],
    ...options,
  });
  const close = (): Promise<void> => sandbox.close();
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
