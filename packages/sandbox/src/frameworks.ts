import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import type { Language, Task, TestFile } from "@agentos/core";
import type { PlannedTestFile, TestFramework } from "./driver.js";
import { LANGUAGE_FACTS } from "./languages.js";
import type { Project } from "./project.js";

/** A test framework that is started as the project has installed it. */
interface FrameworkFacts {
  readonly name: TestFramework["name"];
  /** Names it in the text of a test file. */
  readonly imported: RegExp;
  /** What a test file uses without importing it. */
  readonly globals: RegExp | undefined;
  /** A file that an installation of it has, below the folder of dependencies. */
  readonly program: string;
}

const JAVASCRIPT: readonly FrameworkFacts[] = [
  {
    name: "vitest",
    imported: /(?:from\s+|require\s*\(\s*)["']vitest["']|\bvi\.(?:fn|mock|spyOn)\b/,
    globals: /\bexpect\s*\(/,
    program: "vitest/vitest.mjs",
  },
  {
    name: "jest",
    imported: /["']@jest\/globals["']|\bjest\.(?:fn|mock|spyOn)\b/,
    globals: /\bexpect\s*\(/,
    program: "jest/bin/jest.js",
  },
];

const FRAMEWORKS: Readonly<Partial<Record<Language, readonly FrameworkFacts[]>>> = {
  javascript: JAVASCRIPT,
  typescript: JAVASCRIPT,
  python: [
    {
      name: "pytest",
      imported: /^\s*(?:import|from)\s+pytest\b/m,
      globals: undefined,
      program: "pytest/__main__.py",
    },
  ],
};

/** Where the system's Python, which runs everything, keeps packages of the system. */
const SYSTEM_PACKAGES = "/usr/lib/python3/dist-packages";
const OTHER_RUNNER = /["'](?:node:test|mocha|ava|tap|uvu|bun:test|chai)["']/;

/** Whether a test file is written for a framework of its own. */
export function isForeign(language: Language, text: string): boolean {
  return (
    LANGUAGE_FACTS[language].foreignTests.test(text) ||
    (FRAMEWORKS[language] ?? []).some(({ imported }) => imported.test(text))
  );
}

/** The framework that a test file is written for, where it is installed. */
export function frameworkOf(
  language: Language,
  path: string,
  text: string,
  project: Pick<Project, "mounts"> | undefined,
): TestFramework | undefined {
  const known = FRAMEWORKS[language] ?? [];
  const imported = known.filter((framework) => framework.imported.test(text));
  const wanted =
    imported.length > 0 || OTHER_RUNNER.test(text)
      ? imported
      : known.filter(({ globals }) => globals?.test(text));
  for (const { name, program } of wanted) {
    const folder = installedAt(language, path, program, project?.mounts ?? new Map());
    if (folder !== undefined) return { name, folder };
  }
  return undefined;
}

/** The nearest folder above a file that has a program among its dependencies. */
function installedAt(
  language: Language,
  path: string,
  program: string,
  mounts: ReadonlyMap<string, string>,
): string | undefined {
  if (language === "python") {
    const packages = [
      SYSTEM_PACKAGES,
      ...[...mounts].filter(([name]) => name.endsWith("site-packages")).map(([, at]) => at),
    ];
    return packages.some((at) => existsSync(join(at, program))) ? "." : undefined;
  }
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const source = mounts.get(posix.join(folder, "node_modules"));
    if (source !== undefined && existsSync(join(source, program))) return folder;
    if (folder === ".") return undefined;
  }
}

/** A plan in which each file that needs it names its framework. */
export function withFrameworks(
  task: Task,
  plan: readonly PlannedTestFile[],
  tests: readonly TestFile[],
  project: Project | undefined,
): readonly PlannedTestFile[] {
  return plan.map((file) => {
    const test = tests.find(({ path, mode }) => path === file.path && mode !== "append");
    const framework = test && frameworkOf(task.language, file.path, test.content, project);
    return framework ? { ...file, framework } : file;
  });
}
