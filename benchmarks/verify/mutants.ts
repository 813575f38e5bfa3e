import type { Task } from "@agentos/core";
import { type HumanEvalProblem, readHumanEval } from "../datasets/index.js";
import { type DirectResult, runDirectly } from "../lib/direct-run.js";
import type { PartResult } from "../lib/parts.js";
import { mutantName, mutate, mutationSites } from "../lib/python-mutants.js";
import { sample, seededRandom } from "../lib/random.js";
import { type BenchContext, each, gather, judge, notMeasured, SEED, speaks } from "./context.js";
import equivalents from "./equivalents.json" with { type: "json" };
import { type JudgedMutant, type MutantVerdict, reportMutants } from "./mutants-report.js";
import { probe } from "./probe.js";
import { type StrengthenedProblem, strengthen, testTexts } from "./strengthen.js";

/** Mutants drawn of each problem. */
const PER_PROBLEM = 3;

const LIMITS = { wallMs: 5_000 };

/** Address space of a mutant that python3 runs directly. */
const PYTHON_BYTES = 2 * 1024 ** 3;

/** A mutant that no input can tell from the original, found by reading it. */
interface Equivalent {
  readonly task: string;
  /** Its name, as `mutantName` gives it. */
  readonly mutant: string;
  readonly reason: string;
}

interface Mutant {
  readonly problem: HumanEvalProblem;
  readonly name: string;
  readonly body: string;
}

/**
 * Makes mutants of HumanEval's published solutions and counts those that the published tests reject, alone and
 * strengthened by generated inputs. How the sample is drawn is said in the README, and was fixed before any result was
 * seen.
 */
export async function mutantsPart(context: BenchContext): Promise<PartResult> {
  if (!speaks(context, "python")) return notMeasured("mutants", "python");
  const problems = await gather(readHumanEval({ data: context.data }), context.limit);
  const drawn = await each(context, "mutants: drawing", problems, (problem) => drawMutants(context, problem));
  const mutants = drawn.flat();
  const strengthened = await each(context, "mutants: generating inputs", problems, (problem) =>
    strengthen(context, problem),
  );
  const solutions = await each(context, "mutants: solutions", strengthened, ({ problem, task }) =>
    judge(context, task, problem.canonical),
  );
  const published = await judgeAll(context, "mutants", mutants, ({ problem }) => problem.task);
  // The published tests run first, so what they reject the strengthened ones reject, too.
  const alive = mutants.filter((_, index) => published[index]?.passed || published[index]?.direct);
  const tasks = new Map(strengthened.map(({ problem, task }) => [problem, task]));
  const further = await judgeAll(
    context,
    "mutants: strengthened",
    alive,
    ({ problem }) => tasks.get(problem) ?? problem.task,
  );
  const listed = new Set(
    (equivalents as readonly Equivalent[]).map((entry) => `${entry.task} ${entry.mutant}`),
  );
  const judged = mutants.flatMap((mutant, index): JudgedMutant[] => {
    const before = published[index];
    const after = further[alive.indexOf(mutant)] ?? before;
    const name = `${mutant.problem.task.id} ${mutant.name}`;
    return before && after
      ? [{ name, listed: listed.has(name), published: before, strengthened: after }]
      : [];
  });
  const failing = strengthened.filter((_, index) => !solutions[index]?.passed);
  const result = reportMutants(judged);
  return {
    metrics: [
      {
        name: "humaneval.generated_inputs",
        value: strengthened.reduce((sum, { generated }) => sum + generated, 0),
        unit: "count",
      },
      {
        name: "humaneval.strengthened_pass",
        value: strengthened.length - failing.length,
        unit: "count",
        target: { atLeast: strengthened.length },
      },
      ...result.metrics,
    ],
    notes: [...strengthened.flatMap(noteOn), ...failing.map(noteOnFailing), ...result.notes],
  };
}

function noteOn({ problem, reason }: StrengthenedProblem): readonly string[] {
  return reason === undefined ? [] : [`${problem.task.id}: published tests only: ${reason}`];
}

function noteOnFailing({ problem }: StrengthenedProblem): string {
  return `${problem.task.id}: the published solution fails the strengthened tests`;
}

/** Judges mutants in the sandbox, then directly. */
async function judgeAll(
  context: BenchContext,
  label: string,
  mutants: readonly Mutant[],
  taskOf: (mutant: Mutant) => Task,
): Promise<readonly MutantVerdict[]> {
  const verdicts = await each(context, label, mutants, (mutant) =>
    judge(
      context,
      taskOf(mutant),
      { id: "mutant", files: { "solution.py": mutant.problem.prompt + mutant.body } },
      LIMITS,
    ),
  );
  const direct = await each(context, `${label} directly`, mutants, (mutant) =>
    runMutant(context, mutant, taskOf(mutant)),
  );
  return mutants.map((_, index) => ({
    passed: verdicts[index]?.passed ?? false,
    direct: direct[index]?.passed,
    lastLine: direct[index]?.output.trimEnd().split("\n").at(-1) ?? "",
  }));
}

/** Draws sites of executed lines, each equally likely, then one replacement at each. */
async function drawMutants(context: BenchContext, problem: HumanEvalProblem): Promise<readonly Mutant[]> {
  const { solution } = problem;
  const random = seededRandom(`${SEED} ${problem.task.id}`);
  const sites = mutationSites(solution);
  const replacements = sites.flatMap((site) => site.replacements.map((text) => ({ site, text })));
  const { executed, parses } = await probe(
    context,
    problem,
    replacements.map(({ site, text }) => mutate(solution, site, text)),
  );
  const parsing = replacements.filter((_, index) => parses[index]);
  const reached = sites.filter(
    (site) =>
      parsing.some((one) => one.site === site) &&
      [...executed].some((line) => site.lines[0] <= line && line <= site.lines[1]),
  );
  return sample(reached, PER_PROBLEM, random).flatMap((site) =>
    sample(
      parsing.filter((one) => one.site === site),
      1,
      random,
    ).map(({ text }) => ({
      problem,
      name: mutantName(solution, site, text),
      body: mutate(solution, site, text),
    })),
  );
}

function runMutant(context: BenchContext, { problem, body }: Mutant, task: Task): Promise<DirectResult> {
  return runDirectly({
    command: "python3",
    args: ["program.py"],
    files: { "program.py": [problem.prompt + body, ...testTexts(task)].join("\n") },
    timeoutMs: LIMITS.wallMs,
    addressSpaceBytes: PYTHON_BYTES,
    signal: context.signal,
  });
}
