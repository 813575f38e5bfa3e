import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { describe, test } from "vitest";
import { childrenOfThis, type OpenedDriver, shown } from "./one-shot.js";

/** What runs of a driver with one-shot children leave: nothing, but for the spare. Closes the driver. */
export function leavesNoTraces({ run, driver }: OpenedDriver, entry: string, program: string): void {
  describe("traces", () => {
    test("runs leave no process but the spares, and closing leaves none", async () => {
      for (let round = 0; round < 50; round++) {
        const { result } = await run({ [entry]: program });
        assert.equal(result.stdout, "1\n", shown(result));
      }
      // One, or more where the machine was so busy that runs found none ready; others may still be ending.
      const own = () => childrenOfThis().filter((command) => command.includes(`children/${driver.name}`));
      const spares = () => Math.max(1, driver.pool?.().spares ?? 0);
      for (let wait = 0; own().length > spares() && wait < 100; wait++) await delay(50);
      assert.ok(own().length <= spares(), `${spares()} spare:\n${own().join("\n")}`);
      await driver.close();
      assert.deepEqual(own(), []);
      await assert.rejects(run({ [entry]: program }), { code: "CLOSED" });
    }, 240_000);
  });
}

/** Test files of one plan in JavaScript see nothing of one another. */
export function keepsFilesApart({ run }: OpenedDriver): void {
  test("nothing of one test file is seen by the next", async () => {
    const leave = "globalThis.left = 1; Object.prototype.left = 2; require('node:assert').left = 3;";
    const look = "console.log(typeof globalThis.left, typeof ({}).left, typeof require('node:assert').left)";
    const files = { "a.js": `${leave} require("node:assert").ok(true)`, "b.js": look };
    const planned = ["a.js", "b.js"].map((path) => ({ path, label: path, style: "script" as const }));
    const { result } = await run(files, { tests: { nonce: "n", files: planned } });
    assert.equal(result.stdout, "undefined undefined undefined\n");
  });
}
