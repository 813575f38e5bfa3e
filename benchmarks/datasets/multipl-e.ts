import { join } from "node:path";
import { type Candidate, coreError, type Task } from "@agentos/core";
import { type DatasetOptions, readOptions, testsOf } from "./options.js";
import { readRecords } from "./records.js";

/** The languages of MultiPL-E that can be judged, by their published names. */
export const MULTIPL_E_LANGUAGES = ["js", "ts", "go"] as const;

/** One of {@link MULTIPL_E_LANGUAGES}. */
export type MultiPlELanguage = (typeof MULTIPL_E_LANGUAGES)[number];

/** One problem of MultiPL-E. */
export interface MultiPlEProblem {
  readonly task: Task;
  /** The answer of a model that is published with the problem. It is not guaranteed to be correct. */
  readonly published: Candidate;
}

const FORMS = {
  js: { language: "javascript", entryFile: "solution.js", testFile: "tests.js" },
  ts: { language: "typescript", entryFile: "solution.ts", testFile: "tests.ts" },
  // The published prompts are Go test files: package x_test, importing "testing".
  go: { language: "go", entryFile: "solution_test.go", testFile: "tests_test.go" },
} as const;

/**
 * Reads MultiPL-E's translation of HumanEval: `multipl-e/humaneval-<language>.jsonl`. The tests are joined to the end of
 * a solution, which is a whole file.
 * Throws `DATASET_MISSING`, `DATASET_UNREADABLE`, `DATASET_LINE_BROKEN`, `OPTIONS_INVALID` or `ABORTED`.
 */
export async function* readMultiPlE(
  language: MultiPlELanguage,
  options: DatasetOptions,
): AsyncGenerator<MultiPlEProblem> {
  const { data, visibility, signal } = readOptions(options);
  if (!MULTIPL_E_LANGUAGES.includes(language)) {
    throw coreError(
      "OPTIONS_INVALID",
      `MultiPL-E: language must be one of ${MULTIPL_E_LANGUAGES.join(", ")}.`,
    );
  }
  const form = FORMS[language];
  const source = {
    file: join(data, "multipl-e", `humaneval-${language}.jsonl`),
    published: "https://github.com/bytedance/SandboxFusion (its MultiPL-E samples; from nuprl/MultiPL-E)",
  };
  for await (const record of readRecords(source, signal)) {
    const content = `\n${record.text("tests")}\n`;
    yield {
      task: {
        id: `${record.text("name")}.${language}`,
        prompt: record.text("prompt"),
        language: form.language,
        entryFile: form.entryFile,
        tests: testsOf(visibility, [{ path: form.testFile, content, mode: "append" }]),
        tags: ["humaneval", "multipl-e"],
      },
      published: {
        id: "published",
        files: { [form.entryFile]: firstCodeBlock(record.text("gpt_solution")) },
        proposer: { model: "gpt" },
      },
    };
  }
}

/** The first fenced block of an answer, up to its end when the fence is never closed; the whole answer when it has none. */
export function firstCodeBlock(answer: string): string {
  return /^```[^\n]*\n([\s\S]*?)(?:^```|$(?![\s\S]))/m.exec(answer)?.[1] ?? answer;
}
