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
      // Four runs of two processes each, and their launchers.
      for (let wait = 0; wait < 400 && python(name).length < 8; wait++) await delay(25);
      expect(python(name).length).toBeGreaterThanOrEqual(8);
      host.kill("SIGKILL");
      for (let wait = 0; wait < 40 && python(name).length > 0; wait++) await delay(25);
      expect(python(name)).toEqual([]);
      await delay(200);
      const parent = findCgroups();
      const left = parent
        ? readdirSync(parent.memory).filter((leaf) => leaf.startsWith(`agentos.${host.pid}.`))
        : [];
      expect(left).toEqual([]);
    } finally {
      host.kill("SIGKILL");
      rmSync(cacheDir, { recursive: true });
    }
  }, 60_000);
});

/** Ids of the Python processes that run that file. */
function python(name: string): readonly string[] {
  return readdirSync("/proc").filter((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, "utf8");
      return (
        /^\d+$/.test(id) &&
        command.includes("python3\0") &&
        command.includes(name) &&
        !command.includes("tar -x")
      );
    } catch {
      return false;
    }
  });
}
