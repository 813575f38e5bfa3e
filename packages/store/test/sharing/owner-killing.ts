import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { Store } from "../../src/index.js";

const WRITER = fileURLToPath(new URL("../children/sharing-writer.mjs", import.meta.url));
const PROCESSES = 3;
/** Some work between two kills. */
const WORK_MS = [100, 500] as const;
const PATIENCE_MS = 15_000;

interface Worker {
  readonly child: ChildProcess;
  role: string;
  readonly acknowledged: Map<string, number>;
  /** When the last batch was acknowledged, and how long each took. */
  readonly batches: { readonly at: number; readonly ms: number }[];
}

/** What came of killing owners. */
export interface Killing {
  readonly kills: number;
  readonly acknowledged: number;
  /** Of each kill, in milliseconds until each of the others had a batch acknowledged that it asked for after it. */
  readonly failovers: readonly number[];
  /** The longest that a batch of a process that lived took. */
  readonly longestMs: number;
  /** Compactions that came to their end. */
  readonly compactions: number;
}

/**
 * Three processes write and read one store while the one that owns it is killed again and again, and another one takes
 * its place. Checks that nothing that was acknowledged is lost, nothing is applied twice, and every process is told
 * of every batch in order.
 * @param compacts whether the processes compact the store all the time
 */
export async function killOwners(dir: string, kills: number, compacts = false): Promise<Killing> {
  let compactions = 0;
  const wrong: string[] = [];
  const all: Worker[] = [];
  let living: Worker[] = [];
  const start = (): Worker => {
    const name = `p${all.length}`;
    const child = spawn(process.execPath, [WRITER, dir, name, compacts ? "compacts" : ""], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const worker: Worker = { child, role: "", acknowledged: new Map(), batches: [] };
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [word = "", first = "", second = "", third = ""] = line.split(" ");
        if (word === "role") worker.role = first;
        else if (word === "ack") {
          worker.acknowledged.set(first, Number(second));
          worker.batches.push({ at: performance.now(), ms: Number(third) });
        } else if (word === "compacted") compactions += 1;
        else if (word !== "unknown") wrong.push(`${name}: ${line}`);
      }
    });
    child.stderr?.on("data", (chunk: Buffer) => wrong.push(`${name}: ${chunk}`));
    child.once("exit", (code) => {
      if (living.includes(worker)) wrong.push(`${name} ended with ${code}`);
    });
    all.push(worker);
    return worker;
  };
  onTestFinished(() => {
    for (const { child } of all) child.kill("SIGKILL");
  });

  living = Array.from({ length: PROCESSES }, start);
  const failovers: number[] = [];
  for (let kill = 0; kill < kills && wrong.length === 0; kill++) {
    await until(() => living.every(({ batches }) => batches.length > 0), wrong);
    await sleep(WORK_MS[0] + Math.random() * (WORK_MS[1] - WORK_MS[0]));
    await until(() => living.some(({ role }) => role === "owner"), wrong);
    const owner = living.find(({ role }) => role === "owner") as Worker;
    living = living.filter((worker) => worker !== owner);
    const killed = performance.now();
    owner.child.kill("SIGKILL");
    // A batch that took less time than has passed since was asked for after it.
    const served = ({ batches }: Worker): boolean => batches.some(({ at, ms }) => at - ms - 2 > killed);
    await until(() => living.every(served), wrong);
    failovers.push(performance.now() - killed);
    living.push(start());
  }
  const last = living;
  living = [];
  await Promise.all(last.map(({ child }) => end(child)));
  expect(wrong).toEqual([]);

  const acknowledged = all.flatMap((worker) => [...worker.acknowledged]);
  expect(new Set(acknowledged.map(([, sequence]) => sequence)).size).toBe(acknowledged.length);
  const store = await Store.open({ dir, shared: true });
  try {
    expect(store.role).toBe("owner");
    const keys = new Set<string>();
    for await (const [key, value] of store.collection<{ key: string }>("items").entries()) {
      expect(value.key).toBe(key);
      keys.add(key);
    }
    expect(acknowledged.filter(([key]) => !keys.has(key))).toEqual([]);
    // Each batch put one key that no other did: one that was applied twice would be one too many.
    expect(store.sequence).toBe(keys.size);
  } finally {
    await store.close();
  }
  expect((await Store.check({ dir })).findings).toEqual([]);
  const longestMs = Math.max(...last.flatMap(({ batches }) => batches.map(({ ms }) => ms)));
  return { kills: failovers.length, acknowledged: acknowledged.length, failovers, longestMs, compactions };
}

async function until(done: () => boolean, wrong: readonly string[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!done() && wrong.length === 0) {
    if (performance.now() > deadline) throw new Error("nothing happens any more");
    await sleep(5);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}
