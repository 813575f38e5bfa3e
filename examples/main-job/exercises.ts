import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Candidate,
  type Language,
  readCandidate,
  readTask,
  type Task,
  type TestFile,
} from "@agentos/core";

/** A candidate with the label that its author gave it. */
export interface LabelledCandidate {
  readonly candidate: Candidate;
  /** The candidate's file in its task's folder, for example "1.js". */
  readonly file: string;
  readonly expected: "pass" | "fail";
}

/** A task of `examples/tasks` with all its candidates in file order. */
export interface Exercise {
  readonly task: Task;
  readonly candidates: readonly LabelledCandidate[];
}

interface TaskFile {
  readonly id: string;
  readonly prompt: string;
  readonly language: Language;
  readonly entryFile: string;
  readonly tags: readonly string[];
}

interface CandidateEntry {
  readonly id: string;
  readonly file: string;
  readonly proposer: { readonly agent: string; readonly model: string };
  readonly expected: "pass" | "fail";
}

const TEST_FILE: Readonly<Record<Language, (visibility: string) => string>> = {
  javascript: (visibility) => `${visibility}.test.js`,
  typescript: (visibility) => `${visibility}.test.ts`,
  python: (visibility) => `test_${visibility}.py`,
  go: (visibility) => `${visibility}_test.go`,
  rust: (visibility) => `${visibility}_test.rs`,
  java: (visibility) => `${visibility}Test.java`,
  bash: (visibility) => `${visibility}_test.sh`,
};

/** Reads every task below a folder, in alphabetical order. Throws `TASK_INVALID` or `CANDIDATE_INVALID`. */
export async function readExercises(folder: string): Promise<Exercise[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(names.map((name) => readExercise(join(folder, name))));
}

async function readExercise(folder: string): Promise<Exercise> {
  const described = (await readJson(join(folder, "task.json"))) as TaskFile;
  const tests = async (visibility: "visible" | "hidden"): Promise<TestFile[]> => {
    const path = TEST_FILE[described.language](visibility);
    return [{ path, content: await readFile(join(folder, path), "utf8") }];
  };
  const task = readTask({
    ...described,
    tests: { visible: await tests("visible"), hidden: await tests("hidden") },
  });
  const listed = (await readJson(join(folder, "candidates.json"))) as CandidateEntry[];
  const candidates = await Promise.all(
    listed.map(async ({ id, file, proposer, expected }): Promise<LabelledCandidate> => {
      const content = await readFile(join(folder, "candidates", file), "utf8");
      const candidate = readCandidate({ id, files: { [described.entryFile]: content }, proposer });
      return { candidate, file, expected };
    }),
  );
  return { task, candidates };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`${path} is not valid JSON.`, { cause });
  }
}
