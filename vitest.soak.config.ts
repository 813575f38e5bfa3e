import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

process.env["AGENTOS_SOAK_RUNS"] ??= "10000";

/**
 * The tests that run for many minutes: `pnpm test:soak`, never a part of `npm test`. AGENTOS_SOAK_RUNS says how long those
 * are that `npm test` runs in short.
 */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["packages/*/test/soak/**/*.soak.ts", "packages/*/test/soak*.test.ts"],
    maxWorkers: 1,
    env: { AGENTOS_SOAK_RUNS: process.env["AGENTOS_SOAK_RUNS"] },
  },
});
