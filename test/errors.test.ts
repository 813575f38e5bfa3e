import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function checkErrors(folder: string): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [join(root, "scripts/check-errors.mjs"), folder], { encoding: "utf8" });
}

it("every error code is documented, and every documented code exists", () => {
  expect(checkErrors(root)).toMatchObject({ status: 0, stderr: "" });
});

it("the check fails on a code without a heading and on a heading without a code", () => {
  const copy = mkdtempSync(join(tmpdir(), "agentos-errors-"));
  mkdirSync(join(copy, "docs"));
  cpSync(join(root, "packages/core/src"), join(copy, "packages/core/src"), { recursive: true });
  const documentation = readFileSync(join(root, "docs/errors.md"), "utf8");
  writeFileSync(join(copy, "docs/errors.md"), documentation.replace("### ABORTED", "### INVENTED"));
  const { status, stderr } = checkErrors(copy);
  rmSync(copy, { recursive: true, force: true });
  expect(status).toBe(1);
  expect(stderr).toMatch(/no heading for ABORTED/);
  expect(stderr).toMatch(/describes INVENTED/);
});
