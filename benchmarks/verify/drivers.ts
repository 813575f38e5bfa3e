import { type Candidate, isAgentOSError, type Task } from "@agentos/core";
import { MULTIPL_E_LANGUAGES, readHumanEval, readMultiPlE, readQuixBugs } from "../datasets/index.js";
import { type Metric, percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { type BenchContext, driversFor, each, gather } from "./context.js";

const LIMITS = { wallMs: 20_000 };

interface Case {
  readonly task: Task;
  readonly candidate: Candidate;
}

/** What one driver says of a case by separate integrity; undefined when its tests cannot be separated. */
type Said = boolean | undefined;

/**
 * Judges the same published programs on every driver that speaks their language, tests and candidate kept apart: all must
 * say the same.
 */
export async function driversPart(context: BenchContext): Promise<PartResult> {
  const metrics: Metric[] = [];
  const notes: string[] = [];
  for (const [set, cases] of await sets(context)) {
    const language = cases[0]?.task.language;
    const drivers = language === undefined ? [] : driversFor(context, language);
    const said = new Map<string, readonly Said[]>();
    for (const driver of drivers) {
      const answers = await each(context, `drivers: ${set} on ${driver}`, cases, (one) =>
        apart({ ...context, driver }, one),
      );
      said.set(driver, answers);
      metrics.push({
        name: `drivers.${set}.${driver}.separate_pct`,
        value: percent(answers.filter((answer) => answer !== undefined).length, cases.length),
        unit: "pct",
      });
    }
    const differ = cases.flatMap(({ task, candidate }, index) => {
      const answers = drivers.map((driver) => [driver, said.get(driver)?.[index]] as const);
      const known = answers.filter(([, answer]) => answer !== undefined);
      if (new Set(known.map(([, answer]) => answer)).size <= 1) return [];
      const text = known.map(([driver, passed]) => `${driver} ${passed ? "passed" : "failed"}`).join(", ");
      return [`${set}: ${task.id}, ${candidate.id}: ${text}`];
    });
    notes.push(...differ);
    if (drivers.length > 0) {
      metrics.push({
        name: `drivers.${set}.disagreements`,
        value: differ.length,
        unit: "count",
        target: { atMost: 0 },
      });
    }
  }
  return { metrics, notes };
}

async function sets(context: BenchContext): Promise<readonly (readonly [string, readonly Case[]])[]> {
  const { data, limit } = context;
  const visible = { data, visibility: "visible" } as const;
  const humanEval = await gather(readHumanEval(visible), limit);
  const quixBugs = await gather(readQuixBugs(visible), limit);
  const found: [string, readonly Case[]][] = [
    ["humaneval", humanEval.map(({ task, canonical }) => ({ task, candidate: canonical }))],
    [
      "quixbugs",
      quixBugs.flatMap(({ task, buggy, correct }) => [
        { task, candidate: buggy },
        { task, candidate: correct },
      ]),
    ],
  ];
  for (const language of MULTIPL_E_LANGUAGES) {
    const problems = await gather(readMultiPlE(language, visible), limit);
    found.push([
      `multipl_e_${language}`,
      problems.map(({ task, published }) => ({ task, candidate: published })),
    ]);
  }
  return found;
}

async function apart(context: BenchContext, { task, candidate }: Case): Promise<Said> {
  const { sandbox, driver, signal } = context;
  try {
    const options = { driver, limits: LIMITS, signal, integrity: "separate" } as const;
    return (await sandbox.verify(task, candidate, options)).passed;
  } catch (error) {
    if (isAgentOSError(error, "SANDBOX_INTEGRITY_UNAVAILABLE")) return undefined;
    throw error;
  }
}
