import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Candidate, type Task, throwIfAborted } from "@agentos/core";
import { type DatasetOptions, readOptions, testsOf } from "./options.js";
import { generateCases, generateFromPublished, type QuixBugsCase } from "./quixbugs-tests.js";
import { brokenLine, readLines, type Source, unreadable } from "./read-lines.js";

/** One program of QuixBugs. */
export interface QuixBugsProgram {
  /** For example "breadth_first_search". */
  readonly name: string;
  readonly task: Task;
  /** The program with its defect, which is on one line. */
  readonly buggy: Candidate;
  readonly correct: Candidate;
}

const PUBLISHED = "https://github.com/jkoppel/QuixBugs";

/**
 * Reads the Python programs of QuixBugs: the folder `quixbugs`, in alphabetical order. Tests are made from
 * `json_testcases` where a program has them and from `python_testcases` otherwise, as unittest files.
 * Throws `DATASET_MISSING`, `DATASET_UNREADABLE`, `DATASET_LINE_BROKEN`, `OPTIONS_INVALID` or `ABORTED`.
 */
export async function* readQuixBugs(options: DatasetOptions): AsyncGenerator<QuixBugsProgram> {
  const { data, visibility, signal } = readOptions(options);
  const folder = join(data, "quixbugs");
  for (const name of await programNames(folder)) {
    throwIfAborted(signal);
    const [buggy, correct, node] = await Promise.all([
      readText(join(folder, "python_programs", `${name}.py`)),
      readText(join(folder, "correct_python_programs", `${name}.py`)),
      readText(join(folder, "python_testcases", "node.py")),
    ]);
    const { content, usesNodes } = await tests(folder, name, signal);
    const entryFile = `${name}.py`;
    yield {
      name,
      task: {
        id: `QuixBugs/${name}`,
        prompt: `One line of ${entryFile} has a defect. Repair it.\n\n${buggy}`,
        language: "python",
        entryFile,
        ...(usesNodes && { files: { "node.py": node } }),
        tests: testsOf(visibility, [{ path: `test_${name}.py`, content }]),
        tags: ["quixbugs"],
      },
      buggy: { id: "buggy", files: { [entryFile]: buggy } },
      correct: { id: "correct", files: { [entryFile]: correct } },
    };
  }
}

/** Programs are the files of `python_programs`, but for the helper `node.py` and the demonstrations `*_test.py`. */
async function programNames(folder: string): Promise<readonly string[]> {
  const programs = join(folder, "python_programs");
  let files: string[];
  try {
    files = await readdir(programs);
  } catch (cause) {
    throw unreadable({ file: programs, published: PUBLISHED }, cause);
  }
  return files
    .filter((file) => file.endsWith(".py") && !file.endsWith("_test.py") && file !== "node.py")
    .map((file) => file.slice(0, -".py".length))
    .sort();
}

async function tests(
  folder: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly content: string; readonly usesNodes: boolean }> {
  const published = await readText(join(folder, "python_testcases", `test_${name}.py`));
  if (!published.includes("load_json_testcases")) {
    return { content: generateFromPublished(name, published), usesNodes: true };
  }
  const source = { file: join(folder, "json_testcases", `${name}.json`), published: PUBLISHED };
  return { content: generateCases(name, await cases(source, signal)), usesNodes: false };
}

async function cases(source: Source, signal: AbortSignal | undefined): Promise<readonly QuixBugsCase[]> {
  const read: QuixBugsCase[] = [];
  for await (const { text, number } of readLines(source, signal)) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw brokenLine(source, number, "it is not JSON", cause);
    }
    if (!Array.isArray(value) || value.length !== 2) {
      throw brokenLine(source, number, "it is not a pair of input and output");
    }
    read.push({ json: text, firstArgument: Array.isArray(value[0]) ? value[0][0] : value[0] });
  }
  return read;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw unreadable({ file, published: PUBLISHED }, cause);
  }
}
