import { join } from "node:path";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { RecordPack } from "../src/files/record-pack.js";
import { ProjectIndex } from "../src/project-index.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { collectionOf } from "./incremental-life.js";
import { temporaryFolder } from "./temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

const FILES = {
  "src/a.ts": 'import { b } from "./b.js";\n/** Adds. */\nexport function a(): number {\n  return b();\n}\n',
  "src/b.ts": "export function b(): number {\n  return 1;\n}\n",
  "test/a.test.ts": 'import { a } from "../src/a.js";\na();\n',
  "tsconfig.json": '{ "compilerOptions": { "baseUrl": "." } }\n',
};

/** What a few queries of each kind say. */
async function said(index: ProjectIndex): Promise<unknown> {
  return [
    await index.symbols("a"),
    await index.search("adds a number"),
    await index.affectedTests(["src/b.ts"]),
    await index.references("src/b.ts", { line: 1, column: 16 }),
    (await index.repoMap({ task: "add", tokens: 400 })).text,
    await index.related("src/a.ts"),
    (await index.graph.impact("src/b.ts")).files,
    (await index.stats()).files,
  ];
}

const DAMAGE: readonly (readonly [string, (record: Record<string, unknown>) => unknown])[] = [
  ["nothing", () => null],
  ["a text", () => "record"],
  ["of another file", (record) => ({ ...record, path: "src/other.ts" })],
  ...[null, 5, "x", [null], [{}], {}, [5]].flatMap((junk) =>
    ["symbols", "imports", "uses", "skipped", "dialect", "hash", "size", "namespaces", "moduleRules"].map(
      (key) =>
        [
          `${JSON.stringify(junk)} as ${key}`,
          (record: Record<string, unknown>) => ({ ...record, [key]: junk }),
        ] as const,
    ),
  ),
  [
    "a symbol without a signature",
    (record) => ({
      ...record,
      symbols: [{ name: "a", kind: "function", line: 1, endLine: 2, signature: null }],
    }),
  ],
];

test("whatever stands in the place of a record, the file is read anew and nothing is said wrong", {
  timeout: 120_000,
}, async () => {
  const root = await temporaryFolder(FILES);
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  const open = () => ProjectIndex.open({ root, store, parser, history: false });
  const first = await open();
  await first.index();
  const right = await said(first);
  await first.close();
  const records = store.collection<unknown>(`${collectionOf(root)}.files`);
  const whole = await records.get("src/a.ts");
  for (const [what, damage] of DAMAGE) {
    await store.write([records.put("src/a.ts", damage(whole as Record<string, unknown>))]);
    const index = await open();
    await index.index();
    expect(await said(index), what).toEqual(right);
    await index.close();
    const again = await open();
    expect(await said(again), `${what}, mended`).toEqual(right);
    await again.close();
  }
});

test("a pack that is another thing is none, and a record in it that is none is absent", () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  const columns = { paths: ["a.ts"], names: [""], symbols: [0], skipped: [] };
  const blocks = (given: unknown, records = "{}") =>
    new Map<string, Uint8Array>([
      ["columns", bytes(typeof given === "string" ? given : JSON.stringify(given))],
      ["times", new Uint8Array(new Float64Array(4).buffer)],
      ["hashes", new Uint8Array(new ArrayBuffer(32))],
      ["ends", new Uint8Array(Uint32Array.of(records.length).buffer)],
      ["records", bytes(records)],
    ]);
  for (const wrong of [
    "{",
    "null",
    "5",
    "{}",
    { ...columns, paths: [5] },
    { ...columns, names: [] },
    { ...columns, skipped: [5] },
  ])
    expect(RecordPack.decode(blocks(wrong))).toBeUndefined();
  expect(RecordPack.decode(new Map([...blocks(columns), ["hashes", new Uint8Array(7)]]))).toBeUndefined();
  expect(RecordPack.decode(new Map([...blocks(columns), ["ends", new Uint8Array(5)]]))).toBeUndefined();
  expect(
    RecordPack.decode(new Map([...blocks(columns), ["ends", new Uint8Array(Uint32Array.of(99).buffer)]])),
  ).toBeUndefined();
  for (const record of ["{", "null", '{"path":"a.ts"}'])
    expect(RecordPack.decode(blocks(columns, record))?.record(0)).toBeUndefined();
});
