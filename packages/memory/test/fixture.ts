import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@agentos/store";
import { onTestFinished } from "vitest";
import { MemoryStore, type MemoryStoreOptions } from "../src/index.js";

/** A memory in a folder of its own, with a clock that the test turns. */
export interface Fixture {
  readonly memory: MemoryStore;
  readonly store: Store;
  now: number;
  /** Closes memory and store and opens them again. */
  reopen(options?: Partial<MemoryStoreOptions>): Promise<MemoryStore>;
}

/** Opens a memory; everything is closed and removed when the test is over. */
export async function openMemory(options: Partial<MemoryStoreOptions> = {}): Promise<Fixture> {
  const dir = await mkdtemp(join(tmpdir(), "agentos-memory-"));
  let store = await Store.open({ dir });
  let ids = 0;
  const fixed = { clock: () => fixture.now, ids: () => `m${String(ids++).padStart(5, "0")}` };
  const fixture = {
    now: 1_000,
    memory: undefined as unknown as MemoryStore,
    get store() {
      return store;
    },
    async reopen(others: Partial<MemoryStoreOptions> = options): Promise<MemoryStore> {
      await fixture.memory.close();
      await store.close();
      store = await Store.open({ dir });
      fixture.memory = await MemoryStore.open({ store, ...fixed, ...others });
      return fixture.memory;
    },
  };
  fixture.memory = await MemoryStore.open({ store, ...fixed, ...options });
  onTestFinished(async () => {
    await fixture.memory.close();
    await store.close();
    await rm(dir, { recursive: true, force: true });
  });
  return fixture;
}

/** A folder that is removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "agentos-memory-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
