import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { throwIfAborted } from "@agentos/core";
import { ProjectIndex } from "@agentos/project";
import { Store } from "@agentos/store";
import { quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import type { ProjectBench } from "./context.js";

type WatchingBench = Pick<ProjectBench, "folder" | "signal" | "progress">;

const FILES = 50_000;
const FILES_PER_FOLDER = 20;
/** Fresh processes in which the opening is timed. */
const OPENINGS = 7;
const EDITS = 100;

/** How long it takes until a project of 50,000 files that was indexed before is watched, true of its files, and answers. */
export async function watchingPart({ folder, signal, progress }: WatchingBench): Promise<PartResult> {
  const root = join(folder, "watched");
  const dir = join(folder, "watched-store");
  await writeProject(root, signal);
  await indexOnce(root, dir, { signal, progress });
  const openings: Opening[] = [];
  for (let round = 0; round < OPENINGS; round += 1) {
    throwIfAborted(signal);
    openings.push(await openInNewProcess(root, dir, signal));
  }
  const median = (pick: (opening: Opening) => number): number => quantile(openings.map(pick), 0.5);
  const edits = openings.flatMap(({ editMs }) => editMs);
  return {
    metrics: [
      {
        name: "watch.50k_ready_ms",
        value: median(({ readyMs }) => readyMs),
        unit: "ms",
        target: { atMost: 1_000 },
      },
      { name: "watch.50k_rss_mb", value: median(({ rssMb }) => rssMb), unit: "mb" },
      { name: "watch.50k_edit_p95_ms", value: quantile(edits, 0.95), unit: "ms" },
    ],
    notes: [
      `watch: ${FILES} files in ${FILES / FILES_PER_FOLDER} folders; ready = from ProjectIndex.open to a watch that is live, has compared every file, and one answered symbols(); medians of ${OPENINGS} fresh processes, of which open() took ${median(({ openMs }) => openMs).toFixed(0)} ms and the first symbols() ${median(({ askMs }) => askMs).toFixed(0)} ms`,
    ],
  };
}

async function writeProject(root: string, signal: AbortSignal): Promise<void> {
  for (let first = 0; first < FILES; first += FILES_PER_FOLDER) {
    throwIfAborted(signal);
    const folder = join(root, `part${first % 50}`, `module${first}`);
    await mkdir(folder, { recursive: true });
    for (let number = first; number < first + FILES_PER_FOLDER; number += 1)
      await writeFile(join(folder, `file${number}.ts`), textOf(number));
  }
  await writeFile(join(root, ".gitignore"), "node_modules/\ndist/\ncoverage/\n/build/\n*.log\n*.tmp\n.env\n");
}

function textOf(number: number): string {
  const other = (number + 1) % FILES;
  return `import { helper${other} } from "./file${other}.js";

/** Works on item ${number}. */
export function helper${number}(value: number): number {
  return value > 0 ? helper${other}(value - 1) : ${number};
}

export class Service${number} {
  run(): number {
    return helper${number}(1);
  }
}
`;
}

async function indexOnce(
  root: string,
  dir: string,
  { signal, progress: stream }: Omit<WatchingBench, "folder">,
): Promise<void> {
  const store = await Store.open({ dir });
  try {
    const index = await ProjectIndex.open({ root, store });
    const progress = new Progress(stream, "watch", FILES);
    try {
      await index.index({ signal, onProgress: () => progress.tick() });
    } finally {
      progress.end();
      await index.close();
    }
  } finally {
    await store.close();
  }
}

interface Opening {
  readonly readyMs: number;
  /** Of that. */
  readonly openMs: number;
  readonly askMs: number;
  readonly rssMb: number;
  /** From writing a file to an answer that has what was written. */
  readonly editMs: readonly number[];
}

/** The store is open before the clock starts: it is the caller's. */
const PROGRAM = `
import { writeFileSync } from "node:fs";
import { ProjectIndex } from ${JSON.stringify(import.meta.resolve("@agentos/project"))};
import { Store } from ${JSON.stringify(import.meta.resolve("@agentos/store"))};
const [root, dir, edits] = process.argv.slice(1);
const store = await Store.open({ dir });
const began = performance.now();
const index = await ProjectIndex.open({ root, store });
const opened = performance.now();
const watch = index.watch();
await watch.ready;
const watched = performance.now();
const found = await index.symbols("helper4321");
const ready = performance.now();
if (!watch.live || found[0]?.name !== "helper4321") throw new Error("it is not ready");
const rssMb = process.memoryUsage().rss / 1024 ** 2;
const editMs = [];
for (let edit = 0; edit < Number(edits); edit += 1) {
  const name = "edited" + process.pid + "_" + edit;
  const start = performance.now();
  writeFileSync(root + "/part0/module0/file0.ts", "export function " + name + "() {}\\n");
  while ((await index.symbols(name, { limit: 1 }))[0]?.name !== name);
  editMs.push(performance.now() - start);
}
await index.close();
await store.close();
console.log(JSON.stringify({ readyMs: ready - began, openMs: opened - began, askMs: ready - watched, rssMb, editMs }));
`;

async function openInNewProcess(root: string, dir: string, signal: AbortSignal): Promise<Opening> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", PROGRAM, root, dir, String(Math.ceil(EDITS / OPENINGS))],
    { signal },
  );
  return JSON.parse(stdout) as Opening;
}
