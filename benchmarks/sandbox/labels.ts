import { type RunResult, SOURCE_EXTENSION } from "@agentos/core";
import {
  LABELLED_PROGRAMS,
  type LabelledProgram,
} from "../../packages/sandbox/test/drivers/namespace/labelled-programs.js";
import { percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, withSandbox } from "./context.js";

/** How many programs of known ending get the right label. */
export async function labelsPart(context: BenchContext): Promise<PartResult> {
  const programs = LABELLED_PROGRAMS.filter(
    ({ language, status, group }) =>
      runs(context, "namespace", language) &&
      !(group && !holdsMemory(context)) &&
      !(status === "policy" && process.arch !== "x64"),
  );
  if (programs.length === 0)
    return { metrics: [], notes: ["labels: not measured, namespace does not work here"] };
  const progress = new Progress(context.progress, "labels", programs.length);
  const wrong: string[] = [];
  try {
    await withSandbox(context, "namespace", {}, async (sandbox) => {
      for (const item of programs) {
        const entry = `main${SOURCE_EXTENSION[item.language]}`;
        const { language, program, limits } = item;
        const request = {
          language,
          files: { [entry]: program },
          entry,
          limits: { wallMs: 20_000, ...limits },
        };
        const result = await sandbox.run(request, { signal: context.signal });
        if (!fits(item, result))
          wrong.push(`labels: ${item.name}: ${result.status} instead of ${item.status}`);
        progress.tick();
      }
    });
  } finally {
    progress.end();
  }
  return {
    metrics: [
      {
        name: "label.correct_pct",
        value: percent(programs.length - wrong.length, programs.length),
        unit: "pct",
        target: { atLeast: 99 },
      },
    ],
    notes: [`labels: ${programs.length} programs`, ...wrong],
  };
}

function fits(item: LabelledProgram, result: RunResult): boolean {
  if (result.status !== item.status) return false;
  if (result.status === "exited" && item.exitCode !== undefined) return result.exitCode === item.exitCode;
  if (result.status === "signal" && item.signal !== undefined) return result.signal === item.signal;
  return true;
}

function holdsMemory({ drivers }: BenchContext): boolean {
  const availability = drivers.find(({ name }) => name === "namespace")?.availability;
  return availability?.available === true && availability.guarantees.includes("memory");
}
