import type { RunLimits } from "@agentos/core";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openNamespaceSandbox } from "./helpers.js";

const MEBIBYTE = 1024 * 1024;
const opened = await openNamespaceSandbox({ spares: 3 });
const availability = (await opened?.sandbox.drivers())?.[0]?.availability;
const holds = availability?.available ? availability.limits : [];

/** Prints the bounds that a process can see of itself. */
const BOUNDS =
  "import resource as r\nprint(r.getrlimit(r.RLIMIT_NOFILE)[1], r.getrlimit(r.RLIMIT_FSIZE)[1], flush=True)\nx = bytearray(b'x') * (120 * 2**20)\nprint('had memory')";

/** Policies, each strict where another is lax. */
const POLICIES: readonly RunLimits[] = [
  { memoryBytes: 64 * MEBIBYTE },
  { memoryBytes: 512 * MEBIBYTE },
  ...(holds.includes("openFiles")
    ? [
        { memoryBytes: 512 * MEBIBYTE, openFiles: 64, fileBytes: MEBIBYTE },
        { memoryBytes: 64 * MEBIBYTE, openFiles: 512, fileBytes: 2 * MEBIBYTE },
      ]
    : []),
];

describe.skipIf(!opened || !holds.includes("memoryBytes"))("sandboxes that were started ahead", () => {
  afterAll(() => opened?.close());

  test("a run never gets one with other limits than its own, in whatever order runs come", async () => {
    const order = fc.array(fc.array(fc.nat(POLICIES.length - 1), { minLength: 1, maxLength: 3 }), {
      minLength: 3,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(order, async (waves) => {
        for (const wave of waves) {
          await Promise.all(
            wave.map(async (index) => {
              const limits = POLICIES[index] ?? {};
              const result = await opened?.sandbox.run({
                language: "python",
                files: { "main.py": BOUNDS },
                entry: "main.py",
                limits: { wallMs: 60_000, ...limits },
              });
              const strict = limits.memoryBytes === 64 * MEBIBYTE;
              expect(result?.status).toBe(strict ? "memory" : "exited");
              expect(result?.stdout.includes("had memory")).toBe(!strict);
              if (limits.openFiles !== undefined) {
                expect(result?.stdout).toMatch(new RegExp(`^${limits.openFiles} ${limits.fileBytes}\n`));
              }
            }),
          );
        }
      }),
      { numRuns: 4 },
    );
  }, 120_000);
});
