import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const packages = readdirSync(`${root}packages`);

export default defineConfig({
  resolve: {
    // Tests run on the sources; child processes start from dist, so `pnpm build` comes first.
    alias: [
      { find: "@agentos/benchmarks/datasets", replacement: `${root}benchmarks/datasets/index.ts` },
      ...packages.flatMap((name) => [
        { find: new RegExp(`^@agentos/${name}$`), replacement: `${root}packages/${name}/src/index.ts` },
        {
          find: new RegExp(`^@agentos/${name}/([a-z-]+)$`),
          replacement: `${root}packages/${name}/src/$1/index.ts`,
        },
      ]),
    ],
  },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "benchmarks/test/**/*.test.ts",
      "examples/test/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    globalSetup: "./test/shared-cache.ts",
    // The first run of Go on a machine compiles its standard library.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "benchmarks/datasets/**/*.ts"],
      // What runs only inside the child processes of drivers is tested there and cannot be counted from here.
      exclude: [
        "packages/*/src/children/**",
        "packages/memory/src/drivers/hnsw/graph.ts",
        "packages/sandbox/src/javascript/realm/**",
        "packages/sandbox/src/javascript/remote/{judge,test-text}.ts",
        "packages/sandbox/src/javascript/{isolate-engine,quickjs-engine,quickjs-rejections,web-assembly,program}.ts",
        "packages/sandbox/src/javascript/{realm-script,warm-up}.ts",
        "packages/sandbox/src/one-shot/child-side.ts",
        "packages/sandbox/src/python/pyodide-realm.ts",
        "**/*.d.ts",
      ],
      reporter: ["text-summary", "json-summary"],
      thresholds: { statements: 85, lines: 85 },
    },
  },
});
