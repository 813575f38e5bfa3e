import { type HumanEvalProblem, readHumanEval } from "../datasets/index.js";
import { runDirectly } from "../lib/direct-run.js";
import { percent } from "../lib/metrics.js";
import { mutantName, mutate, mutationSites } from "../lib/python-mutants.js";
import { sample, seededRandom } from "../lib/random.js";
import {
  type BenchContext,
  each,
  gather,
  judge,
  notMeasured,
  type PartResult,
  SEED,
  speaks,
} from "./context.js";
import equivalents from "./equivalents.json" with { type: "json" };
import { probe } from "./probe.js";

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
 * Makes mutants of HumanEval's published solutions and counts those that the published tests reject. How the sample is
 * drawn is said in the README, and was fixed before any result was seen.
 */
export async function mutantsPart(context: BenchContext): Promise<PartResult> {
  if (!speaks(context, "python")) return notMeasured("mutants", "python");
  const problems = await gather(readHumanEval({ data: context.data }), context.limit);
  const drawn = await each(context, "mutants: drawing", problems, (problem) => drawMutants(context, problem));
  const mutants = drawn.flat();
  const entries: readonly Equivalent[] = equivalents;
  const listed = new Set(entries.map((entry) => `${entry.task} ${entry.mutant}`));
  const verdicts = await each(context, "mutants", mutants, ({ problem, body }) =>
    judge(context, problem.task, { id: "mutant", files: { "solution.py": problem.prompt + body } }, LIMITS),
  );
  const direct = await each(context, "mutants: directly", mutants, (mutant) =>
    passesDirectly(context, mutant),
  );
  return report(
    mutants.map((mutant, index) => {
      const name = `${mutant.problem.task.id} ${mutant.name}`;
      return { name, killed: !verdicts[index]?.passed, direct: direct[index], listed: listed.has(name) };
    }),
  );
}

interface JudgedMutant {
  readonly name: string;
  readonly killed: boolean;
  /** Whether it passes the same tests without AgentOS; `undefined` where there is no python3. */
  readonly direct: boolean | undefined;
  readonly listed: boolean;
}

function report(mutants: readonly JudgedMutant[]): PartResult {
  const equivalent = mutants.filter((mutant) => mutant.listed && !mutant.killed);
  const alive = mutants.filter((mutant) => !mutant.listed && !mutant.killed);
  const judged = mutants.length - equivalent.length;
  const compared = mutants.filter((mutant) => mutant.direct !== undefined);
  const disagreeing = compared.filter((mutant) => mutant.direct === mutant.killed);
  return {
    metrics: [
      { name: "humaneval.mutants", value: mutants.length, unit: "count" },
      { name: "humaneval.mutants_equivalent", value: equivalent.length, unit: "count" },
      {
        name: "humaneval.mutants_killed_pct",
        value: percent(judged - alive.length, judged),
        unit: "pct",
        target: { atLeast: 98 },
      },
      ...(compared.length === 0
        ? []
        : [
            {
              name: "humaneval.mutants_agreement_pct",
              value: percent(compared.length - disagreeing.length, compared.length),
              unit: "pct",
              target: { atLeast: 100 },
            } as const,
          ]),
    ],
    notes: [
      ...alive.map(({ name, direct }) => `${name}: survived${direct ? ", as it does without AgentOS" : ""}`),
      ...disagreeing.map(
        ({ name, killed }) => `${name}: ${killed ? "killed" : "survived"} here, but not without AgentOS`,
      ),
      ...mutants
        .filter((mutant) => mutant.listed && mutant.killed)
        .map(({ name }) => `${name}: listed as equivalent, but killed`),
    ],
  };
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

async function passesDirectly(
  context: BenchContext,
  { problem, body }: Mutant,
): Promise<boolean | undefined> {
  const tests = (problem.task.tests?.hidden ?? []).map((file) => file.content);
  const { passed } = await runDirectly({
    command: "python3",
    args: ["program.py"],
    files: { "program.py": [problem.prompt + body, ...tests].join("\n") },
    timeoutMs: LIMITS.wallMs,
    addressSpaceBytes: PYTHON_BYTES,
    signal: context.signal,
  });
  return passed;
}
