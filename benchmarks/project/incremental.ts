import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { ProjectIndex } from "@agentos/project";
import { Store } from "@agentos/store";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type Random, sample, seededRandom } from "../lib/random.js";
import type { ProjectBench } from "./context.js";

/** How often files are changed, and what is known afterwards compared. */
const ROUNDS = 10;
/** Changes at a time. */
const CHANGES = 8;
/** Files of a repository that take part. */
const FILES = 400;
/** Names whose definitions and uses are asked for each time. */
const NAMES = 40;

/** A file as it was, so that it can become so again. */
interface Before {
  readonly path: string;
  readonly text: string;
}

/** Whether an index that followed edits says what one says that is made anew from the same files. */
export async function incrementalPart(bench: ProjectBench): Promise<PartResult> {
  let differences = 0;
  const notes: string[] = [];
  for (const [number, repo] of bench.repos.entries()) {
    const folder = join(bench.folder, `incremental-${number}`);
    const { compared, different } = await followed(bench, repo, folder);
    differences += different.length;
    notes.push(
      `incremental: ${basename(repo)}, ${compared} answers compared after ${ROUNDS} times ${CHANGES} changes`,
      ...different,
    );
  }
  return {
    metrics: [{ name: "incremental.differences", value: differences, unit: "count", target: { atMost: 0 } }],
    notes,
  };
}

async function followed(
  bench: ProjectBench,
  repo: string,
  folder: string,
): Promise<{ readonly compared: number; readonly different: readonly string[] }> {
  const root = join(folder, "files");
  const random = seededRandom(`incremental ${basename(repo)}`);
  await copySome(repo, root, folder, random);
  const store = await Store.open({ dir: join(folder, "store") });
  const index = await ProjectIndex.open({ root, store });
  const progress = new Progress(bench.progress, `${basename(repo)}: incremental`, ROUNDS);
  const different: string[] = [];
  let compared = 0;
  try {
    await index.index({ signal: bench.signal });
    const changed: Before[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      throwIfAborted(bench.signal);
      for (let change = 0; change < CHANGES; change += 1) await changeOne(index, changed, random);
      await index.index({ signal: bench.signal });
      const names = sample(await namesOf(index), NAMES, random);
      const said = await sayings(index, names);
      const anew = await withIndex(root, join(folder, `anew-${round}`), (fresh) => sayings(fresh, names));
      for (const question of new Set([...said.keys(), ...anew.keys()])) {
        compared += 1;
        if (said.get(question) !== anew.get(question))
          different.push(`incremental: round ${round}, ${question}`);
      }
      progress.tick();
    }
    progress.end();
    return { compared, different };
  } finally {
    await index.close();
    await store.close();
  }
}

/** Copies some of the files that are parsed, and all that say where modules are. */
async function copySome(repo: string, root: string, folder: string, random: Random): Promise<void> {
  await withIndex(repo, join(folder, "whole"), async (index) => {
    const all = (await index.searchFiles("^", { regex: true, limit: 1_000_000 })).map(({ path }) => path);
    const rules = /(?:^|\/)(?:package\.json|tsconfig[^/]*\.json|go\.mod|Cargo\.toml|pyproject\.toml)$/;
    const parsed: string[] = [];
    for (const path of all) if ((await index.outline(path)).length > 0) parsed.push(path);
    for (const path of [...all.filter((one) => rules.test(one)), ...sample(parsed, FILES, random)]) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await cp(join(repo, path), join(root, path));
    }
  });
}

/** Edits, moves, takes away, or brings back one file. */
async function changeOne(index: ProjectIndex, changed: Before[], random: Random): Promise<void> {
  const what = random();
  const back = changed.at(-1);
  if (what < 0.25 && back !== undefined) {
    changed.pop();
    await mkdir(dirname(join(index.root, back.path)), { recursive: true });
    await writeFile(join(index.root, back.path), back.text);
    return;
  }
  const files = (await index.searchFiles("^", { regex: true, limit: 1_000_000 })).map(({ path }) => path);
  const [path] = sample(files, 1, random);
  if (path === undefined) return;
  const file = join(index.root, path);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return;
  changed.push({ path, text });
  const lines = text.split("\n");
  const at = Math.floor(random() * lines.length);
  if (what < 0.6) await writeFile(file, [...lines.slice(0, at), ...lines.slice(at + 1)].join("\n"));
  else if (what < 0.75)
    await writeFile(file, [...lines.slice(0, at), lines[at], ...lines.slice(at)].join("\n"));
  else if (what < 0.9) await rename(file, join(dirname(file), `moved-${basename(file)}`));
  else await rm(file);
}

async function namesOf(index: ProjectIndex): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const letter of "abcdefghijklmnopqrstuvwxyz")
    for (const { name } of await index.symbols(letter, { limit: 100 })) names.add(name);
  return [...names];
}

/** What an index says, by question. */
async function sayings(index: ProjectIndex, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const said = new Map<string, string>();
  const note = (question: string, answer: unknown): void => void said.set(question, JSON.stringify(answer));
  const files = await index.searchFiles("^", { regex: true, limit: 1_000_000 });
  note("files", files);
  for (const { path } of files) {
    note(`outline of ${path}`, await index.outline(path));
    note(`tests of ${path}`, await index.affectedTests([path]));
  }
  note("cycles", await index.graph.cycles());
  for (const name of names) {
    note(`lines with ${name}`, await index.searchText(name, { word: true, limit: 1_000 }));
    for (const symbol of await index.symbols(name, { limit: 3 })) {
      const at = await index.graph.place(symbol);
      if (at === undefined) continue;
      const where = `${symbol.path}:${at.line}:${at.column}`;
      note(`definition at ${where}`, await index.definition(symbol.path, at));
      note(`references at ${where}`, await index.references(symbol.path, at));
    }
  }
  return said;
}

async function withIndex<Result>(
  root: string,
  folder: string,
  work: (index: ProjectIndex) => Promise<Result>,
): Promise<Result> {
  const store = await Store.open({ dir: folder });
  const index = await ProjectIndex.open({ root, store });
  try {
    await index.index();
    return await work(index);
  } finally {
    await index.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
