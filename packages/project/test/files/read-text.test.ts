import { execFileSync } from "node:child_process";
import { chmod, mkdir, rename, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readText } from "../../src/files/read-text.js";
import { temporaryFolder } from "../temporary.js";

const MAX = 1_000;

test("tells text, binary, large and gone", async () => {
  const root = await temporaryFolder({
    "a.txt": "h\u00e9",
    "b.bin": new Uint8Array([65, 0, 66]),
    "c.txt": "x".repeat(MAX + 1),
    "d.txt": Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from("ab", "utf16le").swap16()]),
  });
  expect(await readText(root, "a.txt", MAX)).toMatchObject({ status: "text", text: "h\u00e9" });
  expect(await readText(root, "b.bin", MAX)).toMatchObject({ status: "binary" });
  expect(await readText(root, "c.txt", MAX)).toMatchObject({ status: "large", stats: { size: MAX + 1 } });
  expect(await readText(root, "d.txt", MAX)).toMatchObject({ status: "text", text: "ab" });
  expect(await readText(root, "none.txt", MAX)).toEqual({ status: "gone" });
  expect(await readText(root, "a.txt/below", MAX)).toEqual({ status: "gone" });
  expect(await readText(root, ".", MAX)).toEqual({ status: "gone" });
  expect(await readText(root, "a.txt", MAX, () => true)).toMatchObject({ status: "same" });
});

test("does not read through a link, be it the file or a folder above it", async () => {
  const outside = await temporaryFolder({ "a.txt": "secret" });
  const root = await temporaryFolder({ "real/a.txt": "" });
  await symlink(join(outside, "a.txt"), join(root, "link.txt"));
  await symlink(outside, join(root, "folder"));
  await symlink("real", join(root, "within"));
  for (const path of ["link.txt", "folder/a.txt", "within/a.txt"]) {
    expect(await readText(root, path, MAX)).toEqual({ status: "gone" });
  }
});

test("does not wait for a pipe", async () => {
  const root = await temporaryFolder();
  execFileSync("mkfifo", [join(root, "pipe.py")]);
  expect(await readText(root, "pipe.py", MAX)).toEqual({ status: "gone" });
});

test("says when it may not read", async ({ skip }) => {
  const root = await temporaryFolder({ "a.py": "x" });
  await chmod(root, 0o755);
  await chmod(join(root, "a.py"), 0);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot && process.seteuid === undefined) skip("cannot become an ordinary user here");
  try {
    // Nothing is shut to the superuser.
    if (isRoot) process.seteuid?.(65_534);
    expect(await readText(root, "a.py", MAX)).toEqual({ status: "unreadable" });
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test("survives a file that shrinks or moves", async () => {
  const root = await temporaryFolder({ "a.py": "x = 1\n".repeat(100) });
  const reading = readText(root, "a.py", MAX);
  await truncate(join(root, "a.py"), 0);
  expect(["text"]).toContain((await reading).status);
  await mkdir(join(root, "b"));
  await rename(join(root, "a.py"), join(root, "b/a.py"));
  expect(await readText(root, "a.py", MAX)).toEqual({ status: "gone" });
});
