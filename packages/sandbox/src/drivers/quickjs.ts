import type { Guarantee } from "@agentos/core";
import type { DriverFactory } from "../driver.js";
import { OneShotChild } from "../one-shot/child.js";
import { OneShotDriver } from "../one-shot/driver.js";
import { errorText, runsAsRoot } from "../one-shot/facts.js";
import { childFile } from "../one-shot/package-files.js";

const program = {
  name: "quickjs",
  file: childFile("quickjs"),
  // Calls of the interpreter lie on the native stack, which is 8 MiB on the platforms that Node knows.
  nodeOptions: ["--stack-size=6000", "--no-warnings", "--disallow-code-generation-from-strings"],
};

const guarantees: readonly Guarantee[] = ["filesystem", "network", "memory", "processes"];
const languages = ["javascript", "typescript"] as const;

/**
 * JavaScript and TypeScript in QuickJS compiled to WebAssembly, in a process of its own. Needs nothing but Node. The same
 * realm as the isolate driver's, on an interpreter that is 20 to 50 times slower than V8 in loops.
 */
export const quickjsDriver: DriverFactory = {
  name: "quickjs",
  async probe() {
    const child = new OneShotChild(program);
    const timer = setTimeout(() => child.kill(), 5000);
    try {
      await child.ready;
      const notes = ["slower than V8: prefer isolate or namespace where they work"];
      return { available: true, mechanism: "wasm", guarantees, languages, notes };
    } catch (error) {
      return {
        available: false,
        reason: `QuickJS does not load: ${errorText(error)}`,
        remedy: "install the dependencies of @agentos/sandbox again",
      };
    } finally {
      clearTimeout(timer);
      child.kill();
      await child.gone;
    }
  },
  async open() {
    return new OneShotDriver({
      name: "quickjs",
      mechanism: "wasm",
      guarantees,
      languages,
      program: () => program,
      enforced: (limits) => [
        `wall time ${limits.wallMs} ms`,
        `memory ${Math.floor(limits.memoryBytes / 1024 / 1024)} MiB (QuickJS heap)`,
        "WebAssembly interpreter without input or output",
        "one process for the run, with an empty environment",
        ...(runsAsRoot() ? ["unprivileged user"] : []),
      ],
    });
  },
};
