import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The modules of the Python harness and of the halves of separated verdicts, each before those that import it. */
const NAMES = [
  "agentos_values",
  "agentos_standins",
  "agentos_link",
  "agentos_waiting",
  "agentos_signs",
  "agentos_detect",
  "agentos_judge",
  "separate",
  "harness",
] as const;

/** Names and texts of the modules in a folder, as JSON, in the order in which they are to be loaded. */
export function pythonModules(folder: string): string {
  return JSON.stringify(NAMES.map((name) => [name, readFileSync(join(folder, `${name}.py`), "utf8")]));
}
