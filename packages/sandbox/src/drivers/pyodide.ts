import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Guarantee, RunLimit } from "@agentos/core";
import { assetFolder } from "../assets.js";
import type { DriverContext, DriverFactory } from "../driver.js";
import { CellPaths, type Cells } from "../one-shot/cells.js";
import { type ChildProgram, OneShotChild } from "../one-shot/child.js";
import { OneShotDriver } from "../one-shot/driver.js";
import {
  enforcedFromOutside,
  errorText,
  HELD_FROM_OUTSIDE,
  memoryGuarantee,
  tryChild,
  unwalled,
  workingCells,
} from "../one-shot/facts.js";
import { childFile } from "../one-shot/package-files.js";
import { pythonModules } from "../python/modules.js";
import { PYODIDE_REALM } from "../python/pyodide-realm.js";
import { SETUP } from "../python/setup.js";
import { openSnapshot, writeSnapshot } from "../python/snapshot.js";

/**
 * Whether Node's permission model, which stands behind the context in which Pyodide lives, covers the network. Where it does
 * not and there is no cell, one layer of JavaScript is all that keeps Python from it: too little for a promise.
 */
const PERMISSIONS_COVER_NETWORK = process.allowedNodeEnvironmentFlags.has("--allow-net");

function guaranteesOf(cells: Cells | undefined): readonly Guarantee[] {
  if (cells) return [...new Set([...cells.guarantees, ...memoryGuarantee])];
  return [
    "filesystem",
    ...(PERMISSIONS_COVER_NETWORK ? (["network"] as const) : []),
    "processes",
    ...memoryGuarantee,
  ];
}

const NO_NETWORK =
  'network: without bubblewrap the process of Pyodide itself could connect; apt-get install bubblewrap, or ask for less: needs: ["filesystem"]';

/** Its files lie in its memory, and their number is not bounded; processes there are none. */
const limits: readonly RunLimit[] = [...HELD_FROM_OUTSIDE, "processes"];
const languages = ["python"] as const;

const TRIAL_MEMORY_BYTES = 256 * 1024 * 1024;

/** A cold start takes a few seconds; on a loaded machine more. */
const START_LIMIT_MS = 60_000;

/**
 * Python in Pyodide (CPython compiled to WebAssembly), in a process of its own. Needs nothing but Node. A memory snapshot
 * in the cache folder, made at the first use, brings the start down from seconds to a fraction of one.
 */
export const pyodideDriver: DriverFactory = {
  name: "pyodide",
  async probe(context) {
    try {
      const installation = new Installation(context);
      await installation.ensureSnapshot();
      const { cells, why } = await installation.findCells();
      if (!cells) await tryChild(installation.program(TRIAL_MEMORY_BYTES), START_LIMIT_MS);
      const notes = [
        "no threads, no packages beyond the standard library",
        ...unwalled(why),
        ...(cells || PERMISSIONS_COVER_NETWORK ? [] : [NO_NETWORK]),
      ];
      const guarantees = guaranteesOf(cells);
      return { available: true, mechanism: "wasm", guarantees, limits, languages, notes };
    } catch (error) {
      return {
        available: false,
        reason: `Pyodide does not start: ${errorText(error)}`,
        remedy: "install the dependencies of @agentos/sandbox again",
      };
    }
  },
  async open(context) {
    const installation = new Installation(context);
    await installation.ensureSnapshot();
    const { cells } = await installation.findCells();
    return new OneShotDriver({
      name: "pyodide",
      mechanism: "wasm",
      guarantees: guaranteesOf(cells),
      limits,
      languages,
      ...(context.spares === undefined ? {} : { spares: context.spares }),
      separates: languages,
      program: (job) => installation.program(job.limits.memoryBytes, cells),
      enforced: (bounds) => [
        ...enforcedFromOutside(bounds, "WebAssembly memory", cells),
        "WebAssembly interpreter with files in memory only",
        "JavaScript context without functions of the host, no code from strings",
        "process may read nothing but Pyodide's own files (Node's permission model)",
      ],
    });
  },
};

/** Pyodide on this machine, and its snapshot in a cache folder. */
class Installation {
  readonly #folder: string;
  readonly #assets: string;
  readonly #path: string;
  #found = false;

  constructor(context: DriverContext) {
    const require = createRequire(import.meta.url);
    this.#folder = realpathSync(dirname(require.resolve("pyodide")));
    this.#assets = realpathSync(assetFolder());
    const manifest = JSON.parse(readFileSync(join(this.#folder, "package.json"), "utf8")) as {
      version: string;
    };
    // Whatever goes into the memory, and whatever lays it out, is part of the name.
    const content = createHash("sha256")
      .update([SETUP, PYODIDE_REALM, pythonModules(this.#assets)].join("\0"))
      .digest("hex")
      .slice(0, 12);
    const name = `pyodide-${manifest.version}-node-${process.versions.node}-${content}.snapshot`;
    this.#path = join(context.cacheDir, name);
  }

  /** Path of the snapshot, or undefined when there is none. */
  get snapshot(): string | undefined {
    return this.#found ? this.#path : undefined;
  }

  /** Makes the snapshot unless a whole one is there. Without one, a start is slow but works, so a full disk is no error. */
  async ensureSnapshot(): Promise<void> {
    this.#found = openSnapshot(this.#path) !== undefined;
    if (this.#found) return;
    const bytes = await this.#makeSnapshot();
    try {
      await writeSnapshot(this.#path, bytes);
      this.#found = true;
    } catch {
      this.#found = false;
    }
  }

  /** Cells in which it starts, if any. */
  findCells(): Promise<{ readonly cells?: Cells; readonly why?: string }> {
    return workingCells((cells) => this.program(TRIAL_MEMORY_BYTES, cells), START_LIMIT_MS);
  }

  /** How a child with the snapshot is started, if there is one. */
  program(memoryBytes: number, cells?: Cells): ChildProgram {
    // The snapshot may go at any time, and a start without it is only slow.
    const snapshot = this.snapshot !== undefined && existsSync(this.snapshot) ? this.snapshot : "";
    return this.#program(snapshot, memoryBytes, cells);
  }

  #program(snapshot: string, memoryBytes = 0, cells?: Cells): ChildProgram {
    const child = realpathSync(childFile("pyodide"));
    const file = snapshot !== "" && snapshot !== "make";
    const paths = new CellPaths({
      [child]: "/agentos/pyodide.cjs",
      [this.#folder]: "/agentos/pyodide",
      [this.#assets]: "/agentos/assets",
      ...(file ? { [snapshot]: "/agentos/memory.snapshot" } : {}),
    });
    const at = (path: string): string => (cells ? paths.inside(path) : path);
    const readable = [at(child), join(at(this.#folder), "*"), join(at(this.#assets), "*")];
    const memory = file ? at(snapshot) : snapshot;
    if (file) readable.push(memory);
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const stable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
    return {
      name: "pyodide",
      file: at(child),
      nodeOptions: [
        "--no-warnings",
        stable ? "--permission" : "--experimental-permission",
        ...readable.map((path) => `--allow-fs-read=${path}`),
        "--experimental-vm-modules",
        "--disallow-code-generation-from-strings",
        // Compiling with the optimizing compiler costs more than it gains in runs this short.
        "--liftoff-only",
        "--stack-size=4000",
      ],
      args: [at(this.#folder), at(this.#assets), memory],
      ...(cells ? { cell: { cells, binds: paths.binds, memoryBytes } } : {}),
    };
  }

  async #makeSnapshot(): Promise<Uint8Array> {
    const child = new OneShotChild(this.#program("make"));
    const chunks: Buffer[] = [];
    child.onEarlyOutput = (stream, chunk) => {
      if (stream === "stdout") chunks.push(chunk);
    };
    const timer = setTimeout(() => child.kill(), START_LIMIT_MS);
    try {
      await child.ready;
      await child.gone;
    } finally {
      clearTimeout(timer);
      child.kill();
    }
    return Buffer.concat(chunks);
  }
}
