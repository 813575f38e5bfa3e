import { getEventListeners } from "node:events";
import { afterAll, describe, expect, inject, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { driverConformance } from "../../src/conformance/index.js";
import { namespaceDriver } from "../../src/drivers/namespace.js";
import { Sandbox } from "../../src/index.js";

const cacheDir = inject("cacheDir");
const availability = await namespaceDriver.probe({ cacheDir });
const reason = availability.available ? "" : `${availability.reason}; ${availability.remedy}`;
const available = requirement("bubblewrap", availability.available, reason);
if (availability.available) {
  requirement("go", availability.languages.includes("go"), availability.notes.join("; "));
  requirement("rust", availability.languages.includes("rust"), availability.notes.join("; "));
  requirement("java", availability.languages.includes("java"), availability.notes.join("; "));
  requirement("python", availability.languages.includes("python"), availability.notes.join("; "));
}

describe.skipIf(!available)("namespace driver", async () => {
  if (!available) return;
  const driver = await namespaceDriver.open({ cacheDir });
  afterAll(() => driver.close());
  for (const item of driverConformance(driver)) {
    if (item.skip) test.skip(`${item.name} (${item.skip})`, () => {});
    else test(item.name, () => item.run(), 60_000);
  }

  test.skipIf(!driver.languages.includes("go"))(
    "a signal that serves many runs keeps no listener of them",
    async () => {
      await using sandbox = await Sandbox.open({ cacheDir, drivers: [namespaceDriver] });
      const { signal } = new AbortController();
      const files = { "main.go": 'package main\n\nfunc main() { println("hi") }\n' };
      const request = { language: "go", files, entry: "main.go", limits: { wallMs: 60_000 } } as const;
      const ended = await sandbox.run(request, { signal });
      expect(ended.status).toBe("exited");
      expect(getEventListeners(signal, "abort")).toEqual([]);
    },
    60_000,
  );
});
