import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeTar } from "../../../src/drivers/namespace/tar.js";

test("tar unpacks what was written, whatever the names and bytes", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 60, unit: "grapheme" })
    .filter(
      (text) => !/[\0/\\\n]/.test(text) && text !== "." && text !== ".." && Buffer.byteLength(text) <= 255,
    );
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(
      // A number in front keeps the names apart, since one may be the folder of another.
      fc.array(fc.tuple(path, fc.uint8Array({ maxLength: 2000 })), { minLength: 1, maxLength: 6 }),
      (files) => {
        const folder = mkdtempSync(join(tmpdir(), "agentos-tar-"));
        try {
          const entries = files.map(([path, content], index) => ({ path: `${index}/${path}`, content }));
          execFileSync("tar", ["-xmf", "-", "-C", folder], { input: writeTar(entries) });
          for (const { path, content } of entries) {
            expect(readFileSync(join(folder, path)).equals(Buffer.from(content))).toBe(true);
          }
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("links and modes", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentos-tar-"));
  try {
    const long = "x".repeat(150);
    const archive = writeTar([
      { path: "a/run.sh", content: "echo", executable: true },
      { path: "a/plain", content: "" },
      { path: "a/link", linkTo: long },
    ]);
    execFileSync("tar", ["-xmf", "-", "-C", folder], { input: archive });
    expect(lstatSync(join(folder, "a/run.sh")).mode & 0o111).toBe(0o111);
    expect(lstatSync(join(folder, "a/plain")).mode & 0o111).toBe(0);
    expect(readlinkSync(join(folder, "a/link"))).toBe(long);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
