import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "@agentos/core";
import { expect, test } from "vitest";
import { type ReadRecordContext, readRecord } from "../../src/files/read-record.js";
import { temporaryFolder } from "../temporary.js";

const SECONDS = 1_000;
const context = (root: string, now: number): ReadRecordContext => ({
  root,
  maxFileBytes: 1_000,
  parser: { outlineVersion: 1, outline: async () => ({ ok: true, symbols: [], imports: [], uses: {} }) },
  logger: silentLogger,
  now,
});

test("times are believed only when the file was read well after them", async () => {
  const root = await temporaryFolder({ "a.py": "x = 1\n" });
  const later = Date.now() + 60 * SECONDS;
  const first = await readRecord("a.py", undefined, context(root, later));
  if (first.status !== "changed") return expect.unreachable();
  expect(await readRecord("a.py", first.record, context(root, later))).toEqual({ status: "unchanged" });
  // Read within the same tick of the file system's clock: it may have changed since and kept its times.
  const racy = { ...first.record, readAt: first.record.ctimeMs + 1, hash: "of an earlier content" };
  expect(await readRecord("a.py", racy, context(root, later))).toMatchObject({
    status: "changed",
    parsed: true,
  });
});

test("a change that keeps size and time of content is seen by the inode's time", async () => {
  const root = await temporaryFolder({ "a.py": "x = 1\n" });
  const file = join(root, "a.py");
  const past = new Date(1_600_000_000_000);
  await utimes(file, past, past);
  const later = Date.now() + 60 * SECONDS;
  const first = await readRecord("a.py", undefined, context(root, later));
  if (first.status !== "changed") return expect.unreachable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await writeFile(file, "x = 2\n");
  await utimes(file, past, past);
  expect(await readRecord("a.py", first.record, context(root, later))).toMatchObject({
    status: "changed",
    parsed: true,
  });
});
