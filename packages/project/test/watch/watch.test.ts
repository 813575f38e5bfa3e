import { execFileSync } from "node:child_process";
import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../../src/project-index.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";
import type { IndexWatch, WatchOptions, WatchReport } from "../../src/watch/watch-options.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

async function openIndex(root: string): Promise<ProjectIndex> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  const index = await ProjectIndex.open({ root, store, parser });
  onTestFinished(() => index.close());
  return index;
}

interface Watched {
  readonly root: string;
  readonly index: ProjectIndex;
  readonly watch: IndexWatch;
  readonly reports: WatchReport[];
  readonly errors: unknown[];
}

async function watchFolder(
  files: Readonly<Record<string, string>>,
  options: WatchOptions = {},
): Promise<Watched> {
  const root = await temporaryFolder(files);
  const index = await openIndex(root);
  const reports: WatchReport[] = [];
  const errors: unknown[] = [];
  const watch = index.watch({
    onChange: (report) => reports.push(report),
    onError: (error) => errors.push(error),
    ...options,
  });
  await watch.ready;
  return { root, index, watch, reports, errors };
}

/** Names of all symbols, without a query's own look at files: what the watch alone has brought about. */
async function symbolCount(index: ProjectIndex): Promise<number> {
  return (await index.stats()).symbols;
}

const onLinux = process.platform === "linux";

describe("while it is watched", () => {
  test("the index is ready without a call of index(), and follows edits, new files and deletes", async () => {
    const { root, index, watch, reports } = await watchFolder({ "a.py": "def one(): pass\n" });
    expect(await symbolCount(index)).toBe(1);
    expect(reports).toMatchObject([{ changed: ["a.py"], removed: [], parsed: 1, whole: true }]);
    await writeFiles(root, {
      "a.py": "def one(): pass\ndef two(): pass\n",
      "deep/er/b.py": "def b(): pass\n",
    });
    await watch.settled();
    expect(await symbolCount(index)).toBe(3);
    expect((await index.symbols("b"))[0]?.path).toBe("deep/er/b.py");
    await rm(join(root, "deep"), { recursive: true });
    await watch.settled();
    expect(await symbolCount(index)).toBe(2);
    const later = reports.slice(1);
    expect(later.every(({ whole }) => !whole)).toBe(true);
    expect(later.at(-1)?.removed).toEqual(["deep/er/b.py"]);
    expect(watch.live).toBe(onLinux);
  });

  test("changes are told without being asked, those that come together once", async () => {
    const told = new Promise<WatchReport>((resolve) => {
      void (async () => {
        const { root } = await watchFolder(
          { "a.py": "" },
          { debounceMs: 150, onChange: (report) => report.whole || resolve(report) },
        );
        for (let turn = 0; turn < 5; turn += 1)
          await writeFile(join(root, `b${turn}.py`), `def b${turn}(): pass\n`);
      })();
    });
    expect((await told).changed).toEqual(["b0.py", "b1.py", "b2.py", "b3.py", "b4.py"]);
  });

  test("a folder that is moved is heard under its new name, at any depth", async () => {
    const { root, index, watch, reports } = await watchFolder({ "a/b/c/x.py": "def x(): pass\n" });
    await rename(join(root, "a"), join(root, "z"));
    await watch.settled();
    expect((await index.symbols("x"))[0]?.path).toBe("z/b/c/x.py");
    // Its content is known.
    expect(reports.at(-1)).toMatchObject({ parsed: 0, changed: ["z/b/c/x.py"], removed: ["a/b/c/x.py"] });
    await writeFile(join(root, "z/b/c/x.py"), "def y(): pass\n");
    await watch.settled();
    expect(reports.at(-1)).toMatchObject({ changed: ["z/b/c/x.py"], parsed: 1 });
    expect((await index.symbols("y"))[0]?.path).toBe("z/b/c/x.py");
  });

  test("a folder that is deleted and made again is watched again", async () => {
    const { root, index, watch } = await watchFolder({ "a/x.py": "def x(): pass\n" });
    for (let turn = 0; turn < 5; turn += 1) {
      await rm(join(root, "a"), { recursive: true });
      await writeFiles(root, { "a/b/x.py": `def x${turn}(): pass\n` });
      if (turn % 2 === 0) await watch.settled();
      await writeFiles(root, { "a/b/x.py": `def y${turn}(): pass\n` });
      await watch.settled();
      expect((await index.symbols(`y${turn}`)).map(({ path }) => path)).toContain("a/b/x.py");
      expect(await symbolCount(index)).toBe(1);
    }
  });

  test("rule files let in and leave out at once", async () => {
    const { root, index, watch } = await watchFolder({
      "a.py": "def a(): pass\n",
      "out/b.py": "def b(): pass\n",
      ".git/info/exclude": "",
      ".git/HEAD": "ref: refs/heads/main\n",
    });
    await writeFile(join(root, ".gitignore"), "out/\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(1);
    await writeFile(join(root, ".gitignore"), "");
    await watch.settled();
    expect(await symbolCount(index)).toBe(2);
    // It is watched now as any other.
    await writeFile(join(root, "out/b.py"), "def b(): pass\ndef c(): pass\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(3);
    await writeFile(join(root, ".git/info/exclude"), "a.py\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(2);
    await writeFile(join(root, "out/.gitignore"), "*\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(0);
  });

  test("a folder leaves when it becomes a repository of its own, and comes back", async () => {
    const { root, index, watch } = await watchFolder({ "in/a.py": "def a(): pass\n" });
    await writeFiles(root, { "in/.git/HEAD": "ref: refs/heads/main\n" });
    await watch.settled();
    await watch.settled();
    expect(await symbolCount(index)).toBe(0);
    expect((await index.index()).skipped).toEqual([{ path: "in", reason: "repository" }]);
    await rm(join(root, "in/.git"), { recursive: true });
    await watch.settled();
    expect(await symbolCount(index)).toBe(1);
  });

  test("links are not followed, wherever one takes the place of a file or a folder", async () => {
    const outside = await temporaryFolder({ "x.py": "def secret(): pass\n" });
    const { root, index, watch } = await watchFolder({
      "a/x.py": "def x(): pass\n",
      "b.py": "def b(): pass\n",
    });
    await rm(join(root, "a"), { recursive: true });
    await symlink(outside, join(root, "a"));
    await rm(join(root, "b.py"));
    await symlink(join(outside, "x.py"), join(root, "b.py"));
    await symlink(".", join(root, "loop"));
    await watch.settled();
    expect(await symbolCount(index)).toBe(0);
    await writeFile(join(outside, "x.py"), "def more(): pass\n");
    await watch.settled();
    expect(await index.symbols("more")).toEqual([]);
  });

  test("rights that change are noticed", async () => {
    const { root, index, watch } = await watchFolder({ "a/x.py": "def x(): pass\n" });
    await chmod(join(root, "a/x.py"), 0o600);
    await chmod(join(root, "a"), 0o700);
    await watch.settled();
    await writeFile(join(root, "a/x.py"), "def x(): pass\ndef y(): pass\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(2);
  });
});

describe("what ends and disturbs a watch", () => {
  test("closing it, closing the index and a signal end it; nothing is told afterwards", async () => {
    const { root, index, watch, reports } = await watchFolder({ "a.py": "" });
    await watch.close();
    await watch.close();
    const before = reports.length;
    await writeFile(join(root, "a.py"), "def a(): pass\n");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reports.length).toBe(before);
    expect(await watch.settled()).toBe(false);
    const controller = new AbortController();
    const second = index.watch({ signal: controller.signal });
    controller.abort();
    await expect(second.ready).rejects.toSatisfy((error) => isAgentOSError(error, "CLOSED"));
    const third = index.watch();
    await index.close();
    expect(third.live).toBe(false);
    expect(() => index.watch()).toThrow(/closed/);
  });

  test("wrong options are refused", async () => {
    const index = await openIndex(await temporaryFolder());
    expect(() => index.watch({ debounceMs: -1 })).toThrow(/debounceMs/);
    expect(() => index.watch({ polling: true } as WatchOptions)).toThrow(/polling/);
  });

  test("a listener that throws is told as an error and harms nothing", async () => {
    const { root, index, watch, errors } = await watchFolder(
      { "a.py": "" },
      {
        onChange: () => {
          throw new Error("mine");
        },
      },
    );
    await writeFile(join(root, "a.py"), "def a(): pass\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(1);
    expect(errors.map(String)).toContain("Error: mine");
  });

  test("a root that is taken away keeps its index, and is followed again when it is back", async () => {
    const { root, index, watch, errors } = await watchFolder({ "a/x.py": "def x(): pass\n" });
    await rename(root, `${root}-away`);
    onTestFinished(() => rm(`${root}-away`, { recursive: true, force: true }));
    await expect.poll(() => errors.length, { timeout: 5_000 }).toBeGreaterThan(0);
    expect(errors[0]).toSatisfy((error) => isAgentOSError(error, "PROJECT_ROOT_MISSING"));
    expect(watch.live).toBe(false);
    expect(await symbolCount(index)).toBe(1);
    await mkdir(root);
    await writeFiles(root, { "b/y.py": "def y(): pass\ndef z(): pass\n" });
    await expect.poll(() => symbolCount(index), { timeout: 10_000 }).toBe(2);
    await writeFile(join(root, "b/y.py"), "def y(): pass\n");
    await watch.settled();
    expect(await symbolCount(index)).toBe(1);
    expect(watch.live).toBe(onLinux);
  });

  test("pipes and sockets do not disturb it", async ({ skip }) => {
    const { root, index, watch, errors } = await watchFolder({ "a.py": "def a(): pass\n" });
    try {
      execFileSync("mkfifo", [join(root, "pipe.py")]);
    } catch {
      skip("mkfifo is not installed");
    }
    await rm(join(root, "a.py"));
    execFileSync("mkfifo", [join(root, "a.py")]);
    await watch.settled();
    expect(await symbolCount(index)).toBe(0);
    expect(errors).toEqual([]);
  });
});
