import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../../src/project-index.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

async function openIndex(
  root: string,
  options: Partial<Parameters<typeof ProjectIndex.open>[0]> = {},
): Promise<ProjectIndex> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  const index = await ProjectIndex.open({ root, store, parser, ...options });
  onTestFinished(() => index.close());
  return index;
}

const BROKEN: Readonly<Record<string, string | Uint8Array>> = {
  "binary.py": new Uint8Array([0x64, 0x65, 0x66, 0, 1, 2, 255]),
  "utf16le.py": Buffer.from("\ufeffdef little(): pass\n", "utf16le"),
  "utf16be.py": Buffer.from("\ufeffdef big(): pass\n", "utf16le").swap16(),
  "utf16odd.py": Buffer.concat([Buffer.from("\ufeffdef odd(): pass\n", "utf16le"), Buffer.from([0x41])]),
  "latin1.py": Buffer.from("# caf\u00e9\ndef latin(): pass\n", "latin1"),
  "invalid.py": Buffer.concat([
    Buffer.from("def valid(): pass\n# "),
    Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80]),
  ]),
  "bom.py": "\ufeffdef marked(): pass\n",
  "long.js": `const long = "${"x".repeat(10 * 1_048_576)}";\n`,
  "almost.js": `const almost = "${"x".repeat(1_000_000)}";\n`,
  "empty.ts": "",
  "crlf.ts": "export function carriage() {}\r\n\r\nexport class Lines {}\r\n",
  "deep.py": `x = ${"(".repeat(50_000)}${")".repeat(50_000)}\ndef below(): pass\n`,
  " a b.py": "def spaces(): pass\n",
  "new\nline.py": "def newline(): pass\n",
  "back\\slash.py": "def backslash(): pass\n",
  "\u00fc/\u{1f600}.py": "def smile(): pass\n",
  ".hidden/dot.py": "def dot(): pass\n",
  "[a]{b}*?.py": "def glob(): pass\n",
};

test("whatever is in the files, the index and the watch go on, and both know the same", async () => {
  const root = await temporaryFolder(BROKEN);
  await symlink(".", join(root, "loop"));
  await symlink("../..", join(root, "\u00fc", "up"));
  await symlink("loop/loop/loop", join(root, "chain"));
  const index = await openIndex(root);
  const report = await index.index();
  expect(report.files).toBe(Object.keys(BROKEN).length);
  expect(report.skipped).toEqual(
    expect.arrayContaining([
      { path: "binary.py", reason: "binary" },
      { path: "long.js", reason: "large" },
    ]),
  );
  const names = [
    "little",
    "big",
    "latin",
    "valid",
    "marked",
    "almost",
    "carriage",
    "Lines",
    "spaces",
    "newline",
    "backslash",
    "smile",
    "dot",
    "glob",
  ];
  for (const name of names) expect((await index.symbols(name, { limit: 1 }))[0]?.name, name).toBe(name);

  const empty = await temporaryFolder();
  const watched = await openIndex(empty);
  const errors: unknown[] = [];
  const watch = watched.watch({ onError: (error) => errors.push(error) });
  await watch.ready;
  await writeFiles(empty, BROKEN);
  await symlink(".", join(empty, "loop"));
  await watch.settled();
  await watch.settled();
  const { files, bytes, symbols, languages, skipped } = await index.stats();
  expect(await watched.stats()).toMatchObject({ files, bytes, symbols, languages, skipped });
  expect(errors).toEqual([]);
});

test("files that vanish between the walk and the reading are not there, and are no error", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, number) => [`d${number % 10}/f${number}.py`, `def f${number}(): pass\n`]),
  );
  const root = await temporaryFolder(files);
  const index = await openIndex(root);
  let isRemoved: Promise<unknown> | undefined;
  await index.index({
    onProgress: () => {
      isRemoved ??= Promise.all([0, 3, 5].map((number) => rm(join(root, `d${number}`), { recursive: true })));
    },
  });
  await isRemoved;
  const { files: left } = await index.index();
  expect(left).toBe(210);
  expect((await index.stats()).files).toBe(210);
});

test("there are no more files than are allowed, and the others are named with the reason", async () => {
  const root = await temporaryFolder({ "a.py": "", "b.py": "", "c.py": "", "d.py": "" });
  const index = await openIndex(root, { maxFiles: 3 });
  const report = await index.index();
  expect(report).toMatchObject({ files: 3, skipped: [{ path: "d.py", reason: "limit" }] });
  const watch = index.watch();
  await watch.ready;
  await writeFile(join(root, "e.py"), "def e(): pass\n");
  await watch.settled();
  expect((await index.stats()).files).toBe(3);
  await rm(join(root, "a.py"));
  await watch.settled();
  await writeFile(join(root, "e.py"), "def e(): pass\n# again\n");
  await watch.settled();
  expect((await index.stats()).files).toBe(3);
  expect((await index.symbols("e"))[0]?.path).toBe("e.py");
});
