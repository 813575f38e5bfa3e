import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "@agentos/store";
import { onTestFinished } from "vitest";
import { Learner } from "../../src/learner.js";
import type { LearnerOptions } from "../../src/options.js";

/** A time later than that of every outcome in the tests which does not say otherwise. */
export const NOW = 1_000_000;

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "agentos-learn-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export async function openStore(dir?: string): Promise<Store> {
  const store = await Store.open({ dir: dir ?? (await temporaryFolder()) });
  onTestFinished(() => store.close());
  return store;
}

export async function openLearner(options: Partial<LearnerOptions> = {}): Promise<Learner> {
  const store = options.store ?? (await openStore());
  const learner = await Learner.open({ clock: () => NOW, ...options, store });
  onTestFinished(() => learner.close());
  return learner;
}
