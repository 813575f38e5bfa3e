import type { Guarantee } from "@agentos/core";
import type { DriverFactory } from "../driver.js";
import { OneShotChild } from "../one-shot/child.js";
import { OneShotDriver } from "../one-shot/driver.js";
import { errorText, memoryGuarantee, runsAsRoot } from "../one-shot/facts.js";
import { childFile } from "../one-shot/package-files.js";

const program = {
  name: "isolate",
  file: childFile("isolate"),
  // isolated-vm crashes in a process that was started from Node's snapshot.
  nodeOptions: ["--no-node-snapshot", "--no-warnings"],
};

const guarantees: readonly Guarantee[] = ["filesystem", "network", "processes", ...memoryGuarantee];
const languages = ["javascript", "typescript"] as const;

/**
 * JavaScript and TypeScript in an isolate of V8, in a process of its own. The program has the language and what the realm
 * gives it (modules among its files, `node:test`, `node:assert`, `console`, timers); no file, socket or process exists there.
 */
export const isolateDriver: DriverFactory = {
  name: "isolate",
  async probe() {
    const child = new OneShotChild(program);
    const timer = setTimeout(() => child.kill(), 5000);
    try {
      await child.ready;
      return { available: true, mechanism: "isolate", guarantees, languages, notes: [] };
    } catch (error) {
      return {
        available: false,
        reason: /Cannot find (?:module|package)/.test(errorText(error))
          ? "isolated-vm is not installed, or not compiled for this Node"
          : `isolated-vm does not load: ${errorText(error)}`,
        remedy: "npm install isolated-vm (needs a C++ compiler)",
      };
    } finally {
      clearTimeout(timer);
      child.kill();
      await child.gone;
    }
  },
  async open() {
    return new OneShotDriver({
      name: "isolate",
      mechanism: "isolate",
      guarantees,
      languages,
      program: () => program,
      enforced: (limits) => [
        `wall time ${limits.wallMs} ms`,
        `memory ${Math.floor(limits.memoryBytes / 1024 / 1024)} MiB (isolate heap${memoryGuarantee.length > 0 ? ", watched from outside" : ""})`,
        "V8 isolate without input or output",
        "one process for the run, with an empty environment",
        ...(runsAsRoot() ? ["unprivileged user"] : []),
      ],
    });
  },
};
