import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "@agentos/core";
import { MemoryStore } from "@agentos/memory";
import { Store } from "@agentos/store";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { seededRandom } from "../lib/random.js";
import type { MemoryBench } from "./context.js";

const CRASHES = 40;
const FAILOVERS = 10;

/** A process that remembers without end, and says what was acknowledged. */
const WRITER = `
const { Store } = await import(${JSON.stringify(import.meta.resolve("@agentos/store"))});
const { MemoryStore } = await import(${JSON.stringify(import.meta.resolve("@agentos/memory"))});
const [dir, name, shared] = process.argv.slice(2);
const store = await Store.open({ dir, shared: shared === "shared" });
const memory = await MemoryStore.open({ store, nearDuplicates: "keep" });
process.send({ role: store.role });
store.onRole((role) => process.send({ role }));
let n = 0;
const work = async () => {
  for (;;) {
    const content = "said " + name + " " + n++;
    const { id } = await memory.remember({ content, scope: { level: "user" } });
    process.send({ id, content });
  }
};
await Promise.all(Array.from({ length: shared === "shared" ? 1 : 16 }, work));
`;

interface Told {
  readonly role?: string;
  readonly id?: string;
  readonly content?: string;
}

/**
 * A process that remembers is killed at random moments, again and again over one store: how many acknowledged memories were
 * lost, and how often the store did not open. Then three processes share a memory while its owner is killed: how long until
 * another one's memory is acknowledged again, at worst.
 */
export async function crashPart(bench: MemoryBench): Promise<PartResult> {
  const script = join(await mkdtemp(join(bench.folder, "crash-")), "writer.mjs");
  await writeFile(script, WRITER);
  const crashes = await crash(bench, script);
  const failovers = await failover(bench, script);
  return {
    metrics: [
      { name: "crash.lost", value: crashes.lost + failovers.lost, unit: "count", target: { atMost: 0 } },
      { name: "crash.unloadable", value: crashes.unloadable, unit: "count", target: { atMost: 0 } },
      { name: "failover_ms", value: failovers.ms, unit: "ms", target: { atMost: 2_000 } },
    ],
    notes: [
      `${CRASHES} kills, ${crashes.acknowledged} memories acknowledged; ${FAILOVERS} owners killed, ${failovers.acknowledged} acknowledged`,
    ],
  };
}

async function crash(
  bench: MemoryBench,
  script: string,
): Promise<{ readonly lost: number; readonly unloadable: number; readonly acknowledged: number }> {
  const random = seededRandom("agentos-crash-1");
  const dir = await mkdtemp(join(bench.folder, "crash-"));
  const said = new Map<string, string>();
  const progress = new Progress(bench.progress, "kills", CRASHES);
  let lost = 0;
  let unloadable = 0;
  for (let kill = 0; kill < CRASHES; kill++) {
    throwIfAborted(bench.signal);
    const child = fork(script, [dir, String(kill), "alone"], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    child.on("message", ({ id, content }: Told) => {
      if (id !== undefined) said.set(id, content ?? "");
    });
    await once(child, "message");
    await delay(random() * 400);
    await ended(child);
    try {
      lost += await missing(dir, said, false);
    } catch {
      unloadable += 1;
    }
    progress.tick();
  }
  progress.end();
  return { lost, unloadable, acknowledged: said.size };
}

async function failover(
  bench: MemoryBench,
  script: string,
): Promise<{ readonly ms: number; readonly lost: number; readonly acknowledged: number }> {
  const dir = await mkdtemp(join(bench.folder, "failover-"));
  const said = new Map<string, string>();
  const owners = new Set<ChildProcess>();
  const children = new Set<ChildProcess>();
  let told = (): void => {};
  const start = (name: string): void => {
    const child = fork(script, [dir, name, "shared"], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
    children.add(child);
    child.on("message", ({ role, id, content }: Told) => {
      if (role === "owner") owners.add(child);
      if (id === undefined) return;
      said.set(id, content ?? "");
      told();
    });
  };
  const progress = new Progress(bench.progress, "owners killed", FAILOVERS);
  let worst = 0;
  try {
    for (let at = 0; at < 3; at++) start(`first${at}`);
    for (let kill = 0; kill < FAILOVERS; kill++) {
      throwIfAborted(bench.signal);
      for (const before = said.size; said.size < before + 50 || owners.size === 0; ) await delay(5);
      const [owner] = owners;
      if (owner === undefined) break;
      owners.delete(owner);
      children.delete(owner);
      await ended(owner);
      const killed = performance.now();
      // What the dead owner had acknowledged is told by now.
      await new Promise<void>((resolve) => {
        told = resolve;
      });
      worst = Math.max(worst, performance.now() - killed);
      start(`next${kill}`);
      progress.tick();
    }
  } finally {
    progress.end();
    await Promise.all([...children].map(ended));
  }
  return { ms: worst, lost: await missing(dir, said, true), acknowledged: said.size };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, "close");
  child.kill("SIGKILL");
  await gone;
}

/** How many of the acknowledged memories are not there, or there twice. */
async function missing(dir: string, said: ReadonlyMap<string, string>, shared: boolean): Promise<number> {
  const store = await Store.open({ dir, shared });
  try {
    const memory = await MemoryStore.open({ store, nearDuplicates: "keep" });
    const there = new Map<string, string>();
    for await (const { id, content } of memory.list()) there.set(id, content);
    await memory.close();
    const twice = there.size - new Set(there.values()).size;
    return [...said].filter(([id, content]) => there.get(id) !== content).length + twice;
  } finally {
    await store.close();
  }
}
