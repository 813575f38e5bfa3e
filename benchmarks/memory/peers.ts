import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { throwIfAborted } from "@agentos/core";

/** A vector store that the memory's is measured beside. */
export interface VectorPeer {
  readonly name: string;
  /** Places of the nearest ten vectors, best first. */
  search(query: readonly number[]): Promise<readonly number[]>;
}

/** How a peer is installed and filled. */
export interface PeerSource {
  readonly name: string;
  /** Packages with their versions. */
  readonly packages: readonly string[];
  /** The file that is loaded, in `node_modules`. */
  readonly entry: string;
  readonly fill: (module: unknown, vectors: readonly (readonly number[])[]) => Promise<VectorPeer["search"]>;
}

const LIMIT = 10;

/** The slice of mem0's vector store that is used. It keeps vectors in SQLite, here in memory. */
interface Mem0Module {
  readonly MemoryVectorStore: new (config: {
    readonly collectionName: string;
    readonly dimension: number;
    readonly dbPath: string;
  }) => {
    insert(
      vectors: readonly (readonly number[])[],
      ids: readonly string[],
      payloads: readonly object[],
    ): Promise<void>;
    search(query: readonly number[], limit: number): Promise<readonly { readonly id: string }[]>;
  };
}

/** The slice of LangChain's vector store that is used. */
interface LangChainModule {
  readonly MemoryVectorStore: new (
    embeddings: object,
  ) => {
    addVectors(vectors: readonly (readonly number[])[], documents: readonly object[]): Promise<void>;
    similaritySearchVectorWithScore(
      query: readonly number[],
      limit: number,
    ): Promise<readonly (readonly [{ readonly metadata: { readonly place: number } }, number])[]>;
  };
}

const MEM0: PeerSource = {
  name: "mem0",
  packages: ["mem0ai@3.3.1", "better-sqlite3@12.6.2"],
  entry: "mem0ai/dist/oss/index.mjs",
  async fill(module, vectors) {
    const { MemoryVectorStore } = module as Mem0Module;
    const dimension = vectors[0]?.length ?? 0;
    const store = new MemoryVectorStore({ collectionName: "bench", dimension, dbPath: ":memory:" });
    const places = vectors.map((_, place) => place);
    await store.insert(
      vectors,
      places.map(String),
      places.map((place) => ({ data: `memory ${place}` })),
    );
    return async (query) => (await store.search(query, LIMIT)).map(({ id }) => Number(id));
  },
};

const LANGCHAIN: PeerSource = {
  name: "langchain",
  packages: ["@langchain/classic@1.0.50", "@langchain/core@1.4.0"],
  entry: "@langchain/classic/dist/vectorstores/memory.js",
  async fill(module, vectors) {
    const { MemoryVectorStore } = module as LangChainModule;
    const store = new MemoryVectorStore({});
    const documents = vectors.map((_, place) => ({ pageContent: `memory ${place}`, metadata: { place } }));
    await store.addVectors(vectors, documents);
    return async (query) =>
      (await store.similaritySearchVectorWithScore(query, LIMIT)).map(([{ metadata }]) => metadata.place);
  },
};

/** The peers, in the versions that are measured. */
export const PEERS: readonly PeerSource[] = [MEM0, LANGCHAIN];

/**
 * Installs a peer with npm into a folder beside the benchmark's own packages, once, and fills it. Rejects when it cannot be
 * installed or does not load here.
 */
export async function openPeer(
  source: PeerSource,
  vectors: readonly (readonly number[])[],
  options: {
    readonly signal: AbortSignal;
    /** Where peers are installed. @default in the benchmark's `node_modules` */
    readonly cache?: string;
  },
): Promise<VectorPeer> {
  const { signal, cache = cacheFolder() } = options;
  throwIfAborted(signal);
  const folder = await install(source, cache, signal);
  const module: unknown = await import(pathToFileURL(join(folder, "node_modules", source.entry)).href);
  return { name: source.name, search: await source.fill(module, vectors) };
}

async function install({ name, packages }: PeerSource, cache: string, signal: AbortSignal): Promise<string> {
  const version = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 12);
  const folder = join(cache, `${name}-${version}`);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  // Their optional peers are dozens of packages, none of which is used here.
  const flags = ["--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error"];
  await promisify(execFile)("npm", ["install", ...flags, ...packages], { cwd: folder, signal });
  await writeFile(complete, "");
  return folder;
}

/** In the benchmark's `node_modules`, which is found from where this code runs: the sources in a test, else `dist`. */
function cacheFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return join(folder, "node_modules", ".cache", "agentos-peers");
}
