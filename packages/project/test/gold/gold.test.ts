import { cp, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProjectIndex, type Reference, TreeSitterParser } from "../../src/index.js";
import {
  described,
  edgesOf,
  type GoldAnswer,
  type GoldReference,
  isRight,
  percentOf,
  type Share,
  shareOf,
} from "./score.js";
import { KNOWN_USES } from "./uses.js";

const code = fileURLToPath(new URL("code", import.meta.url));
const references: readonly GoldReference[] = JSON.parse(
  await readFile(new URL("references.json", import.meta.url), "utf8"),
);

let folder: string;
let store: Store;
let parser: TreeSitterParser;
let index: ProjectIndex;
const answers: GoldAnswer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agentos-gold-"));
  store = await Store.open({ dir: join(folder, "store") });
  parser = await TreeSitterParser.open();
  index = await ProjectIndex.open({ root: await copied(join(folder, "code")), store, parser });
  await index.index();
  for (const reference of references) {
    const { path, line, column } = reference;
    answers.push({ reference, found: await index.definition(path, { line, column }) });
  }
}, 240_000);

afterAll(async () => {
  await index?.close();
  await parser?.close();
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The snapshot in a folder of its own; its manifests are not called so here, where tools would take them for ours. */
async function copied(root: string): Promise<string> {
  await cp(code, root, { recursive: true });
  for (const name of await readdir(root, { recursive: true }))
    if (name.endsWith("package.json.txt"))
      await rename(join(root, name), join(root, name.slice(0, -".txt".length)));
  return root;
}

const leadsSomewhere = ({ reference }: GoldAnswer): boolean => reference.expect.length > 0;
const positives = (): readonly GoldAnswer[] => answers.filter(leadsSomewhere);
const negatives = (): readonly GoldAnswer[] => answers.filter((answer) => !leadsSomewhere(answer));

describe("the set", () => {
  test("is large, and of every kind", () => {
    expect(references.length).toBeGreaterThanOrEqual(330);
    expect(negatives().length).toBeGreaterThanOrEqual(40);
    for (const role of ["call", "type", "read", "write", "inherit", "import"] as const)
      expect(references.filter((one) => one.role === role).length).toBeGreaterThanOrEqual(8);
    const places = references.map(({ path, line, column }) => `${path}:${line}:${column}`);
    expect(new Set(places).size).toBe(references.length);
  });

  test("names what stands in the files", async () => {
    const texts = new Map<string, readonly string[]>();
    for (const path of new Set(references.flatMap((one) => [one.path, ...one.expect.map((at) => at.path)])))
      texts.set(path, (await readFile(join(code, path), "utf8")).split("\n"));
    for (const { path, line, column, name, expect: expected, confidence } of references) {
      expect(texts.get(path)?.[line - 1]?.slice(column, column + name.length)).toBe(name);
      for (const place of expected) expect(texts.get(place.path)?.[place.line - 1]).toBeTruthy();
      const [first] = expected;
      expect(confidence).toBe(first === undefined ? "none" : first.path === path ? "exact" : "import");
    }
  });
});

describe("definitions", () => {
  test("what is found, and what is missed", () => {
    console.log(report());
    expect(answers).toHaveLength(references.length);
  });

  test("edges within a file are right", () => {
    expect(percentOf(edgesOf(answers, "exact"))).toBeGreaterThanOrEqual(97);
  });

  test("edges to other files are right", () => {
    expect(percentOf(edgesOf(answers, "import"))).toBeGreaterThanOrEqual(97);
  });

  test("names that lead nowhere are left alone", () => {
    expect(percentOf(shareOf(negatives()))).toBeGreaterThanOrEqual(95);
  });

  test("names that lead somewhere are followed", () => {
    expect(percentOf(shareOf(positives()))).toBeGreaterThanOrEqual(90);
  });
});

describe("references", () => {
  test.each(KNOWN_USES)("$name of $path", async ({ path, line, name, uses }) => {
    const text = (await readFile(join(code, path), "utf8")).split("\n")[line - 1] ?? "";
    const found = await index.references(path, { line, column: text.indexOf(name) });
    const written = ({ path: file, line: at, role }: Reference): string => `${file}:${at} ${role}`;
    expect(found.map(written).sort()).toEqual([...uses].sort());
    expect(found.every((one) => one.confidence === (one.path === path ? "exact" : "import"))).toBe(true);
  });
});

function report(): string {
  const found = positives();
  const rows: (readonly [string, Share])[] = [
    ["edges within a file, precision", edgesOf(answers, "exact")],
    ["edges to other files, precision", edgesOf(answers, "import")],
    ["negatives kept", shareOf(negatives())],
    ["recall", shareOf(found)],
    ...grouped("recall, role", found, ({ reference }) => reference.role),
    ...grouped("recall, place", found, ({ reference }) => reference.confidence),
    ...grouped("recall, files", found, ({ reference }) => extname(reference.path)),
  ];
  const lines = rows.map(
    ([name, share]) => `${name.padEnd(34)}${share.right} of ${share.total}`.padEnd(52) + percent(share),
  );
  const misses = answers.filter((answer) => !isRight(answer)).map(described);
  return [...lines, `${misses.length} misses:`, ...misses].join("\n");
}

function grouped(
  title: string,
  all: readonly GoldAnswer[],
  key: (answer: GoldAnswer) => string,
): readonly (readonly [string, Share])[] {
  return [...new Set(all.map(key))]
    .sort()
    .map((name) => [`${title} ${name}`, shareOf(all.filter((answer) => key(answer) === name))] as const);
}

function percent(share: Share): string {
  return `${percentOf(share).toFixed(1)} %`;
}
