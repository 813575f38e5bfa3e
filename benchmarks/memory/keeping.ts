import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Scope, throwIfAborted } from "@agentos/core";
import { MemoryStore } from "@agentos/memory";
import { Store } from "@agentos/store";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { seededRandom } from "../lib/random.js";
import { type MemoryBench, withMemory } from "./context.js";

const MEMORIES = 100_000;
const QUERIES = 2_000;
const SCOPES: readonly Scope[] = [
  { level: "user" },
  { level: "shared" },
  ...["a", "b", "a:b", "c"].map((id) => ({ level: "project", id }) as const),
  ...["a", "b"].map((id) => ({ level: "agent", id }) as const),
];

/**
 * Whether what is exported and imported is exported again byte for byte, 100,000 memories with versions among them; and how many
 * memories of 2,000 questions about some scopes each came from another scope.
 */
export async function keepingPart(bench: MemoryBench): Promise<PartResult> {
  const first = await imported(bench, generated(bench));
  const second = await imported(bench, first.lines());
  await first.remove();
  const identical = second.digest === first.digest;
  await second.remove();
  return {
    metrics: [
      { name: "export.identical", value: identical ? 1 : 0, unit: "score", target: { atLeast: 1 } },
      { name: "scope.leaks", value: await leaks(bench), unit: "count", target: { atMost: 0 } },
    ],
    notes: [
      `import of ${MEMORIES}: ${(first.ms / 1000).toFixed(1)} s, again: ${(second.ms / 1000).toFixed(1)} s`,
    ],
  };
}

interface Imported {
  /** SHA-256 of what it exports. */
  readonly digest: string;
  /** How long the import took. */
  readonly ms: number;
  lines(): AsyncIterable<string>;
  remove(): Promise<void>;
}

/** Imports lines into a store of its own, and looks at what that exports. */
async function imported(
  bench: MemoryBench,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<Imported> {
  const { folder, signal } = bench;
  const dir = await mkdtemp(join(folder, "keeping-"));
  const store = await Store.open({ dir });
  const memory = await MemoryStore.open({ store, nearDuplicates: "keep" });
  const progress = new Progress(bench.progress, "memories imported", MEMORIES);
  const started = performance.now();
  let told = 0;
  const onProgress = ({ memories }: { readonly memories: number }): void => {
    for (; told < memories; told++) progress.tick();
  };
  await memory.import(lines, { signal, onProgress });
  const ms = performance.now() - started;
  progress.end();
  const hash = createHash("sha256");
  for await (const line of memory.export({ signal })) hash.update(line);
  return {
    digest: hash.digest("hex"),
    ms,
    lines: () => memory.export({ signal }),
    remove: async () => {
      await memory.close();
      await store.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Lines of an export, made by rule: every tenth memory has a version before it, some are archived or linked. */
function* generated({ signal }: MemoryBench): Generator<string> {
  const random = seededRandom("agentos-keeping-1");
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
  yield line({ type: "agentos-memory", format: 1 });
  yield line({ type: "alias", old: "project:old", now: "project:a" });
  const links: string[] = [];
  const audit: string[] = [];
  for (let at = 0; at < MEMORIES; at++) {
    throwIfAborted(signal);
    const id = `m${String(at).padStart(7, "0")}`;
    const words = Array.from({ length: 12 }, () => Math.floor(random() * 5_000).toString(36)).join(" ");
    const memory = {
      id,
      content: `${words} é “${at}”`,
      kind: "fact",
      scope: SCOPES[Math.floor(random() * SCOPES.length)],
      tags: at % 3 === 0 ? ["t"] : [],
      importance: Math.round(random() * 100) / 100,
      trust: "own",
      ...(at % 5 === 0 && { metadata: { z: at, a: "b" } }),
      validFrom: at,
      recordedAt: at,
    };
    const old = {
      record: { memory: { ...memory, content: `${words} before` } },
      change: "remembered",
      until: at + 1,
    };
    const record =
      at % 10 === 0
        ? {
            memory,
            version: 2,
            since: at + 1,
            ...(at % 20 === 0 && { archivedAt: at + 1 }),
            change: "corrected",
          }
        : { memory, change: "remembered" };
    yield line({ type: "memory", record, past: at % 10 === 0 ? [old] : [] });
    if (at % 50 === 1)
      links.push(
        line({
          type: "link",
          link: { from: id, type: "relates", to: `m${String(at - 1).padStart(7, "0")}` },
        }),
      );
    audit.push(line({ type: "audit", entry: { at, id, version: 1, change: "remembered" } }));
  }
  yield* links;
  yield* audit;
}

/** Memories of a scope that was not asked for, over questions about random sets of scopes. */
async function leaks(bench: MemoryBench): Promise<number> {
  const random = seededRandom("agentos-scopes-1");
  const words = (length: number): string =>
    Array.from({ length }, () => Math.floor(random() * 60).toString(36)).join(" ");
  const inputs = Array.from({ length: 4_000 }, () => ({
    content: words(6),
    scope: SCOPES[Math.floor(random() * SCOPES.length)] as Scope,
  }));
  const name = ({ level, id = "" }: Scope): string => JSON.stringify([level, id]);
  return withMemory(bench, { nearDuplicates: "keep" }, inputs, async (memory) => {
    let count = 0;
    for (let at = 0; at < QUERIES; at++) {
      const scopes = SCOPES.filter(() => random() < 0.3);
      const asked = new Set(scopes.map(name));
      const options = { scopes, limit: 50, signal: bench.signal };
      for (const { memory: found } of await memory.recall(words(3), options))
        if (!asked.has(name(found.scope))) count += 1;
      for (const { memory: found } of await memory.passages(words(3), options))
        if (!asked.has(name(found.scope))) count += 1;
    }
    return count;
  });
}
