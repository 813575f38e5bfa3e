import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { type Guarantee, RUN_LIMITS, type RunLimit } from "@agentos/core";
import type { DriverFactory } from "../driver.js";
import { CellPaths, type Cells } from "../one-shot/cells.js";
import type { ChildProgram } from "../one-shot/child.js";
import { OneShotDriver } from "../one-shot/driver.js";
import {
  enforcedFromOutside,
  errorText,
  memoryGuarantee,
  tryChild,
  unwalled,
  workingCells,
} from "../one-shot/facts.js";
import { CAN_METER } from "../one-shot/meter.js";
import { childFile, realmFile } from "../one-shot/package-files.js";

/** How children are started, by their memory: it is bounded from the start, so others are of another kind. */
type Programs = (memoryBytes: number) => ChildProgram;

/** Throws when isolated-vm is not installed. */
function programs(cells: Cells | undefined): Programs {
  const library = realpathSync(createRequire(import.meta.url).resolve("isolated-vm"));
  const loader = findLoader(library);
  const paths = new CellPaths({
    [childFile("isolate")]: "/agentos/isolate.cjs",
    [realmFile()]: "/agentos/realm.js",
    [dirname(library)]: "/agentos/isolated-vm",
    ...(loader === undefined ? {} : { [loader]: "/agentos/node_modules/node-gyp-build" }),
  });
  const [child = "", realm = "", module = ""] = [childFile("isolate"), realmFile(), library].map((path) =>
    cells ? paths.inside(path) : path,
  );
  return (memoryBytes) => ({
    name: "isolate",
    file: child,
    // isolated-vm crashes in a process that was started from Node's snapshot.
    nodeOptions: ["--no-node-snapshot", "--no-warnings"],
    args: [module, realm, String(memoryBytes)],
    ...(cells ? { cell: { cells, binds: paths.binds, memoryBytes } } : {}),
  });
}

/** The folder of what finds the binary of isolated-vm 6 and newer; older ones need none. */
function findLoader(library: string): string | undefined {
  try {
    return dirname(createRequire(library).resolve("node-gyp-build/package.json"));
  } catch {
    return undefined;
  }
}

const TRIAL_MEMORY_BYTES = 64 * 1024 * 1024;
const TRIAL_MS = 5000;

/** What the isolate gives by itself. */
const own: readonly Guarantee[] = ["filesystem", "network", "processes", ...memoryGuarantee];

function guaranteesOf(cells: Cells | undefined): readonly Guarantee[] {
  return [...new Set([...own, ...(cells?.guarantees ?? [])])];
}

/** All of them: there is no process, descriptor or file to be had inside. */
const limits: readonly RunLimit[] = RUN_LIMITS.filter((limit) => limit !== "cpuMs" || CAN_METER);
const languages = ["javascript", "typescript"] as const;

function findCells(): Promise<{ readonly cells?: Cells; readonly why?: string }> {
  return workingCells((cells) => programs(cells)(TRIAL_MEMORY_BYTES), TRIAL_MS);
}

/**
 * JavaScript and TypeScript in an isolate of V8, in a process of its own, with bubblewrap as a second wall around it where
 * that works. The program has the language and what the realm gives it (modules among its files, `node:test`,
 * `node:assert`, `console`, timers); no file, socket or process exists there.
 */
export const isolateDriver: DriverFactory = {
  name: "isolate",
  async probe() {
    try {
      const { cells, why } = await findCells();
      if (!cells) await tryChild(programs(undefined)(TRIAL_MEMORY_BYTES), TRIAL_MS);
      const notes = unwalled(why);
      const guarantees = guaranteesOf(cells);
      return { available: true, mechanism: "isolate", guarantees, limits, languages, notes };
    } catch (error) {
      return {
        available: false,
        reason: /Cannot find (?:module|package)/.test(errorText(error))
          ? "isolated-vm is not installed, or not compiled for this Node"
          : `isolated-vm does not load: ${errorText(error)}`,
        remedy: "npm install isolated-vm (needs a C++ compiler); in a clone of AgentOS: npm run isolate",
      };
    }
  },
  async open(context) {
    const { cells } = await findCells();
    const programOf = programs(cells);
    return new OneShotDriver({
      name: "isolate",
      mechanism: "isolate",
      guarantees: guaranteesOf(cells),
      limits,
      languages,
      separates: languages,
      ...(context.spares === undefined ? {} : { spares: context.spares }),
      program: (job) => programOf(job.limits.memoryBytes),
      enforced: (bounds) => [
        ...enforcedFromOutside(bounds, "isolate heap", cells),
        "V8 isolate without input or output",
      ],
    });
  },
};
