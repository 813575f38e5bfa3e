/** The languages that AgentOS can judge. A driver lists those it speaks. */
export type Language = "javascript" | "typescript" | "python" | "go" | "rust" | "java" | "bash";

/** Every {@link Language}, in the order in which they are listed to people. */
export const LANGUAGES: readonly Language[] = [
  "javascript",
  "typescript",
  "python",
  "go",
  "rust",
  "java",
  "bash",
];

/** Whether agents may see a test (`visible`) or only the judge may (`hidden`). */
export type Visibility = "visible" | "hidden";

/** One file of tests. */
export interface TestFile {
  /** Path relative to the workspace, with `/`. The framework is read off the content (see the sandbox README). */
  readonly path: string;
  /** The source text of the file. */
  readonly content: string;
  /**
   * `file`: written beside the candidate, which it imports. `append`: joined to the end of the candidate's entry file
   * and run with it as one script, which is one test (the form of HumanEval and MultiPL-E). `stdio`: `content` is a
   * {@link StdioCase} as JSON, which is one test: the candidate's entry file is run as a program, in any language.
   * @default "file"
   */
  readonly mode?: "file" | "append" | "stdio";
}

/** A program is run, and what it printed and how it ended is compared. What is expected never gets to where it runs. */
export interface StdioCase {
  /** What it reads from its standard input. @default "" */
  readonly stdin?: string;
  /** @default [] */
  readonly args?: readonly string[];
  /** What it must print to its standard output; white space at the ends of lines and empty lines at the end are let be. */
  readonly stdout: string;
  /** @default 0 */
  readonly exitCode?: number;
}

/** The tests of a task. Hidden ones reach the judge only: no brief, feedback, memory, journal, log or reason. */
export interface TaskTests {
  /** @default [] */
  readonly visible?: readonly TestFile[];
  /** @default [] */
  readonly hidden?: readonly TestFile[];
}

/** What an agent was asked to do. */
export interface Task {
  /** Identifies the task for ever; outcomes of the same id teach one another. */
  readonly id: string;
  /** What was asked, in words. */
  readonly prompt: string;
  readonly language: Language;
  /**
   * The file that a candidate of loose code writes.
   * @default "solution" with the language's extension
   */
  readonly entryFile?: string;
  /** Support files of loose code, by path relative to the workspace; tests and candidates may read them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Absolute path of the project that candidates change. Absent: candidates are loose files. */
  readonly project?: string;
  readonly tests?: TaskTests;
  /** Free labels, for example a kind ("bug", "feature") or a source. */
  readonly tags?: readonly string[];
}

/** The file that a candidate of loose code writes when the task does not name one. */
export function entryFileOf(task: Pick<Task, "language" | "entryFile">): string {
  return task.entryFile ?? `solution${SOURCE_EXTENSION[task.language]}`;
}

/** The extension of a source file, with its dot, by language. */
export const SOURCE_EXTENSION: Readonly<Record<Language, string>> = {
  javascript: ".js",
  typescript: ".ts",
  python: ".py",
  go: ".go",
  rust: ".rs",
  java: ".java",
  bash: ".sh",
};
