import type { Language } from "@agentos/core";
import type { DriverJob } from "../../driver.js";
import { takenIn } from "../../javascript/file-names.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import type { Script } from "./command.js";
import type { WarmTarget } from "./warm-job.js";

// Shell scripts that run under the supervisor, before the candidate's code. They set resource limits, unpack the files from
// descriptor 4, say "ready" on descriptor 3 when the sandbox is complete, and become the program.

/** What a script is made for. */
export interface ScriptBounds {
  /** Largest file, in bytes. */
  readonly fileBytes: number;
  /** The lines of `resourceLimits`. */
  readonly lines: string;
  /** The run's memory in MiB. */
  readonly megabytes: number;
  /** Whether the language's runtime reads from its control group how large its heap may be. */
  readonly heapFromGroup: boolean;
}

/** What is done inside for a job: one step of its language. `before`: what comes before its files are unpacked. */
export function scriptOf(job: DriverJob, program: string, bounds: ScriptBounds, before: string): Script {
  const { steps } = LANGUAGE_FACTS[job.language];
  const step = (text: string, args: readonly string[], heap = heapOf(bounds)): Script => ({
    text: `${before}${prelude(bounds, steps.keepsTimes ?? false)}program=${program}; heap=${heap}\n${text}`,
    args,
  });
  if (job.check?.kind === "types") return step(TYPES, [], String(bounds.megabytes));
  if (job.check) return step(steps.check, job.check.paths);
  if (job.half?.kind === "candidate" && steps.half !== undefined)
    return step(steps.half, steps.halfArguments?.(job.half) ?? [JSON.stringify(job.half)]);
  if (job.tests) return step(steps.test, steps.testArguments(job, job.tests));
  const entry = steps.written?.(job.entry, takenIn(job)).file ?? job.entry;
  return step(steps.run, [entry, ...job.args]);
}

/** The toolchain of a type check is Node, whatever the language of the project. */
const TYPES =
  "exec $program --max-old-space-size=$heap node_modules/typescript/lib/tsc.js --noEmit -p tsconfig.json 3>&-";

/**
 * Starts an interpreter that reads its job from descriptor 4 and becomes what it is for. `known`: the job is there already,
 * so that nothing is loaded that it may not need; else the sandbox is ahead of its job, with all loaded.
 */
export function warmScriptOf(
  language: Language,
  program: string,
  bounds: ScriptBounds,
  kind: WarmTarget["kind"],
  known: boolean,
): Script {
  const start = LANGUAGE_FACTS[language].steps.warm?.start ?? "";
  return {
    text: `${bounds.lines}program=${program}; heap=${heapOf(bounds)}\n${start}`,
    args: [kind, ...(known ? ["known"] : [])],
  };
}

function heapOf({ megabytes, heapFromGroup }: ScriptBounds): string {
  return heapFromGroup ? "" : String(megabytes);
}

function prelude(bounds: ScriptBounds, keepTimes: boolean): string {
  return `said=$(exec tar -x${keepTimes ? "" : "m"}f - -C / <&4 2>&1) || { echo "$said" >&3; exit 125; }
exec 4<&-
cd /work || exit 125
${bounds.lines}echo ready >&3
`;
}
