import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import { describe, expect, onTestFinished, test } from "vitest";
import { parserProgram } from "../src/drivers/pool/program.js";
import { Catalogue } from "../src/files/catalogue.js";
import { ParserPool } from "../src/parser-pool.js";
import { ProjectIndex } from "../src/project-index.js";
import type { SourceParser } from "../src/source-parser.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { temporaryFolder } from "./temporary.js";

/** Files of several languages, of which some are equal, broken, empty, large or no code. */
function project(count: number): Record<string, string> {
  const files: Record<string, string> = {
    "empty.py": "",
    "broken.ts": "export function ( {",
    "large.go": `package p\n${"// x\n".repeat(1_000_000)}`,
    "notes.md": "# Notes\n",
    "package.json": '{ "name": "p" }',
  };
  for (let number = 0; number < count; number += 1) {
    files[`py/m${number}.py`] =
      `import m${number + 1}\n\ndef f${number}(a):\n    return m${number + 1}.f(a)\n`.repeat(
        1 + (number % 40),
      );
    files[`ts/m${number}.ts`] =
      `import { f } from "./m${number + 1}.js";\nexport class C${number} { m() { return f(); } }\n`;
    files[`go/m${number % 7}/m${number}.go`] = `package m\n\nfunc F${number % 5}() int { return 1 }\n`;
  }
  return files;
}

async function openStore(): Promise<Store> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  return store;
}

/** Records without the time at which they were made. */
async function recordsOf(store: Store, root: string, parser: SourceParser): Promise<readonly unknown[]> {
  const catalogue = await Catalogue.open(store, root, parser.outlineVersion);
  const records = catalogue.all().map(({ readAt: _readAt, ...record }) => record);
  catalogue.close();
  return records;
}

async function indexed(root: string, parser: SourceParser): Promise<readonly unknown[]> {
  const store = await openStore();
  const index = await ProjectIndex.open({ root, store, parser });
  const seen: number[] = [];
  const report = await index.index({ onProgress: ({ done }) => void seen.push(done) });
  expect(seen).toEqual(Array.from({ length: report.files }, (_, number) => number + 1));
  await index.close();
  return recordsOf(store, root, parser);
}

describe("records", () => {
  test("are the same for any number of workers, and in this thread", async () => {
    const root = await temporaryFolder(project(60));
    await using here = await TreeSitterParser.open();
    const expected = await indexed(root, here);
    expect(expected).toHaveLength(185);
    for (const workers of [1, 4]) {
      await using pool = await ParserPool.open({ workers });
      expect(await indexed(root, pool)).toEqual(expected);
    }
    await using both = await ParserPool.open({ workers: 2, inThreadMs: 5 });
    expect(await indexed(root, both)).toEqual(expected);
  });

  test("of a text that ends a thread lack its symbols, whatever is asked then, and of no other", async () => {
    const program = join(await temporaryFolder(), "frail.mjs");
    await writeFile(
      program,
      `import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ question }) => { if (question.text.includes("deadly")) process.exit(3); });
await import(${JSON.stringify(pathToFileURL(parserProgram()).href)});
`,
    );
    const root = await temporaryFolder({
      "a.py": "def kept(): pass\n",
      // Long enough that the calling thread leaves it to another one, as it does with what takes long.
      "b.py": `def lost(): pass\n# deadly ${"x".repeat(200_000)}\n`,
      "c.py": "from b import lost\n\nlost()\n",
    });
    await using pool = await ParserPool.open({ workers: 1, inThreadMs: 60_000 }, program);
    await using index = await ProjectIndex.open({ root, store: await openStore(), parser: pool });
    expect((await index.index()).skipped).toEqual([{ path: "b.py", reason: "unparsed" }]);
    expect((await index.symbols("kept")).map(({ path }) => path)).toEqual(["a.py"]);
    expect(await index.references("c.py", { line: 3, column: 0 })).toBeDefined();
    expect((await index.searchText("deadly")).map(({ path }) => path)).toEqual(["b.py"]);
  });

  test("of equal files come of one parse", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, number) => [`f${number}.py`, "def same(): pass\n"]),
    );
    await using pool = await ParserPool.open({ workers: 2 });
    let parses = 0;
    const counting: SourceParser = {
      outlineVersion: pool.outlineVersion,
      concurrency: 20,
      outline: (...args) => {
        parses += 1;
        return pool.outline(...args);
      },
    };
    const index = await ProjectIndex.open({
      root: await temporaryFolder(files),
      store: await openStore(),
      parser: counting,
    });
    expect(await index.index()).toMatchObject({ files: 30, parsed: 1, read: 29, symbols: 30 });
    expect(parses).toBe(1);
    await index.close();
  });
});

describe("while it goes on", () => {
  test("what is there can be asked for, and an index closed by its owner ends its threads", async () => {
    const root = await temporaryFolder(project(80));
    const index = await ProjectIndex.open({ root, store: await openStore() });
    const asked: Promise<{ readonly isFound: boolean; readonly isEarly: boolean }>[] = [];
    let isOver = false;
    await index.index({
      onProgress: ({ path, done, total }) => {
        isOver = done === total;
        const number = /py\/m(\d+)\.py$/.exec(path)?.[1];
        if (number === undefined || done % 10 !== 0) return;
        const name = `f${number}`;
        const ask = index.symbols(name, { path });
        asked.push(ask.then(([found]) => ({ isFound: found?.name === name, isEarly: !isOver })));
      },
    });
    const answers = await Promise.all(asked);
    expect(answers.length).toBeGreaterThan(3);
    expect(answers.every(({ isFound }) => isFound)).toBe(true);
    expect(answers.some(({ isEarly }) => isEarly)).toBe(true);
    await index.close();
  });

  test("cancelled, it keeps what it has done and told of", async () => {
    const root = await temporaryFolder(project(60));
    await using pool = await ParserPool.open({ workers: 2 });
    const index = await ProjectIndex.open({ root, store: await openStore(), parser: pool });
    const stop = new AbortController();
    const told: string[] = [];
    const error = await index
      .index({
        signal: stop.signal,
        onProgress: ({ path, done }) => {
          told.push(path);
          if (done === 50) stop.abort();
        },
      })
      .catch((caught: unknown) => caught);
    expect(isAgentOSError(error, "ABORTED")).toBe(true);
    const { files } = await index.stats();
    expect(files).toBe(told.length);
    expect((await index.index()).files).toBe(185);
    await index.close();
  });

  test("what progress throws ends it, and what was done stands", async () => {
    const root = await temporaryFolder(project(20));
    const index = await ProjectIndex.open({ root, store: await openStore() });
    const failing = index.index({
      onProgress: ({ done }) => {
        if (done === 10) throw new Error("enough");
      },
    });
    await expect(failing).rejects.toThrow("enough");
    expect((await index.stats()).files).toBeGreaterThanOrEqual(10);
    expect((await index.index()).files).toBe(65);
    await index.close();
  });
});
