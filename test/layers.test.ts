import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "agentos-layers-"));
  cpSync(join(root, "packages"), join(copy, "packages"), {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|dist|grammars|test)$/.test(path),
  });
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

function checkLayers(): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [join(root, "scripts/check-layers.mjs"), copy], { encoding: "utf8" });
}

function plant(path: string, text: string): void {
  writeFileSync(join(copy, path), text);
}

describe("the layer check", () => {
  it("passes the repository as it is", () => {
    expect(checkLayers()).toMatchObject({ status: 0, stderr: "" });
  });

  it.each([
    [
      "an engine importing an engine",
      "packages/memory/src/planted.ts",
      'import { Sandbox } from "@agentos/sandbox";',
    ],
    ["a type-only import", "packages/memory/src/planted.ts", 'import type { X } from "@agentos/sandbox";'],
    ["a dynamic import", "packages/learn/src/planted.ts", 'const x = await import("@agentos/project");'],
    [
      "a re-export of a subpath",
      "packages/core/src/planted.ts",
      'export { y } from "@agentos/store/conformance";',
    ],
    ["a path out of the package", "packages/memory/src/planted.ts", 'import "../../sandbox/src/index.js";'],
  ])("fails on %s", (_what, path, text) => {
    plant(path, text);
    const { status, stderr } = checkLayers();
    expect(status).toBe(1);
    expect(stderr).toContain(path);
  });

  it("fails on a dependency in package.json and on a package without a layer", () => {
    plant("packages/memory/package.json", '{"dependencies":{"@agentos/sandbox":"workspace:^"}}');
    mkdirSync(join(copy, "packages/stranger"));
    const { status, stderr } = checkLayers();
    expect(status).toBe(1);
    expect(stderr).toMatch(/memory\/package\.json imports @agentos\/sandbox/);
    expect(stderr).toMatch(/stranger has no layer/);
  });
});
