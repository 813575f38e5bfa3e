import type { HumanEvalProblem } from "../datasets/index.js";
import type { BenchContext } from "./context.js";

/** What is known of a problem's published solution before it is mutated. */
export interface Probe {
  /** Lines of the solution (1-based, without the prompt) that its tests execute. */
  readonly executed: ReadonlySet<number>;
  /** For each mutant, whether it parses. */
  readonly parses: readonly boolean[];
}

const PROBE_LIMITS = { wallMs: 60_000 };

/** Runs in the sandbox: traces the solution under its tests, and compiles the mutants. Its last line is the answer. */
const PROBE_PROGRAM = `import json
import sys

with open("input.json", encoding="utf-8") as file:
    data = json.load(file)


def parses(text):
    try:
        compile(text, "mutant", "exec")
        return True
    except (SyntaxError, ValueError):
        return False


executed = set()


def trace_lines(frame, event, argument):
    executed.add(frame.f_lineno)
    return trace_lines


def trace_calls(frame, event, argument):
    return trace_lines if frame.f_code.co_filename == "solution.py" else None


space = {"__name__": "__main__"}
program = compile(data["program"], "solution.py", "exec")
tests = compile(data["tests"], "tests.py", "exec")
sys.settrace(trace_calls)
exec(program, space)
exec(tests, space)
sys.settrace(None)
print()
print(json.dumps({"executed": sorted(executed), "parses": [parses(text) for text in data["mutants"]]}))
`;

/** Finds which lines of a published solution its tests execute, and which of its mutants parse. */
export async function probe(
  context: BenchContext,
  problem: HumanEvalProblem,
  mutants: readonly string[],
): Promise<Probe> {
  const tests = [...(problem.task.tests?.visible ?? []), ...(problem.task.tests?.hidden ?? [])];
  const input = {
    program: problem.prompt + problem.solution,
    tests: tests.map((file) => file.content).join("\n"),
    mutants: mutants.map((body) => problem.prompt + body),
  };
  const result = await context.sandbox.run(
    {
      language: "python",
      files: { "probe.py": PROBE_PROGRAM, "input.json": JSON.stringify(input) },
      entry: "probe.py",
      limits: PROBE_LIMITS,
      driver: context.driver,
    },
    { signal: context.signal },
  );
  if (result.status !== "exited" || result.exitCode !== 0) {
    throw new Error(
      `${problem.task.id}: the probe ended with ${result.status}: ${result.stderr.slice(-500)}`,
    );
  }
  const answer = JSON.parse(result.stdout.trimEnd().split("\n").at(-1) ?? "") as {
    executed: number[];
    parses: boolean[];
  };
  const promptLines = problem.prompt.split("\n").length - 1;
  return { executed: new Set(answer.executed.map((line) => line - promptLines)), parses: answer.parses };
}
