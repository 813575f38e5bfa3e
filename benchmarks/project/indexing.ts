import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfAborted } from "@agentos/core";
import { ProjectIndex } from "@agentos/project";
import { Store } from "@agentos/store";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { sample, seededRandom } from "../lib/random.js";
import type { ProjectBench } from "./context.js";

/** How often each repository is indexed, parsed and read by ctags, in turns; a time is the median. */
const ROUNDS = 3;
/** After so long a change counts as that late: in a file that is broken on purpose what is new may not be found. */
const LONGEST_MS = 5_000;
/** Files that are changed, one at a time. */
const EDITS = 40;

/** A process that parses the very texts that an index does, and nothing else. Says what they are, then how long it took. */
const PARSE = `
const { Store } = await import(${JSON.stringify(import.meta.resolve("@agentos/store"))});
const { ParserPool, ProjectIndex } = await import(${JSON.stringify(import.meta.resolve("@agentos/project"))});
const [root, dir] = process.argv.slice(2);
const store = await Store.open({ dir });
const texts = [];
const parser = {
  outlineVersion: 1,
  outline: async (dialect, text) => {
    texts.push([dialect, text]);
    return { ok: true, symbols: [], imports: [], uses: {} };
  },
};
const index = await ProjectIndex.open({ root, store, parser });
await index.index();
await index.close();
await store.close();
// As an index opens its own.
const pool = await ParserPool.open({ inThreadMs: 150 });
const started = performance.now();
let next = 0;
const worker = async () => {
  while (next < texts.length) {
    const [dialect, text] = texts[next++];
    await pool.parseOnly(dialect, text, { priority: "bulk" }).catch(() => {});
  }
};
await Promise.all(Array.from({ length: pool.concurrency + 8 }, worker));
const ms = performance.now() - started;
await pool.close();
const bytes = texts.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
const lines = texts.reduce((sum, [, text]) => sum + text.split("\\n").length, 0);
process.send({ ms, bytes, lines });
`;

/** A process that indexes and does nothing else. */
const INDEX = `
const { Store } = await import(${JSON.stringify(import.meta.resolve("@agentos/store"))});
const { ProjectIndex } = await import(${JSON.stringify(import.meta.resolve("@agentos/project"))});
const [root, dir] = process.argv.slice(2);
const store = await Store.open({ dir });
const index = await ProjectIndex.open({ root, store });
const started = performance.now();
const { files, symbols, parsed } = await index.index();
const ms = performance.now() - started;
await index.close();
await store.close();
process.send({ ms, rssMb: process.resourceUsage().maxRSS / 1024, files, symbols, parsed });
`;

/** A process that opens an index that is there already, and asks it. */
const OPEN = `
const { Store } = await import(${JSON.stringify(import.meta.resolve("@agentos/store"))});
const { ProjectIndex } = await import(${JSON.stringify(import.meta.resolve("@agentos/project"))});
const [root, dir] = process.argv.slice(2);
const store = await Store.open({ dir });
const started = performance.now();
const index = await ProjectIndex.open({ root, store });
await index.symbols("open");
const ms = performance.now() - started;
await index.close();
await store.close();
process.send({ ms });
`;

/** What a process says, by name. */
type Told = Readonly<Record<string, number>>;

/** How a file of a language begins to define a function. */
const DEFINITION: Readonly<Record<string, (name: string) => string>> = {
  ".py": (name) => `def ${name}():\n    pass\n`,
  ".go": (name) => `func ${name}() {}\n`,
  ".ts": (name) => `function ${name}() {}\n`,
  ".js": (name) => `function ${name}() {}\n`,
  ".rs": (name) => `fn ${name}() {}\n`,
};

/** How long an index takes to be made, and to follow a change. */
export async function indexPart(bench: ProjectBench): Promise<PartResult> {
  const metrics: Metric[] = [];
  const notes: string[] = [];
  const all: ChangeTimes[] = [];
  for (const [number, repo] of bench.repos.entries()) {
    const folder = join(bench.folder, `index-${number}`);
    await mkdir(folder, { recursive: true });
    const measured = await measureRepository(bench, repo, folder);
    metrics.push(...measured.metrics);
    notes.push(...measured.notes);
    all.push(measured.changes);
    await rm(folder, { recursive: true, force: true });
  }
  const p95 = (times: (changes: ChangeTimes) => readonly number[]): number =>
    quantile(all.flatMap(times), 0.95);
  metrics.push(
    { name: "index.one_file_p95_ms", value: p95(({ one }) => one), unit: "ms" },
    { name: "edit_to_queryable_p95_ms", value: p95(({ queryable }) => queryable), unit: "ms" },
    { name: "index.warm_open_ms", value: Math.max(...all.map(({ warm }) => warm)), unit: "ms" },
  );
  return { metrics, notes };
}

async function measureRepository(
  bench: ProjectBench,
  repo: string,
  folder: string,
): Promise<PartResult & { readonly changes: ChangeTimes }> {
  const name = basename(repo);
  const root = join(folder, name);
  const paths = await copyProject(repo, root, folder);
  const list = join(folder, "list");
  await writeFile(list, paths.map((path) => join(root, path)).join("\n"));
  const progress = new Progress(bench.progress, name, 3 * ROUNDS);
  const rounds: { readonly index: Told; readonly parse: Told; readonly ctags: number | undefined }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const index = await tell(bench, folder, INDEX, [root, join(folder, `store-${round}`)]);
    progress.tick();
    const parse = await tell(bench, folder, PARSE, [root, join(folder, `texts-${round}`)]);
    progress.tick();
    rounds.push({ index, parse, ctags: await ctags(bench, list, join(folder, "tags")) });
    progress.tick();
  }
  progress.end();
  const median = (value: (round: (typeof rounds)[number]) => number): number =>
    quantile(rounds.map(value), 0.5);
  const cold = median(({ index }) => index.ms ?? 0);
  const parsing = median(({ parse }) => parse.ms ?? 0);
  const { bytes = 0, lines = 0 } = rounds[0]?.parse ?? {};
  const { files = 0, symbols = 0 } = rounds[0]?.index ?? {};
  const hasCtags = rounds.every(({ ctags: ms }) => ms !== undefined);
  const warm = await tell(bench, folder, OPEN, [root, join(folder, "store-0")]);
  const changes = await changeTimes(bench, root, join(folder, "store-0"), paths);
  return {
    metrics: [
      { name: `index.${name}.cold_ms`, value: cold, unit: "ms" },
      { name: `index.${name}.mb_per_s`, value: bytes / 1e3 / cold, unit: "per_s" },
      {
        name: `index.${name}.rss_mb`,
        value: Math.max(...rounds.map(({ index }) => index.rssMb ?? 0)),
        unit: "mb",
        target: { atMost: 500 },
      },
      {
        name: `index.${name}.over_parse_only`,
        value: cold / parsing,
        unit: "ratio",
        target: { atMost: 2.5 },
      },
      ...(hasCtags
        ? [
            {
              name: `index.${name}.speedup_vs_ctags`,
              value: median(({ ctags: ms }) => ms ?? 0) / cold,
              unit: "ratio" as const,
            },
          ]
        : []),
    ],
    notes: [
      `index.${name}: ${files} files, of which ${(bytes / 1e6).toFixed(1)} MB in ${Math.round(lines)} lines are parsed; ${symbols} symbols; parsing alone took ${Math.round(parsing)} ms`,
      ...(hasCtags ? [] : [`index.${name}: ctags is not installed, so it is not compared`]),
    ],
    changes: { ...changes, warm: warm.ms ?? 0 },
  };
}

/** Copies the files that are in an index of a project, so that they can be changed. Their paths. */
async function copyProject(repo: string, root: string, folder: string): Promise<readonly string[]> {
  const store = await Store.open({ dir: join(folder, "listing") });
  const paths: string[] = [];
  try {
    const nothing = { ok: true, symbols: [], imports: [], uses: {} };
    const parser = { outlineVersion: 1, outline: async () => nothing };
    const index = await ProjectIndex.open({ root: repo, store, parser });
    await index.index({ onProgress: ({ path }) => void paths.push(path) });
    await index.close();
  } finally {
    await store.close();
  }
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(join(repo, path), join(root, path));
  }
  return paths;
}

/** Runs a program in a new process, and resolves to what it sends. */
async function tell(
  bench: ProjectBench,
  folder: string,
  program: string,
  args: readonly string[],
): Promise<Told> {
  throwIfAborted(bench.signal);
  const script = join(folder, "program.mjs");
  await writeFile(script, program);
  const child = fork(script, [...args], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    signal: bench.signal,
  });
  let told: Told | undefined;
  child.on("message", (message: Told) => {
    told = message;
  });
  await ended(child);
  if (told === undefined) throw new Error(`A process ended with ${child.exitCode} before it said anything.`);
  return told;
}

/** Milliseconds that Universal Ctags takes for the files of a list; undefined where it is not installed. */
async function ctags(bench: ProjectBench, list: string, output: string): Promise<number | undefined> {
  throwIfAborted(bench.signal);
  const started = performance.now();
  const child = spawn("ctags", ["-L", list, "-f", output, "--fields=+nKS"], {
    stdio: "ignore",
    signal: bench.signal,
  });
  try {
    await ended(child);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return performance.now() - started;
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, "exit");
}

/** Milliseconds of each change. */
interface ChangeTimes {
  /** A changed file asked for its outline. */
  readonly one: readonly number[];
  /** From before a file is written until a watched index gives what is new in it. */
  readonly queryable: readonly number[];
  /** A new process opens the index and has an answer. */
  readonly warm: number;
}

async function changeTimes(
  bench: ProjectBench,
  root: string,
  dir: string,
  paths: readonly string[],
): Promise<Omit<ChangeTimes, "warm">> {
  const random = seededRandom("agentos-index-edits-1");
  const known = paths.filter((path) => DEFINITION[extname(path)] !== undefined);
  const edited = sample(known, Math.min(2 * EDITS, known.length), random);
  const store = await Store.open({ dir });
  const index = await ProjectIndex.open({ root, store });
  try {
    const one: number[] = [];
    for (const path of edited.slice(0, EDITS)) {
      throwIfAborted(bench.signal);
      await appendFile(join(root, path), "\n");
      const started = performance.now();
      await index.outline(path);
      one.push(performance.now() - started);
    }
    const watch = index.watch({ signal: bench.signal });
    await watch.ready;
    const queryable: number[] = [];
    for (const [number, path] of edited.slice(EDITS).entries()) {
      throwIfAborted(bench.signal);
      const name = `addedByTheBenchmark${number}`;
      const text = `${await readFile(join(root, path), "utf8")}\n${DEFINITION[extname(path)]?.(name) ?? ""}`;
      const started = performance.now();
      await writeFile(join(root, path), text);
      const isOver = (): boolean => performance.now() - started > LONGEST_MS;
      while ((await index.symbols(name, { limit: 1 }))[0]?.name !== name && !isOver()) {
        throwIfAborted(bench.signal);
        await nextTurn();
      }
      queryable.push(performance.now() - started);
    }
    await watch.close();
    return { one, queryable };
  } finally {
    await index.close();
    await store.close();
  }
}
