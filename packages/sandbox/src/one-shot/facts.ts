import process from "node:process";
import type { Guarantee, RunLimit } from "@agentos/core";
import type { DriverJob } from "../driver.js";
import { Cells } from "./cells.js";
import { type ChildProgram, OneShotChild } from "./child.js";
import { CAN_METER } from "./meter.js";

/** `memory`, where a runtime's own limit can be backed by a look at the whole process from outside. */
export const memoryGuarantee: readonly Guarantee[] = CAN_METER ? ["memory"] : [];

/** The bounds that the host holds for every child: by its clock, by what it reads, and by looking at the process. */
export const HELD_FROM_OUTSIDE: readonly RunLimit[] = [
  "wallMs",
  ...(CAN_METER ? (["cpuMs"] as const) : []),
  "memoryBytes",
  "outputBytes",
];

/** How those bounds are held, for a person. `memory` says what is counted: "isolate heap". */
export function enforcedFromOutside(
  limits: DriverJob["limits"],
  memory: string,
  cells?: Cells,
): readonly string[] {
  return [
    `wall time ${limits.wallMs} ms`,
    ...(CAN_METER && Number.isFinite(limits.cpuMs) ? [`CPU time ${limits.cpuMs} ms (read every 10 ms)`] : []),
    `memory ${Math.floor(limits.memoryBytes / 1024 / 1024)} MiB (${memory}${CAN_METER ? ", process watched from outside" : ""})`,
    "one process for the run, with an empty environment",
    ...(cells?.enforced ?? (process.getuid?.() === 0 ? ["unprivileged user"] : [])),
  ];
}

/**
 * Starts a child and ends it; `look` gets its process id while it lives. Rejects with `SANDBOX_DRIVER_FAILED` when it is not
 * ready in time.
 */
export async function tryChild(
  program: ChildProgram,
  limitMs: number,
  look: (pid: number) => void = () => {},
): Promise<void> {
  const child = new OneShotChild(program);
  const timer = setTimeout(() => child.kill(), limitMs);
  try {
    await child.ready;
    if (child.pid !== undefined) look(child.pid);
  } finally {
    clearTimeout(timer);
    child.kill();
    await child.gone;
  }
}

/** Cells in which such children start; otherwise why there are none. */
export async function workingCells(
  programIn: (cells: Cells) => ChildProgram,
  limitMs: number,
): Promise<{ readonly cells?: Cells; readonly why?: string }> {
  try {
    const cells = await Cells.find();
    if (!cells) return { why: "bubblewrap is not installed" };
    const program = programIn(cells);
    const problem = cells.problem(program.cell?.binds ?? []);
    if (problem !== undefined) return { why: problem };
    await tryChild(program, limitMs, (pid) => cells.look(pid));
    return { cells };
  } catch (error) {
    return { why: errorText(error) };
  }
}

/** What a driver says when its children run without a second wall. */
export function unwalled(why: string | undefined): readonly string[] {
  return why === undefined
    ? []
    : [`no second wall around the runtime: ${why}; see what the namespace driver lacks`];
}

/** The first lines of an error's message. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").slice(0, 3).join(" ").slice(0, 500);
}
