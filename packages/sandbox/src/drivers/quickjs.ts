import { type Guarantee, RUN_LIMITS, type RunLimit } from "@agentos/core";
import type { DriverFactory } from "../driver.js";
import { OneShotDriver } from "../one-shot/driver.js";
import { enforcedFromOutside, errorText, tryChild } from "../one-shot/facts.js";
import { CAN_METER } from "../one-shot/meter.js";
import { childFile, realmFile } from "../one-shot/package-files.js";

const program = {
  name: "quickjs",
  file: childFile("quickjs"),
  // Calls of the interpreter lie on the native stack, which is 8 MiB on the platforms that Node knows.
  nodeOptions: [
    "--stack-size=6000",
    "--no-warnings",
    "--disallow-code-generation-from-strings",
    // The interpreter's loop gains nothing from the optimizing compiler, which costs more than the start.
    "--liftoff-only",
  ],
  args: [realmFile()],
};

const guarantees: readonly Guarantee[] = ["filesystem", "network", "memory", "processes"];
/** All of them: there is no process, descriptor or file to be had inside. */
const limits: readonly RunLimit[] = RUN_LIMITS.filter((limit) => limit !== "cpuMs" || CAN_METER);
const languages = ["javascript", "typescript"] as const;

/**
 * JavaScript and TypeScript in QuickJS compiled to WebAssembly, in a process of its own. Needs nothing but Node. The same
 * realm as the isolate driver's, on an interpreter that is 20 to 50 times slower than V8 in loops.
 */
export const quickjsDriver: DriverFactory = {
  name: "quickjs",
  async probe() {
    try {
      await tryChild(program, 5000);
      const notes = ["slower than V8: prefer isolate or namespace where they work"];
      return { available: true, mechanism: "wasm", guarantees, limits, languages, notes };
    } catch (error) {
      return {
        available: false,
        reason: `QuickJS does not load: ${errorText(error)}`,
        remedy: "install the dependencies of @agentos/sandbox again",
      };
    }
  },
  async open(context) {
    return new OneShotDriver({
      ...(context.spares === undefined ? {} : { spares: context.spares }),
      name: "quickjs",
      mechanism: "wasm",
      guarantees,
      limits,
      languages,
      separates: languages,
      program: () => program,
      enforced: (limits) => [
        ...enforcedFromOutside(limits, "QuickJS heap"),
        "WebAssembly interpreter without input or output",
      ],
    });
  },
};
