import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { type MemoryInput, MemoryStore, type MemoryStoreOptions } from "@agentos/memory";
import { Store } from "@agentos/store";
import type { ProgressStream } from "../lib/progress.js";

/** What every part of the benchmark works with. */
export interface MemoryBench {
  /** Folder of the data sets. */
  readonly data: string;
  /** A folder for stores, which is removed afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: ProgressStream;
}

const TOGETHER = 256;

/** Remembers many, some at once: they share an fsync, and each is durable when its promise resolves. */
export async function rememberAll(
  memory: MemoryStore,
  inputs: readonly MemoryInput[],
  signal: AbortSignal,
  onDone: () => void = () => {},
): Promise<void> {
  for (let at = 0; at < inputs.length; at += TOGETHER) {
    throwIfAborted(signal);
    await Promise.all(inputs.slice(at, at + TOGETHER).map((input) => memory.remember(input).then(onDone)));
  }
}

/** Opens a memory over a new store that holds some memories, for the time of some work. */
export async function withMemory<Result>(
  { folder, signal }: Pick<MemoryBench, "folder" | "signal">,
  options: Omit<MemoryStoreOptions, "store">,
  inputs: readonly MemoryInput[],
  work: (memory: MemoryStore) => Promise<Result>,
): Promise<Result> {
  const dir = await mkdtemp(join(folder, "store-"));
  const store = await Store.open({ dir });
  try {
    const memory = await MemoryStore.open({ ...options, store });
    try {
      await rememberAll(memory, inputs, signal);
      return await work(memory);
    } finally {
      await memory.close();
    }
  } finally {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  }
}
