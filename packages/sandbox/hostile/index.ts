/**
 * Hostile programs as data, with what runs them: for the tests and the benchmark of the sandbox. Not published.
 * @module
 */
import { BASH_CASES } from "./programs/bash.js";
import { CHEAT_CASES, REQUEST_CASES } from "./programs/cheats.js";
import { GO_CASES } from "./programs/go.js";
import { JAVA_CASES } from "./programs/java.js";
import { JAVASCRIPT_CASES } from "./programs/javascript.js";
import { PYODIDE_CASES } from "./programs/pyodide.js";
import { PYTHON_CASES } from "./programs/python.js";
import { REALM_CASES } from "./programs/realm.js";
import { RUST_CASES } from "./programs/rust.js";
import type { HostileCase } from "./types.js";

export { CATALOGUE, notApplied } from "./catalogue.js";
export { Watch } from "./leftovers.js";
export { type Plant, plantSentinels } from "./plant.js";
export { type Arena, type CaseResult, runCase, runControl } from "./run-case.js";
export { DRIVER_NAMES, type DriverName, type HostileCase } from "./types.js";

/** Every hostile program. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  ...PYTHON_CASES,
  ...JAVASCRIPT_CASES,
  ...GO_CASES,
  ...RUST_CASES,
  ...JAVA_CASES,
  ...BASH_CASES,
  ...REALM_CASES,
  ...PYODIDE_CASES,
  ...CHEAT_CASES,
  ...REQUEST_CASES,
];
