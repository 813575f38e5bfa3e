import { join } from "node:path";
import type { Candidate, Task, TestFile } from "@agentos/core";
import { type DatasetOptions, readOptions, testsOf } from "./options.js";
import { readRecords } from "./records.js";

/** One problem of HumanEval. */
export interface HumanEvalProblem {
  readonly task: Task;
  /** The function that the tests call. */
  readonly entryPoint: string;
  /** The published signature and doc comment, with which every solution begins. */
  readonly prompt: string;
  /** The published solution: the body of the function, without the prompt. */
  readonly solution: string;
  /** The published solution as a candidate. */
  readonly canonical: Candidate;
}

/**
 * Reads HumanEval as published by openai/human-eval: `humaneval/HumanEval.jsonl.gz`. A candidate is judged by
 * `prompt + body + test + check(entry_point)`, run as one script.
 * Throws `DATASET_MISSING`, `DATASET_UNREADABLE`, `DATASET_LINE_BROKEN`, `OPTIONS_INVALID` or `ABORTED`.
 */
export async function* readHumanEval(options: DatasetOptions): AsyncGenerator<HumanEvalProblem> {
  const { data, visibility, signal } = readOptions(options);
  const source = {
    file: join(data, "humaneval", "HumanEval.jsonl.gz"),
    published: "https://github.com/openai/human-eval (data/HumanEval.jsonl.gz)",
  };
  for await (const record of readRecords(source, signal)) {
    const prompt = record.text("prompt");
    const solution = record.text("canonical_solution");
    const entryPoint = record.text("entry_point");
    yield {
      task: {
        id: record.text("task_id"),
        prompt,
        language: "python",
        tests: testsOf(visibility, [checkFile(record.text("test"), entryPoint)]),
        tags: ["humaneval"],
      },
      entryPoint,
      prompt,
      solution,
      canonical: pythonCandidate("canonical", prompt + solution),
    };
  }
}

/** The published tests of HumanEval as one file: they define `check`, which is then called. */
export function checkFile(test: string, entryPoint: string): TestFile {
  return { path: "check.py", content: `\n${test}\ncheck(${entryPoint})\n`, mode: "append" };
}

/** A candidate that is one Python file under the default name. */
export function pythonCandidate(id: string, text: string): Candidate {
  return { id, files: { "solution.py": text } };
}
