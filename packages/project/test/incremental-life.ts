import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Store } from "@agentos/store";
import fc from "fast-check";
import type { FileRecord } from "../src/files/file-record.js";
import { ImportGraph } from "../src/graph/import-graph.js";
import type { ProjectIndex } from "../src/project-index.js";

const FILES = [
  "src/a.ts",
  "src/b.ts",
  "src/lib/c.ts",
  "src/lib/index.ts",
  "py/m.py",
  "py/pkg/n.py",
  "py/pkg/__init__.py",
  "go/x/x.go",
  "go/y/y.go",
  "go/y/y_test.go",
  "test/a.test.ts",
  "notes.md",
] as const;
const FOLDERS = ["src", "src/lib", "py", "py/pkg", "go/x", "go/y", "test", "moved", "moved/deep"] as const;
const CONTENTS: readonly string[] = [
  'import { beta } from "./b.js";\nexport function alpha(): number {\n  return beta() + 1;\n}\n',
  'import { gamma } from "./lib/c.js";\nexport const beta = () => gamma(1);\nexport class Beta { run() { return beta(); } }\n',
  "export function gamma(n: number) { return n; }\nexport default gamma;\n",
  'export * from "./c.js";\nexport { gamma as delta } from "./c.js";\n',
  'import { alpha } from "../src/a.js";\nalpha();\n',
  "from pkg.n import area\nfrom pkg import Shape\n\ndef alpha():\n    return area(Shape())\n",
  "def area(shape):\n    return shape.size()\n\nclass Shape:\n    def size(self):\n        return 1\n",
  "from .n import area, Shape\n",
  'package x\n\nimport "example.org/p/go/y"\n\nfunc Alpha() int { return y.Beta() }\n',
  "package y\n\n// Beta is one.\nfunc Beta() int { return 1 }\n\ntype Gamma struct{}\n",
  'package y\n\nimport "testing"\n\nfunc TestBeta(t *testing.T) { Beta() }\n',
  "alpha, beta and gamma are names.\n",
  "",
  "((( alpha",
  "\0binary",
  "\ufeffdef beta(): pass\n",
];

const file = fc.constantFrom(...FILES);
const folder = fc.constantFrom(...FOLDERS);
const content = fc.constantFrom(...CONTENTS);

/** What may become of a project, one thing at a time. */
export type Step =
  | { readonly type: "write"; readonly file: string; readonly content: string }
  | { readonly type: "append"; readonly file: string; readonly content: string }
  | { readonly type: "delete" | "revert" | "link" | "chmod"; readonly file: string }
  | { readonly type: "move"; readonly from: string; readonly to: string }
  | { readonly type: "delete folder" | "repository" | "no repository"; readonly folder: string }
  | { readonly type: "ignore"; readonly folder: string; readonly rules: string }
  | { readonly type: "branch"; readonly name: string }
  | { readonly type: "commit" };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("write" as const), file, content }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("append" as const), file, content }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom("delete" as const, "revert" as const, "link" as const, "chmod" as const),
      file,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("move" as const), from: file, to: file }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("move" as const), from: folder, to: folder }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom("delete folder" as const, "repository" as const, "no repository" as const),
      folder,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("ignore" as const),
      folder: fc.constantFrom("", "src", "py", "moved"),
      rules: fc.constantFrom("", "lib/\n", "*.py\n!m.py\n", "/src/\n", "*.go\n", "b.ts\n!lib\n"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("branch" as const), name: fc.constantFrom("main", "other") }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "commit" as const }) },
);

/** A few steps, each of one or more things that happen at once. */
export function lives(most: number): fc.Arbitrary<readonly (readonly Step[])[]> {
  return fc.array(fc.array(STEP, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: most });
}

function git(root: string, ...args: string[]): void {
  const settings = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "core.excludesFile=/dev/null"];
  execFileSync("git", [...settings, ...args], { cwd: root, stdio: "ignore" });
}

/** Makes a repository with two branches of some files. */
export async function begin(root: string): Promise<void> {
  const put = async (files: Readonly<Record<string, number>>): Promise<void> => {
    for (const [path, number] of Object.entries(files)) await write(root, path, CONTENTS[number] ?? "");
  };
  git(root, "init", "-q", "-b", "main");
  await write(root, "go.mod", "module example.org/p\n\ngo 1.19\n");
  await put({
    "src/a.ts": 0,
    "src/b.ts": 1,
    "src/lib/c.ts": 2,
    "py/m.py": 5,
    "py/pkg/n.py": 6,
    "notes.md": 11,
  });
  await put({ "go/x/x.go": 8, "go/y/y.go": 9 });
  git(root, "add", "-A");
  git(root, "commit", "-q", "-m", "one");
  git(root, "checkout", "-q", "-b", "other");
  await put({ "src/lib/index.ts": 3, "test/a.test.ts": 4, "py/pkg/__init__.py": 7, "go/y/y_test.go": 10 });
  await rm(join(root, "src/b.ts"));
  await write(root, ".gitignore", "*.md\n");
  git(root, "add", "-A");
  git(root, "commit", "-q", "-m", "two");
  git(root, "checkout", "-q", "main");
}

/** Lets one thing happen; nothing where it cannot. */
export async function happen(root: string, step: Step): Promise<void> {
  try {
    switch (step.type) {
      case "write":
        return await write(root, step.file, step.content);
      case "append":
        return await writeFile(join(root, step.file), step.content, { flag: "a" });
      case "delete":
        return await rm(join(root, step.file), { force: true });
      case "revert":
        return git(root, "checkout", "-q", "--", step.file);
      case "link":
        await rm(join(root, step.file), { force: true });
        return await symlink("../notes.md", join(root, step.file));
      case "chmod":
        return await chmod(join(root, step.file), (await lstat(join(root, step.file))).mode ^ 0o022);
      case "move":
        await mkdir(dirname(join(root, step.to)), { recursive: true });
        return await rename(join(root, step.from), join(root, step.to));
      case "delete folder":
        return await rm(join(root, step.folder), { recursive: true, force: true });
      case "repository":
        return await write(root, `${step.folder}/.git/HEAD`, "ref: refs/heads/main\n");
      case "no repository":
        return await rm(join(root, step.folder, ".git"), { recursive: true, force: true });
      case "ignore":
        return await writeFile(join(root, step.folder, ".gitignore"), step.rules);
      case "branch":
        return git(root, "checkout", "-q", "-f", step.name);
      case "commit":
        git(root, "add", "-A");
        return git(root, "commit", "-q", "-m", "more");
    }
  } catch {
    // What a step speaks of may not be there: then nothing happens.
  }
}

async function write(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** The collections in which a project's records are kept. */
export function collectionOf(root: string): string {
  return `project.${createHash("sha256").update(root).digest("hex").slice(0, 16)}`;
}

/** Takes all that a store knows of a project out of it. */
export async function forget(store: Store, root: string): Promise<void> {
  for (const name of [`${collectionOf(root)}.files`, `${collectionOf(root)}.meta`]) {
    const collection = store.collection(name);
    const keys: string[] = [];
    for await (const [key] of collection.entries()) keys.push(key);
    if (keys.length > 0) await store.write(keys.map((key) => collection.delete(key)));
  }
}

const NAME = /[\p{L}_][\p{L}\p{N}_]*/gu;

/** All that an index knows and answers, but for times. */
export async function contents(index: ProjectIndex, store: Store): Promise<unknown> {
  const { parsedSinceOpen: _parsed, indexedAt: _at, ...stats } = await index.stats();
  const records: FileRecord[] = [];
  const names = new Map<string, unknown>();
  for await (const [, record] of store.collection<FileRecord>(`${collectionOf(index.root)}.files`).entries())
    records.push(record);
  records.sort((left, right) => (left.path < right.path ? -1 : 1));
  const graph = new ImportGraph(records);
  const answers: unknown[] = [];
  for (const { path, hash, dialect } of records) {
    answers.push([path, await index.outline(path), await index.affectedTests([path], { limit: 50 })]);
    if (hash === undefined || dialect === undefined) continue;
    const lines = (await readFile(join(index.root, path), "utf8")).split("\n");
    // The first name that is asked for in each file, and the last one.
    const places = lines.flatMap((text, at) =>
      [...text.matchAll(NAME)].map(({ index: column }) => ({ line: at + 1, column })),
    );
    for (const at of new Set([places[places.length >> 1], places.at(-1)])) {
      if (at === undefined) continue;
      names.set(`${path}:${at.line}:${at.column}`, [
        await index.definition(path, at),
        await index.references(path, at),
      ]);
    }
  }
  return {
    stats,
    records: records.map(({ mtimeMs: _mtime, ctimeMs: _ctime, readAt: _read, ...record }) => record),
    edges: records.map(({ path }) => [path, [...graph.importersOf(path)].sort()]),
    answers,
    names: [...names],
    named: await index.symbols("a", { limit: 1_000 }),
    relevant: await index.relevantSymbols("alpha beta gamma size area shape", { limit: 1_000 }),
    found: await index.searchText("alpha", { limit: 1_000 }),
    pattern: await index.searchText("(be|gam)\\w+", { limit: 1_000, regex: true }),
  };
}
