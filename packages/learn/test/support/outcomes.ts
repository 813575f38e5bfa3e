import type { Candidate, Language, Outcome, Proposer, Task, Verdict } from "@agentos/core";
import { SOURCE_EXTENSION, storedTask } from "@agentos/core";

export function taskOf(id: string, options: { prompt?: string; language?: Language } = {}): Task {
  const { prompt = `Write a function solve(items) for ${id}.`, language = "python" } = options;
  return { id, prompt, language };
}

export function candidateOf(
  code: string,
  options: { id?: string; language?: Language; proposer?: Proposer } = {},
): Candidate {
  const { id = "candidate", language = "python", proposer } = options;
  return { id, files: { [`solution${SOURCE_EXTENSION[language]}`]: code }, ...(proposer && { proposer }) };
}

export function verdictOf(passed: boolean, options: Partial<Verdict> = {}): Verdict {
  return {
    passed,
    basis: "tests",
    integrity: "separate",
    tests: [{ name: "visible", visibility: "visible", status: passed ? "passed" : "failed" }],
    reason: passed ? "All tests passed." : "1 of 1 visible tests failed.",
    runs: [
      {
        visibility: "visible",
        driver: "d",
        mechanism: "process",
        guarantees: [],
        enforced: [],
        status: "exited",
        usage: { outputBytes: 0, queueMs: 0, warm: false },
        durationMs: 1,
      },
    ],
    durationMs: 1,
    ...options,
  };
}

export interface OutcomeParts {
  id: string;
  code: string;
  passed: boolean;
  task?: Task;
  at?: number;
  verdict?: Partial<Verdict>;
  proposer?: Proposer;
  forecast?: Outcome["forecast"];
}

export function outcomeOf(parts: OutcomeParts): Outcome {
  const task = parts.task ?? taskOf("task");
  return {
    id: parts.id,
    task: storedTask(task),
    candidate: candidateOf(parts.code, {
      id: `c-${parts.id}`,
      language: task.language,
      proposer: parts.proposer,
    }),
    ...(parts.forecast && { forecast: parts.forecast }),
    verdict: verdictOf(parts.passed, parts.verdict),
    at: parts.at ?? 1_000,
  };
}
