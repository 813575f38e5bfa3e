import { test } from "vitest";
import { isolateDriver } from "../../src/drivers/isolate.js";
import { runBreakers } from "./isolate-breakers.js";
import { withDriver } from "./one-shot.js";

await withDriver(isolateDriver, "isolate", (opened) => {
  test("30 programs that break an engine leave the host alive and nothing behind", async () => {
    await runBreakers(opened, 30);
  }, 120_000);
});
