import { type Language, SOURCE_EXTENSION } from "@agentos/core";

/** What the judging of a language needs to know of it, as data. */
export interface LanguageFacts {
  /** With its dot. */
  readonly extension: string;
  /** Files of a candidate that a test runner would pick up beside the task's own tests; they are left out. */
  readonly ownTests: RegExp | undefined;
  /** Files that steer test runners and builds of that language; a candidate's are left out when it is loose code. */
  readonly hooks: RegExp | undefined;
  /** Folders of installed dependencies in a project, which are shown read-only. */
  readonly dependencyFolders: readonly string[];
}

const JAVASCRIPT: Omit<LanguageFacts, "extension"> = {
  ownTests: undefined,
  hooks: undefined,
  dependencyFolders: ["node_modules"],
};

/** Every language that can be judged. */
export const LANGUAGE_FACTS: Readonly<Record<Language, LanguageFacts>> = {
  javascript: { extension: SOURCE_EXTENSION.javascript, ...JAVASCRIPT },
  typescript: { extension: SOURCE_EXTENSION.typescript, ...JAVASCRIPT },
  python: {
    extension: SOURCE_EXTENSION.python,
    ownTests: undefined,
    hooks: /(?:^|\/)(?:sitecustomize|usercustomize)\.py$/,
    dependencyFolders: [".venv", "venv"],
  },
  go: {
    extension: SOURCE_EXTENSION.go,
    ownTests: /_test\.go$/,
    hooks: /(?:^|\/)(?:go\.work|go\.sum)$/,
    dependencyFolders: [],
  },
};

/** Whether a path holds TypeScript that is to be stripped of its types. Declarations hold nothing to run. */
export function isTypeScript(path: string): boolean {
  return /\.[mc]?ts$/.test(path) && !/\.d\.[mc]?ts$/.test(path);
}
