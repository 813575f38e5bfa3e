import { join } from "node:path";
import type { Candidate, Task } from "@agentos/core";
import { checkFile, pythonCandidate } from "./humaneval.js";
import { type DatasetOptions, readOptions, testsOf } from "./options.js";
import { readRecords } from "./records.js";

/** A sample of a real model with the label that its publisher found by running it. */
export interface LabelledSample {
  readonly task: Task;
  readonly candidate: Candidate;
  /** Whether the published run of `check` passed. */
  readonly passed: boolean;
  /** The exception that the published run ended with, for example "AssertionError" or "Timeout". */
  readonly error?: string;
}

const PUBLISHED = "the data folder's README (learn/humaneval_codegen16b)";

/**
 * Reads samples of HumanEval by CodeGen-16B: `learn/humaneval_codegen16b.jsonl.gz`, 100 a problem, with their problems
 * from `learn/humaneval_prompts.jsonl.gz`. These prompts lack the examples of the original ones.
 * Throws `DATASET_MISSING`, `DATASET_UNREADABLE`, `DATASET_LINE_BROKEN`, `OPTIONS_INVALID` or `ABORTED`.
 */
export async function* readCodeGenSamples(options: DatasetOptions): AsyncGenerator<LabelledSample> {
  const { data, visibility, signal } = readOptions(options);
  const problems = new Map<string, { readonly prompt: string; readonly test: string }>();
  const prompts = { file: join(data, "learn", "humaneval_prompts.jsonl.gz"), published: PUBLISHED };
  for await (const record of readRecords(prompts, signal)) {
    problems.set(record.text("task"), { prompt: record.text("prompt"), test: record.text("test") });
  }
  const samples = { file: join(data, "learn", "humaneval_codegen16b.jsonl.gz"), published: PUBLISHED };
  for await (const record of readRecords(samples, signal)) {
    const id = record.text("task");
    const problem = problems.get(id) ?? record.fail(`${prompts.file} has no problem "${id}"`);
    const label = record.integer("label");
    if (label !== 0 && label !== 1) record.fail('"label" must be 0 or 1');
    yield {
      task: {
        id,
        prompt: problem.prompt,
        language: "python",
        tests: testsOf(visibility, [checkFile(problem.test, record.text("entry"))]),
        tags: ["humaneval", "codegen-16b"],
      },
      candidate: {
        ...pythonCandidate(`codegen-16b-${record.integer("i")}`, problem.prompt + record.text("body")),
        proposer: { model: "CodeGen-16B" },
      },
      passed: label === 1,
      error: record.optionalText("err"),
    };
  }
}
