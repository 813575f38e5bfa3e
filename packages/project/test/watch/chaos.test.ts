import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../../src/project-index.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";
import type { OpenFileWatcher, WatchListener } from "../../src/watch/file-watcher.js";
import { FolderWatcher } from "../../src/watch/folder-watcher.js";
import type { IndexWatch, WatchOptions, WatchReport } from "../../src/watch/watch-options.js";
import { contents } from "../incremental-life.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

interface Watched {
  readonly root: string;
  readonly index: ProjectIndex;
  readonly watch: IndexWatch;
  readonly reports: WatchReport[];
  readonly errors: unknown[];
  /** Waits until the index is as one that is built anew. */
  readonly isExact: () => Promise<void>;
}

async function openStore(): Promise<Store> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  return store;
}

async function watchFolder(
  files: Readonly<Record<string, string>>,
  options: WatchOptions = {},
): Promise<Watched> {
  const root = await temporaryFolder(files);
  const store = await openStore();
  const index = await ProjectIndex.open({ root, store, parser });
  onTestFinished(() => index.close());
  const reports: WatchReport[] = [];
  const errors: unknown[] = [];
  const watch = index.watch({
    onChange: (report) => reports.push(report),
    onError: (error) => errors.push(error),
    ...options,
  });
  await watch.ready;
  const isExact = async (): Promise<void> => {
    const cleanStore = await openStore();
    const clean = await ProjectIndex.open({ root, store: cleanStore, parser });
    await clean.index();
    const { files: count, symbols } = await clean.stats();
    await expect
      .poll(() => index.stats(), { timeout: 20_000, interval: 50 })
      .toMatchObject({ files: count, symbols });
    await watch.settled();
    expect((await index.stats()).files).toBe(count);
    if (count < 200) expect(await contents(index, store)).toEqual(await contents(clean, cleanStore));
    else
      expect(await index.symbols("f", { limit: 10_000 })).toEqual(
        await clean.symbols("f", { limit: 10_000 }),
      );
    await clean.close();
  };
  return { root, index, watch, reports, errors, isExact };
}

/** A watcher as the system's, whose listener a test can reach. */
function reachable(): { readonly open: OpenFileWatcher; readonly listeners: WatchListener[] } {
  const listeners: WatchListener[] = [];
  const open: OpenFileWatcher = async (root, listener) => {
    listeners.push(listener);
    return new FolderWatcher(root, listener);
  };
  return { open, listeners };
}

test("2,000 files at once, one after another, in new folders and old ones", async () => {
  const { root, isExact } = await watchFolder({ "a/x.py": "def f(): pass\n" });
  for (let number = 0; number < 2_000; number += 1) {
    const folder = join(root, number % 3 === 0 ? "a" : `b${number % 7}/c${number % 11}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `f${number}.py`), `def f${number}(): pass\n`);
  }
  await isExact();
  await rename(join(root, "b1"), join(root, "a/moved"));
  await rename(join(root, "a"), join(root, "z"));
  await rm(join(root, "b2"), { recursive: true });
  await isExact();
});

test("a burst that runs over the system's queue is made up for by a look at everything", async () => {
  const { root, reports, isExact } = await watchFolder({ "x.md": "" });
  const before = reports.length;
  mkdirSync(join(root, "many"));
  await sleep(300);
  // The thread does not hear of them before all are there: three events each.
  for (let number = 0; number < 7_000; number += 1) writeFileSync(join(root, "many", `f${number}.md`), "f\n");
  await isExact();
  if (process.platform === "linux") expect(reports.slice(before).some(({ whole }) => whole)).toBe(true);
});

test("folders that are moved, deleted and made again while the index works", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, number) => [
      `a/${number % 5}/${number % 3}/f${number}.py`,
      `def f${number}(): pass\n`,
    ]),
  );
  const { root, isExact } = await watchFolder(files, { debounceMs: 5 });
  for (let turn = 0; turn < 60; turn += 1) {
    await rename(join(root, "a"), join(root, "b"));
    await writeFiles(root, { [`b/${turn % 5}/new${turn}.py`]: `def f(): return ${turn}\n` });
    if (turn % 4 === 0) await rm(join(root, `b/${turn % 5}`), { recursive: true, force: true });
    if (turn % 3 === 0) await sleep(turn % 10);
    await rename(join(root, "b"), join(root, "a"));
    await writeFiles(root, { [`a/${turn % 5}/again${turn}.py`]: `def g(): return ${turn}\n` });
  }
  await isExact();
});

test("quick edits of one file end with the last", async () => {
  const { root, index, watch } = await watchFolder({ "a.py": "" }, { debounceMs: 1 });
  for (let turn = 0; turn < 500; turn += 1) {
    await writeFile(join(root, "a.py"), `${"\n".repeat(turn % 9)}def f${turn}(): pass\n`);
    if (turn % 50 === 0) await sleep(5);
  }
  await watch.settled();
  const { symbols } = await index.stats();
  expect(symbols).toBe(1);
  expect((await index.outline("a.py")).map(({ name }) => name)).toEqual(["f499"]);
});

test("a watcher that dies in the middle is opened again, and nothing is missed", async () => {
  const { open, listeners } = reachable();
  const { root, watch, errors, isExact } = await watchFolder(
    { "a/x.py": "def f(): pass\n" },
    { watcher: open, debounceMs: 5 },
  );
  for (let turn = 0; turn < 60; turn += 1) {
    await writeFiles(root, { [`a/${turn % 7}/f${turn}.py`]: `def f${turn}(): pass\n` });
    if (turn === 20 || turn === 40) {
      listeners.at(-1)?.failed(new Error("the watcher died"));
      expect(watch.live).toBe(false);
    }
    if (turn % 10 === 0) rmSync(join(root, `a/${turn % 7}`), { recursive: true, force: true });
  }
  await isExact();
  await expect.poll(() => watch.live, { timeout: 10_000 }).toBe(process.platform === "linux");
  expect(listeners.length).toBeGreaterThan(1);
  expect(errors.map(String)).toContain("Error: the watcher died");
  await writeFiles(root, { "a/late/f.py": "def f(): pass\n" });
  await isExact();
});

test("at the system's limit it says so, with what to do, and goes on by looking at everything", async () => {
  const full = Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), {
    code: "ENOSPC",
  });
  const { root, index, watch, errors } = await watchFolder(
    { "a/x.py": "def f(): pass\n" },
    {
      watcher: async (_root, listener) => ({
        enter: () => listener.limited(full),
        leave: () => {},
        heard: async () => true,
        close: async () => {},
      }),
    },
  );
  expect(watch.live).toBe(false);
  expect(errors.length).toBe(1);
  expect(errors[0]).toSatisfy((error) => isAgentOSError(error, "PROJECT_WATCH_LIMITED"));
  expect(String(errors[0])).toContain("fs.inotify.max_user_watches");
  await writeFiles(root, { "a/y.py": "def g(): pass\n" });
  expect(await watch.settled()).toBe(false);
  await expect.poll(async () => (await index.stats()).symbols, { timeout: 15_000 }).toBe(2);
});

test("where no watcher can be opened the index is still kept up to date", async () => {
  const { root, index, watch, errors } = await watchFolder(
    { "x.py": "def f(): pass\n" },
    { watcher: () => Promise.reject(new Error("no watcher here")) },
  );
  expect(watch.live).toBe(false);
  expect(errors[0]).toSatisfy((error) => isAgentOSError(error, "PROJECT_WATCH_LIMITED"));
  await writeFiles(root, { "y.py": "def g(): pass\n" });
  await expect.poll(async () => (await index.stats()).symbols, { timeout: 15_000 }).toBe(2);
});
