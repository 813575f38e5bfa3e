import { readdir, stat } from "node:fs/promises";
import { arch, platform, release } from "node:os";
import { join } from "node:path";
import { GUARANTEES, type Guarantee, LANGUAGES, type Language } from "@agentos/core";
import type { LearnerStats } from "@agentos/learn";
import type { MemoryStats } from "@agentos/memory";
import type { Availability } from "@agentos/sandbox";
import type { AgentOS } from "./agentos.js";

/** What one language can be judged with. */
export interface LanguageDiagnosis {
  readonly language: Language;
  /** Drivers that run it here, in the order in which they are tried. */
  readonly drivers: readonly string[];
  /** Every guarantee that some driver gives for it. */
  readonly guarantees: readonly Guarantee[];
}

/** What this machine can do, found by trying. */
export interface Diagnosis {
  /** For example "20.20.0". */
  readonly node: string;
  /** For example "linux x64 6.1.0". */
  readonly platform: string;
  readonly dir: string;
  readonly project?: { readonly root: string; readonly id: string; readonly from: string };
  readonly drivers: readonly { readonly name: string; readonly availability: Availability }[];
  readonly languages: readonly LanguageDiagnosis[];
  /** What could be added, each with the command that adds it. */
  readonly remedies: readonly string[];
}

/** What is kept, in figures. */
export interface AgentOSStats {
  readonly memory: MemoryStats;
  readonly learner: LearnerStats;
  readonly project?: unknown;
  /** Journalled solves. */
  readonly solves: number;
  readonly store: {
    /** Batches written so far. */
    readonly sequence: number;
    /** On the disk. */
    readonly bytes: number;
  };
}

/** Tries every driver and says what is there. */
export async function diagnose(agentos: AgentOS): Promise<Diagnosis> {
  const drivers = await agentos.sandbox.drivers();
  const remedies = drivers.flatMap(({ name, availability }) =>
    availability.available
      ? availability.notes.map((note) => `${name}: ${note}`)
      : [`${name}: ${availability.reason.replace(/\.$/, "")}; ${availability.remedy}`],
  );
  return {
    node: process.versions.node,
    platform: `${platform()} ${arch()} ${release()}`,
    dir: agentos.dir,
    ...(agentos.project &&
      agentos.identity && {
        project: { root: agentos.project.root, id: agentos.identity.id, from: agentos.identity.from },
      }),
    drivers,
    languages: LANGUAGES.map((language) => {
      const able = drivers.flatMap(({ name, availability }) =>
        availability.available && availability.languages.includes(language)
          ? [{ name, guarantees: availability.guarantees }]
          : [],
      );
      return {
        language,
        drivers: able.map(({ name }) => name),
        guarantees: GUARANTEES.filter((guarantee) =>
          able.some((driver) => driver.guarantees.includes(guarantee)),
        ),
      };
    }),
    remedies,
  };
}

/** Gathers the figures of every engine. */
export async function gatherStats(agentos: AgentOS): Promise<AgentOSStats> {
  const project = await agentos.project?.stats();
  return {
    memory: await agentos.memory.stats(),
    learner: await agentos.learner.stats(),
    ...(project !== undefined && { project }),
    solves: (await agentos.journal.solves()).length,
    store: { sequence: agentos.store.sequence, bytes: await sizeOf(join(agentos.dir, "store")) },
  };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    // The database replaces its files while they are counted.
    else
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
  }
  return bytes;
}
