import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { pyodideDriver } from "../../src/drivers/pyodide.js";
import { Sandbox } from "../../src/index.js";
import { NAMED, separateCheats } from "../cheats/suite.js";
import { candidate, task } from "../helpers.js";

const text = (name: string): string => readFileSync(new URL(`../separate/${name}`, import.meta.url), "utf8");

describe("separate integrity in Pyodide", async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-sandbox-"));
  const sandbox = await Sandbox.open({ cacheDir, drivers: [pyodideDriver] });
  afterAll(async () => {
    await sandbox.close();
    rmSync(cacheDir, { recursive: true });
  });

  test.each([
    ["test_objects.py", "objects.py", 15, 10],
    ["test_linked.py", "linked.py", 7, 0],
    ["test_random.py", "solution.py", 2, 0],
  ])(
    "the same as in the namespace driver: %s",
    async (path, entryFile, passed, failed) => {
      const verdict = await sandbox.verify(
        {
          ...task("python", [{ path, content: text(path) }]),
          entryFile,
          files: { "node.py": text("node.py"), "random_values.py": text("random_values.py") },
        },
        candidate(entryFile, text(entryFile)),
        { limits: { wallMs: 60_000 } },
      );
      expect(verdict.integrity).toBe("separate");
      const count = (status: string): number => verdict.tests.filter((item) => item.status === status).length;
      expect([count("passed"), count("failed"), verdict.tests.length]).toEqual([
        passed,
        failed,
        passed + failed,
      ]);
    },
    60_000,
  );

  // The same halves as in the namespace driver, where all of them run.
  separateCheats(
    sandbox,
    NAMED.filter(([name]) =>
      /collector|equal to everything|on the link|no half sends|asks for|of a test/.test(name),
    ),
  );
});
