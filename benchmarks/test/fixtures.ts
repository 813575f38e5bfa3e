import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

/** Makes a folder with these files, which is removed after the test. Names that end in `.gz` are compressed. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-datasets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, name.endsWith(".gz") && typeof content === "string" ? gzipSync(content) : content);
  }
  return folder;
}

/** Gathers an async iterable. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

/** JSON lines. */
export function lines(...records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** Problems of our own in the published format of HumanEval: a right one, and one whose solution is wrong. */
export const PROBLEMS = {
  double: {
    task_id: "Own/0",
    prompt: 'def double(n):\n    """ Twice n. """\n',
    entry_point: "double",
    canonical_solution: "    if n < 0:\n        return -double(-n)\n    return n * 2\n",
    test: "def check(candidate):\n    assert candidate(3) == 6\n    assert candidate(-2) == -4\n    assert candidate(0) == 0\n",
  },
  wrong: {
    task_id: "Own/1",
    prompt: 'def half(n):\n    """ Half of n. """\n',
    entry_point: "half",
    canonical_solution: "    return n\n",
    test: "def check(candidate):\n    assert candidate(4) == 2\n",
  },
} as const;
