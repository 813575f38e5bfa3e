import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { makeFolders, Store } from "../src/index.js";
import { temporaryFolder } from "./folder.js";

test("makes what is missing, and says from where on", async () => {
  const folder = await temporaryFolder();
  expect(await makeFolders(join(folder, "a", "b", "c"))).toBe(join(folder, "a"));
  expect(await makeFolders(join(folder, "a", "b", "c"))).toBeUndefined();
  const made = await Promise.all([1, 2, 3].map((n) => makeFolders(join(folder, "x", "y", String(n)))));
  expect(made.filter((first) => first === join(folder, "x")).length).toBe(1);
  await writeFile(join(folder, "file"), "");
  await expect(makeFolders(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolders(join(folder, "file", "below"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test.skipIf(!requirement("proc", existsSync("/proc/self"), "there is no /proc"))(
  "a file system that answers that nothing is there does not keep it trying for ever",
  async () => {
    await expect(Store.open({ dir: "/proc/none/store" })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  },
);
