import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { findCgroups } from "../src/drivers/namespace/cgroup.js";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox();
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const ready = requirement("build", existsSync(built), "packages/sandbox/dist is missing; run pnpm build");

describe.skipIf(!opened || !ready)("a host process that is killed", () => {
  afterAll(() => opened?.close());

  test("takes its runs with it, and the next one sweeps its control groups", async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), "agentos-killed-"));
    const name = `orphan_${process.pid}.py`;
    const host = spawn(process.execPath, [
      "--input-type=module",
      "-e",
      `import { Sandbox, namespaceDriver } from ${JSON.stringify(built)};
const sandbox = await Sandbox.open({ cacheDir: ${JSON.stringify(cacheDir)}, drivers: [namespaceDriver] });
const files = { ${JSON.stringify(name)}: "import os, time\\nos.fork()\\ntime.sleep(1000)" };
for (let run = 0; run < 4; run++) void sandbox.run({ language: "python", files, entry: ${JSON.stringify(name)}, limits: { wallMs: 60000 } });
`,
    ]);
    try {
      // Four runs: bubblewrap, the supervisor and two processes each.
      // Processes come and go while they are counted, so the count that was enough is the one to go on with.
      let before = descendants(host.pid ?? 0);
      for (let wait = 0; wait < 1600 && before.length < 16; wait++) {
        await delay(25);
        before = descendants(host.pid ?? 0);
      }
      expect(before.length).toBeGreaterThanOrEqual(16);
      host.kill("SIGKILL");
      for (let wait = 0; wait < 40 && before.some(alive); wait++) await delay(25);
      expect(before.filter(alive)).toEqual([]);
      await delay(200);
      const parent = findCgroups();
      const left = parent
        ? readdirSync(parent.memory).filter((leaf) => leaf.startsWith(`agentos.${host.pid}_`))
        : [];
      expect(left).toEqual([]);
    } finally {
      host.kill("SIGKILL");
      rmSync(cacheDir, { recursive: true });
    }
  }, 60_000);
});

/** Ids of all processes below one. */
function descendants(id: number | string): readonly string[] {
  try {
    const threads = readdirSync(`/proc/${id}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${id}/task/${thread}/children`, "utf8").split(" ").filter(Boolean),
    );
    return children.flatMap((child) => [child, ...descendants(child)]);
  } catch {
    return [];
  }
}

/** Whether a process lives; one that is dead and was not waited for does not. */
function alive(id: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, "utf8"));
  } catch {
    return false;
  }
}
