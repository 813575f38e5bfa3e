import { relative, resolve, sep } from "node:path";
import { type Candidate, LANGUAGES, type Needs, type Task, type TestFile } from "@agentos/core";
import { type CommandDefinition, withAgentOS } from "../context.js";
import { readText } from "../data.js";
import { cliError, EXIT } from "../errors.js";
import { languageOf, needs, wholeNumber } from "../flags.js";
import { percent, verdictText } from "../show.js";

interface Flags {
  readonly tests?: string[];
  readonly hidden?: string[];
  readonly with?: string[];
  readonly append?: boolean;
  readonly language?: string;
  readonly driver?: string;
  readonly needs?: Needs;
  readonly wallMs?: number;
  readonly learn: boolean;
}

/** `agentos verify`: judges one file by running tests against it. */
export const verifyCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("verify")
      .description("run tests against a file in a sandbox and say what passed")
      .argument("<file>", "the file to judge")
      .option("--tests <file...>", "test files; without any, the project's own tests judge")
      .option("--hidden <file...>", "test files that only the verdict shows, by number")
      .option("--with <file...>", "further files that file or tests need")
      .option("--append", "join each test file to the end of the file and run it as one script")
      .option("--language <name>", LANGUAGES.join(", "), undefined)
      .option("--driver <name>", "sandbox driver to use")
      .option("--needs <list>", "guarantees that the run must have, or none", needs)
      .option("--wall-ms <ms>", "wall time of a run", wholeNumber)
      .option("--no-learn", "do not keep the outcome")
      .addHelpText("after", "\nExample:\n  agentos verify src/slug.ts --tests test/slug.test.ts"),

  async run(context, [file], options) {
    const flags = options as unknown as Flags;
    const path = resolve(context.cwd, String(file));
    const content = await readText(path);
    const language = languageOf(path, flags.language);
    return withAgentOS(context, async (agentos, { project, config }) => {
      const { signal } = context;
      const { task, candidate } = await taskOf(context.cwd, path, content, language, flags, project);
      const forecast = await agentos.forecast(task, candidate, { signal });
      context.progress.status(`running ${candidate.id}…`);
      const driver = flags.driver ?? config.driver;
      const verdict = await agentos.verify(task, candidate, {
        signal,
        ...(driver && { driver }),
        ...(flags.needs && { needs: flags.needs }),
        ...(flags.wallMs && { limits: { ...config.limits, wallMs: flags.wallMs } }),
      });
      context.progress.end();
      const outcome = agentos.outcome(task, candidate, verdict, forecast);
      if (flags.learn) await agentos.learn(outcome);
      const outcomeId = flags.learn ? outcome.id : undefined;
      const kept = flags.learn ? `\noutcome ${outcome.id}, forecast ${percent(forecast.probability)}` : "";
      return {
        json: { outcomeId, forecast, verdict },
        text: `${verdictText(verdict, context.colors)}${kept}`,
        exitCode: verdict.passed ? EXIT.ok : EXIT.failed,
      };
    });
  },
};

async function taskOf(
  cwd: string,
  path: string,
  content: string,
  language: Task["language"],
  flags: Flags,
  project: string,
): Promise<{ task: Task; candidate: Candidate }> {
  const [visible, hidden, support] = [flags.tests ?? [], flags.hidden ?? [], flags.with ?? []].map((files) =>
    files.map((file) => resolve(cwd, file)),
  ) as [string[], string[], string[]];
  const place = inside(project, path);
  const base = { id: `verify:${place ?? path}`, prompt: `Judge ${place ?? path}.`, language };
  if (visible.length + hidden.length === 0) {
    if (place === undefined) {
      throw cliError(
        "CLI_USAGE",
        `${path} lies outside the project ${project}. Name its tests with --tests or --hidden.`,
      );
    }
    return { task: { ...base, project }, candidate: { id: place, files: { [place]: content } } };
  }
  // Files keep their places towards each other, so that their imports hold.
  const root = commonFolder([path, ...visible, ...hidden, ...support]);
  const at = (file: string) => relative(root, file).split(sep).join("/");
  const tests = (files: string[]): Promise<TestFile[]> =>
    Promise.all(
      files.map(async (file) => ({
        path: at(file),
        content: await readText(file),
        ...(flags.append && { mode: "append" as const }),
      })),
    );
  const files = Object.fromEntries(
    await Promise.all(support.map(async (file) => [at(file), await readText(file)])),
  );
  const task: Task = {
    ...base,
    entryFile: at(path),
    ...(support.length > 0 && { files: files as Record<string, string> }),
    tests: { visible: await tests(visible), hidden: await tests(hidden) },
  };
  return { task, candidate: { id: at(path), files: { [at(path)]: content } } };
}

/** The path relative to a folder, with `/`; undefined when it lies outside. */
function inside(folder: string, path: string): string | undefined {
  const place = relative(folder, path).split(sep).join("/");
  return place === "" || place.startsWith("../") || resolve(folder, place) !== path ? undefined : place;
}

function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => path.split(sep).slice(0, -1));
  const [first = []] = folders;
  let length = 0;
  while (length < first.length && folders.every((parts) => parts[length] === first[length])) length += 1;
  return first.slice(0, length).join(sep) || sep;
}
