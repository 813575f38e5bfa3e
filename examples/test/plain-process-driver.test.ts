import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sandbox } from "@agentos/sandbox";
import { driverConformance } from "@agentos/sandbox/conformance";
import { afterAll, describe, expect, test } from "vitest";
import { requirement } from "../../test/require.js";
import { plainProcessDriver } from "../plain-process-driver.js";

const cacheDir = mkdtempSync(join(tmpdir(), "agentos-plain-"));
afterAll(() => rmSync(cacheDir, { recursive: true }));
const availability = await plainProcessDriver.probe({ cacheDir });
const reason = availability.available ? "" : `${availability.reason}; ${availability.remedy}`;

describe.skipIf(!requirement("python", availability.available, reason))("a driver of one's own", async () => {
  const driver = await plainProcessDriver.open({ cacheDir });
  afterAll(() => driver.close());
  for (const item of driverConformance(driver)) {
    if (item.skip) test.skip(`${item.name} (${item.skip})`, () => {});
    else test(item.name, () => item.run(), 60_000);
  }

  test("is never chosen for a run that needs a guarantee", async () => {
    await using sandbox = await Sandbox.open({ cacheDir, drivers: [plainProcessDriver] });
    const request = { language: "python", files: { "a.py": "print(1)" }, entry: "a.py" } as const;
    await expect(sandbox.run(request)).rejects.toMatchObject({ code: "SANDBOX_GUARANTEE_UNAVAILABLE" });
    await expect(sandbox.run({ ...request, needs: "none" })).resolves.toMatchObject({ stdout: "1\n" });
  });

  test("fits into 120 lines", () => {
    const text = readFileSync(new URL("../plain-process-driver.ts", import.meta.url), "utf8");
    expect(text.split("\n").length).toBeLessThan(120);
  });
});
