import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Guarantee } from "@agentos/core";
import { assetPath } from "../assets.js";
import type { DriverContext, DriverFactory } from "../driver.js";
import { type ChildProgram, OneShotChild } from "../one-shot/child.js";
import { OneShotDriver } from "../one-shot/driver.js";
import { errorText, memoryGuarantee, runsAsRoot } from "../one-shot/facts.js";
import { childFile, packageFolder } from "../one-shot/package-files.js";
import { PYODIDE_REALM } from "../python/pyodide-realm.js";
import { SETUP } from "../python/setup.js";
import { openSnapshot, writeSnapshot } from "../python/snapshot.js";

const guarantees: readonly Guarantee[] = ["filesystem", "network", "processes", ...memoryGuarantee];
const languages = ["python"] as const;

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
      await installation.tryStart();
      const notes = ["no threads, no packages beyond the standard library"];
      return { available: true, mechanism: "wasm", guarantees, languages, notes };
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
    return new OneShotDriver({
      name: "pyodide",
      mechanism: "wasm",
      guarantees,
      languages,
      prepare: () => installation.ensureSnapshot(),
      program: () => installation.program(installation.snapshot),
      enforced: (limits) => [
        `wall time ${limits.wallMs} ms`,
        `memory ${Math.floor(limits.memoryBytes / 1024 / 1024)} MiB (WebAssembly memory${memoryGuarantee.length > 0 ? ", process watched from outside" : ""})`,
        "WebAssembly interpreter with files in memory only",
        "JavaScript context without functions of the host, no code from strings",
        "process may read nothing but Pyodide's own files (Node's permission model)",
        "one process for the run, with an empty environment",
        ...(runsAsRoot() ? ["unprivileged user"] : []),
      ],
    });
  },
};

/** Pyodide on this machine, and its snapshot in a cache folder. */
class Installation {
  readonly #folder: string;
  readonly #harness: string;
  readonly #path: string;
  #found = false;

  constructor(context: DriverContext) {
    const require = createRequire(import.meta.url);
    this.#folder = realpathSync(dirname(require.resolve("pyodide")));
    this.#harness = realpathSync(assetPath("harness.py"));
    const manifest = JSON.parse(readFileSync(join(this.#folder, "package.json"), "utf8")) as {
      version: string;
    };
    // Whatever goes into the memory, and whatever lays it out, is part of the name.
    const content = createHash("sha256")
      .update([SETUP, PYODIDE_REALM, readFileSync(this.#harness, "utf8")].join("\0"))
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

  async tryStart(): Promise<void> {
    const child = new OneShotChild(this.program(this.snapshot));
    const timer = setTimeout(() => child.kill(), START_LIMIT_MS);
    try {
      await child.ready;
    } finally {
      clearTimeout(timer);
      child.kill();
      await child.gone;
    }
  }

  program(snapshot: string | undefined): ChildProgram {
    return this.#program(snapshot ?? "");
  }

  #program(snapshot: string): ChildProgram {
    const readable = [join(realpathSync(packageFolder()), "*"), join(this.#folder, "*")];
    if (snapshot !== "" && snapshot !== "make") readable.push(snapshot);
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const stable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
    return {
      name: "pyodide",
      file: realpathSync(childFile("pyodide")),
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
      args: [this.#folder, this.#harness, snapshot],
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
