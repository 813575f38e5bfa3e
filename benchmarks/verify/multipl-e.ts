import type { Candidate, Task } from "@agentos/core";
import {
  MULTIPL_E_LANGUAGES,
  type MultiPlELanguage,
  type MultiPlEProblem,
  readMultiPlE,
} from "../datasets/index.js";
import { type DirectResult, runDirectly } from "../lib/direct-run.js";
import { percent } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { type BenchContext, each, ending, gather, judge, notMeasured, speaks } from "./context.js";

const LANGUAGES = { js: "javascript", ts: "typescript", go: "go" } as const;

const LIMITS = { wallMs: 20_000 };

/** Address space of `go test` and what it starts. One published answer never stops appending to a slice. */
const GO_BYTES = 4 * 1024 ** 3;

/**
 * Judges the answers published with MultiPL-E. Nobody recorded which of them are right, so the same program is also run
 * by the language's own toolchain, without AgentOS, and the two must agree.
 */
export async function multiPlEPart(context: BenchContext): Promise<PartResult> {
  const parts: PartResult[] = [];
  for (const language of MULTIPL_E_LANGUAGES) parts.push(await languagePart(context, language));
  return {
    metrics: parts.flatMap((part) => part.metrics),
    notes: parts.flatMap((part) => part.notes),
  };
}

async function languagePart(context: BenchContext, language: MultiPlELanguage): Promise<PartResult> {
  const label = `multipl_e.${language}`;
  if (!speaks(context, LANGUAGES[language])) return notMeasured(label, LANGUAGES[language]);
  const problems = await gather(
    readMultiPlE(language, { data: context.data, visibility: "visible" }),
    context.limit,
  );
  const verdicts = await each(context, label, problems, ({ task, published }) =>
    judge(context, task, published, LIMITS),
  );
  const direct = await each(context, `${label}: directly`, problems, (problem) =>
    directly(context, language, problem),
  );
  const compared = direct.filter((result) => result.passed !== undefined).length;
  const notes = problems.flatMap(({ task }, index) => {
    const [verdict, result] = [verdicts[index], direct[index]];
    if (!verdict || result?.passed === undefined || verdict.passed === result.passed) return [];
    const judged = verdict.passed ? "passed" : `failed (${ending(verdict)}: ${verdict.reason})`;
    return [
      `${task.id}: judged ${judged}, directly ${result.passed ? "passed" : `failed: ${result.output.slice(0, 300)}`}`,
    ];
  });
  const pass = {
    name: `${label}.pass_pct`,
    value: percent(verdicts.filter((verdict) => verdict.passed).length, verdicts.length),
    unit: "pct",
  } as const;
  if (compared === 0) {
    return { metrics: [pass], notes: [`${label}: not compared: ${direct[0]?.output ?? "no problems"}`] };
  }
  const agreement = percent(compared - notes.length, compared);
  return {
    metrics: [
      pass,
      { name: `${label}.agreement_pct`, value: agreement, unit: "pct", target: { atLeast: 100 } },
    ],
    notes,
  };
}

/** Runs a problem's published answer and tests as its own toolchain would. */
async function directly(
  context: BenchContext,
  language: MultiPlELanguage,
  { task, published }: MultiPlEProblem,
): Promise<DirectResult> {
  const program = combined(task, published);
  const rest = { timeoutMs: LIMITS.wallMs, signal: context.signal };
  if (language === "go") {
    const files = { "go.mod": "module candidate\n", "program_test.go": program };
    // Some answers bring tests of their own along, which are none of the task's.
    const args = ["test", "-run", `^(${testNames(task).join("|")})$`, "."];
    return runDirectly({ command: "go", args, files, addressSpaceBytes: GO_BYTES, ...rest });
  }
  const javascript = language === "ts" ? await withoutTypes(program) : program;
  if (javascript === undefined) return { passed: undefined, output: "typescript is not installed" };
  return runDirectly({
    command: "node",
    args: ["--max-old-space-size=512", "program.cjs"],
    files: { "program.cjs": javascript },
    ...rest,
  });
}

function testNames(task: Task): readonly string[] {
  return (task.tests?.visible ?? []).flatMap(({ content }) =>
    [...content.matchAll(/^func (Test\w*)\(/gm)].map((match) => match[1] ?? ""),
  );
}

function combined(task: Task, candidate: Candidate): string {
  const tests = (task.tests?.visible ?? []).map((file) => file.content);
  return [...Object.values(candidate.files), ...tests].join("\n");
}

/** Strips types with the TypeScript compiler, another tool than the sandbox's own. */
async function withoutTypes(program: string): Promise<string | undefined> {
  let typescript: typeof import("typescript");
  try {
    typescript = (await import("typescript")).default;
  } catch {
    return undefined;
  }
  const { ModuleKind, ScriptTarget } = typescript;
  return typescript.transpileModule(program, {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  }).outputText;
}
