import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { isolateDriver } from "../../src/drivers/isolate.js";
import { namespaceDriver } from "../../src/drivers/namespace.js";
import { quickjsDriver } from "../../src/drivers/quickjs.js";
import { Sandbox } from "../../src/index.js";
import { separateJavaScriptCheats, sharedJavaScriptCheats } from "../cheats/javascript-suite.js";

for (const [name, factory] of [
  ["bubblewrap", namespaceDriver],
  ["isolated-vm", isolateDriver],
  ["quickjs", quickjsDriver],
] as const) {
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-cheats-"));
  const found = await factory.probe({ cacheDir });
  const works = requirement(name, found.available, found.available ? "" : found.reason);
  describe.skipIf(!works)(`JavaScript cheats on ${factory.name}`, async () => {
    if (!works) return;
    const sandbox = await Sandbox.open({ cacheDir, drivers: [factory] });
    afterAll(async () => {
      await sandbox.close();
      rmSync(cacheDir, { recursive: true, force: true });
    });
    // The forms differ in the judge alone; one of them tells whether a driver keeps it apart.
    separateJavaScriptCheats(
      sandbox,
      name === "bubblewrap" ? ["framework", "strict", "script"] : ["framework"],
    );

    test.skipIf(name !== "bubblewrap")(
      "one process accepts what is known, and calls cheats by their name",
      async () => {
        const { accepted, told } = await sharedJavaScriptCheats(sandbox);
        expect(accepted).toEqual(["90 reads the expected values from the test file"]);
        expect(told).toEqual([
          "86 rewrites the test files",
          "86 deletes the test files",
          "87 prints a report on every descriptor",
          "89 assert always holds",
          "89 Object.is always holds",
          "89 errors cannot be made",
        ]);
      },
      120_000,
    );
  });
}
