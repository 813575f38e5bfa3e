/** Asked of the realm by the module that imports the entry, once the entry has been evaluated to its end. */
export const LOADED = ":loaded";

/** Handed to the realm together with the namespace of a module that the judge asked for. */
export const TAKEN = ":taken";

/** Name of the global by which the modules that stand for others reach their value. */
export const VALUE_FUNCTION = "__agentosModuleValue";

/** Built-in modules that programs may import, without `node:`. */
export const BUILTIN_NAMES: readonly string[] = [
  "test",
  "assert",
  "assert/strict",
  "process",
  "console",
  "timers",
  "timers/promises",
  "perf_hooks",
  "util",
  "events",
  "fs",
];
