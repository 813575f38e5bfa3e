import { test } from "vitest";
import { isolateDriver } from "../../src/drivers/isolate.js";
import { runBreakers } from "../drivers/isolate-breakers.js";
import { withDriver } from "../drivers/one-shot.js";

const RUNS = 1000;

await withDriver(isolateDriver, "isolate", (opened) => {
  test(`${RUNS} programs that break an engine leave the host alive and nothing behind`, async () => {
    console.info(`How they ended: ${JSON.stringify(Object.fromEntries(await runBreakers(opened, RUNS)))}`);
  }, 3_600_000);
});
