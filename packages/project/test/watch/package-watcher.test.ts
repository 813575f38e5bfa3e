import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { WatchListener } from "../../src/watch/file-watcher.js";
import { FolderWatcher } from "../../src/watch/folder-watcher.js";
import { packageWatcher } from "../../src/watch/package-watcher.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

interface Heard extends WatchListener {
  readonly paths: Set<string>;
  readonly others: unknown[];
}

function listener(): Heard {
  const paths = new Set<string>();
  const others: unknown[] = [];
  const other = (what: unknown): void => {
    others.push(what);
  };
  return {
    paths,
    others,
    touched: (path) => void paths.add(path),
    lost: other,
    limited: other,
    failed: other,
  };
}

test("@parcel/watcher tells of files of the root, and not of folders that are cut out", async ({ skip }) => {
  const watcher = await import("@parcel/watcher").catch(() =>
    skip("there is no build of it for this system"),
  );
  const root = await temporaryFolder({ "a/x.py": "", "node_modules/b/y.js": "" });
  const heard = listener();
  const opened = await packageWatcher(watcher.default, root, heard);
  await writeFile(join(root, "node_modules/b/y.js"), "1");
  await writeFile(join(root, "a/x.py"), "1");
  await expect.poll(() => [...heard.paths], { timeout: 10_000 }).toEqual(["a/x.py"]);
  expect(await opened.heard()).toBe(false);
  expect(heard.others).toEqual([]);
  await opened.close();
});

test("folders are heard from when they are entered, until they are left, and what came before is heard first", async ({
  skip,
}) => {
  if (process.platform !== "linux") skip("other systems do not say how far they have come");
  const root = await temporaryFolder({ "a/x.py": "", "a/b/y.py": "", "c/z.py": "" });
  const heard = listener();
  const watcher = new FolderWatcher(root, heard);
  onTestFinished(() => watcher.close());
  for (const folder of ["", "a/", "a/b/", "c/", "gone/"]) watcher.enter(folder);
  for (let turn = 0; turn < 50; turn += 1) {
    heard.paths.clear();
    await writeFiles(root, { "a/b/y.py": String(turn), [`c/${turn}.py`]: "" });
    expect(await watcher.heard()).toBe(true);
    expect([...heard.paths].sort()).toEqual(["a/b/y.py", `c/${turn}.py`]);
  }
  watcher.leave("a");
  heard.paths.clear();
  await writeFiles(root, { "a/x.py": "1", "a/b/y.py": "2", "c/z.py": "3" });
  expect(await watcher.heard()).toBe(true);
  expect([...heard.paths]).toEqual(["c/z.py"]);
  expect(heard.others).toEqual([]);
});
