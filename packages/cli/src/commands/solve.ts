import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  type Budget,
  type Candidate,
  isAgentOSError,
  type LoopEvents,
  type Needs,
  type Propose,
  type Solution,
  type Task,
} from "@agentos/core";
import type { AgentOS, Model } from "@agentos/sdk";
import type { Config } from "../config-schema.js";
import { type CommandContext, type CommandDefinition, withAgentOS } from "../context.js";
import { readCandidates, readTasks } from "../data.js";
import { cliError, EXIT } from "../errors.js";
import { amount, needs, wholeNumber } from "../flags.js";
import { printable } from "../output.js";
import { percent } from "../show.js";

interface Flags {
  readonly task: string;
  readonly candidates?: string[];
  readonly model?: string;
  readonly baseUrl?: string;
  readonly apiKeyEnv?: string;
  readonly replies?: number;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly tries?: number;
  readonly wallMs?: number;
  readonly tokens?: number;
  readonly money?: number;
  readonly accept?: "verdict" | "visible";
  readonly driver?: string;
  readonly needs?: Needs;
  readonly resume?: string;
  readonly out?: string;
}

/** `agentos solve`: the whole loop, with candidates from files or from a model. */
export const solveCommand: CommandDefinition = {
  define: (command) =>
    command
      .name("solve")
      .description("work tasks off: brief, candidates, forecast, verdict, learn")
      .requiredOption("--task <file>", "tasks, as JSON or JSON Lines")
      .option("--candidates <path...>", "candidates: source files, a folder, or JSON Lines")
      .option("--model <name>", "the model to ask for candidates")
      .option("--base-url <url>", "its endpoint, for example http://localhost:11434/v1")
      .option("--api-key-env <name>", "environment variable that holds the API key")
      .option("--replies <count>", "replies asked for in each round", wholeNumber)
      .option("--temperature <number>", "0 to 2", amount)
      .option("--max-output-tokens <count>", "longest reply", wholeNumber)
      .option("--tries <count>", "candidates verified at most, for each task", wholeNumber)
      .option("--wall-ms <ms>", "time at most, for each task", wholeNumber)
      .option("--tokens <count>", "tokens at most, for each task", amount)
      .option("--money <amount>", "money at most, for each task", amount)
      .option("--accept <what>", "stop when all tests pass (verdict) or the visible ones (visible)", accept)
      .option("--driver <name>", "sandbox driver to use")
      .option("--needs <list>", "guarantees that each run must have, or none", needs)
      .option("--resume <solve id>", "go on with a solve that was interrupted")
      .option("--out <folder>", "write the files of winners to <folder>/<task id>/")
      .addHelpText(
        "after",
        "\nExamples:\n  agentos solve --task task.json --candidates answers/\n  agentos solve --task tasks.jsonl --model qwen3-coder --base-url http://localhost:11434/v1",
      ),

  async run(context, _args, options) {
    const flags = options as unknown as Flags;
    const tasks = await readTasks(resolve(context.cwd, flags.task));
    if (flags.resume !== undefined && tasks.length > 1) {
      throw cliError("CLI_USAGE", "--resume goes on with the solve of one task; the file holds several.");
    }
    return withAgentOS(context, async (agentos, { config }) => {
      const agent = await agentFor(context, flags, config, tasks);
      report(context, agentos, agent.model);
      const solutions: Solution[] = [];
      for (const [index, task] of tasks.entries()) {
        context.progress.line(`[${index + 1}/${tasks.length}] ${printable(task.id)}`);
        try {
          solutions.push(
            await agentos.solve(task, agent.propose(task), solveOptions(context, flags, config)),
          );
        } catch (error) {
          if (flags.out !== undefined) await writeWinners(resolve(context.cwd, flags.out), solutions);
          throw withDone(error, solutions);
        }
      }
      context.progress.end();
      const written =
        flags.out === undefined ? [] : await writeWinners(resolve(context.cwd, flags.out), solutions);
      const passed = solutions.filter(({ status }) => status === "passed").length;
      return {
        json: { passed, total: solutions.length, solutions, ...(flags.out !== undefined && { written }) },
        text: [...solutions.map(lineOf), `${passed} of ${solutions.length} passed`].join("\n"),
        exitCode: passed === solutions.length ? EXIT.ok : EXIT.failed,
      };
    });
  },
};

interface Agent {
  readonly model?: Model;
  readonly propose: (task: Task) => Propose;
}

async function agentFor(
  context: CommandContext,
  flags: Flags,
  config: Config,
  tasks: readonly Task[],
): Promise<Agent> {
  const name = flags.model ?? (flags.candidates ? undefined : config.model?.name);
  if (flags.candidates !== undefined) {
    if (name !== undefined) throw cliError("CLI_USAGE", "Give --candidates or --model, not both.");
    const sources = flags.candidates.map((source) => resolve(context.cwd, source));
    const byTask = await readCandidates(sources, tasks);
    return { propose: (task) => onceAll(byTask.get(task.id) ?? []) };
  }
  const baseUrl = flags.baseUrl ?? config.model?.baseUrl;
  if (name === undefined || baseUrl === undefined) {
    throw cliError("CLI_USAGE", "Give --candidates <path...>, or --model <name> and --base-url <url>.");
  }
  const { name: _name, baseUrl: _baseUrl, apiKeyEnv, ...rest } = config.model ?? {};
  const variable = flags.apiKeyEnv ?? apiKeyEnv;
  const apiKey = variable === undefined ? undefined : context.environment[variable];
  if (variable !== undefined && !apiKey) {
    throw cliError(
      "CLI_USAGE",
      `The environment variable ${variable} is not set; it should hold the API key.`,
    );
  }
  const { openAICompatible } = await import("@agentos/sdk");
  const model = openAICompatible({
    ...rest,
    model: name,
    baseUrl,
    ...(apiKey !== undefined && { apiKey }),
    ...(flags.replies !== undefined && { candidates: flags.replies }),
    ...(flags.temperature !== undefined && { temperature: flags.temperature }),
    ...(flags.maxOutputTokens !== undefined && { maxOutputTokens: flags.maxOutputTokens }),
  });
  return { model, propose: (task) => model.propose(task) };
}

/** An agent that has all its candidates at the first round and none later. */
function onceAll(candidates: readonly Candidate[]): Propose {
  return async (_brief, _feedback, { round }) => (round === 1 ? candidates : []);
}

function solveOptions({ signal }: CommandContext, flags: Flags, config: Config) {
  const { tries, wallMs, tokens, money } = flags;
  const given: Budget = {
    ...(tries !== undefined && { tries }),
    ...(wallMs !== undefined && { wallMs }),
    ...(tokens !== undefined && { tokens }),
    ...(money !== undefined && { money }),
  };
  const driver = flags.driver ?? config.driver;
  return {
    signal,
    budget: { ...config.budget, ...given },
    ...(config.briefTokens !== undefined && { briefTokens: config.briefTokens }),
    ...(flags.accept && { accept: flags.accept }),
    ...(driver && { driver }),
    ...(flags.needs && { needs: flags.needs }),
    ...(flags.resume && { resume: flags.resume }),
  };
}

/** Tells live what happens. */
function report({ progress, signal }: CommandContext, agentos: AgentOS, model: Model | undefined): void {
  const { events } = agentos;
  // Said at once, so that an interrupted solve can be resumed by its id.
  let solveId: string | undefined;
  const started = (id: string | undefined) => {
    if (id === undefined || id === solveId) return;
    solveId = id;
    progress.line(`  solve ${id}`);
  };
  events.on("brief", ({ solveId: id, brief }: LoopEvents["brief"]) => {
    started(id);
    progress.line(
      `  brief: ${brief.tokens} tokens, ${brief.items.length} ${brief.items.length === 1 ? "item" : "items"}`,
    );
  });
  events.on("proposed", ({ round, candidates }) => {
    progress.line(`  round ${round}: ${candidates.length} candidate(s)`);
  });
  events.on("forecast", ({ candidate, forecast }) => {
    progress.status(`  ${printable(candidate.id)}: forecast ${percent(forecast.probability)}`);
  });
  events.on("verifying", ({ candidate }) => progress.status(`  ${printable(candidate.id)}: running…`));
  events.on("learned", ({ outcome: { candidate, forecast, verdict, id } }) => {
    const word = verdict.passed ? "passed" : "failed";
    const before = forecast ? `forecast ${percent(forecast.probability)}, ` : "";
    progress.line(
      `  ${printable(candidate.id)}: ${before}${word} in ${Math.round(verdict.durationMs)} ms: ${printable(verdict.reason)} [outcome ${id}]`,
    );
  });
  let characters = 0;
  model?.events.on("request", ({ reply }) => {
    characters = 0;
    progress.status(`  ${model.name}: asked for reply ${reply}…`);
  });
  model?.events.on("text", ({ text }) => {
    characters += text.length;
    progress.status(`  ${model.name}: ${characters} characters…`);
  });
  model?.events.on("retry", ({ reason, delayMs }) =>
    progress.line(`  again in ${delayMs} ms: ${printable(reason)}`),
  );
  model?.events.on("nothing", ({ reason }) => progress.line(`  no candidate: ${printable(reason)}`));
  signal.addEventListener(
    "abort",
    () =>
      progress.line(
        `  cancelling…${solveId ? ` to go on later: the same command with --resume ${solveId}` : ""}`,
      ),
    { once: true },
  );
}

/** What was done before an error must not be lost with it. */
function withDone(error: unknown, done: readonly Solution[]): unknown {
  if (!isAgentOSError(error) || done.length === 0) return error;
  const details = {
    ...error.details,
    done: done.map(({ taskId, solveId, status }) => ({ taskId, solveId, status })),
  };
  return Object.assign(error, { details });
}

function lineOf({ taskId, status, winner, best, spent, exhausted, solveId }: Solution): string {
  const who = winner ?? best;
  const shown = who ? ` ${who.candidate.id}` : "";
  const why = exhausted ? ` (${exhausted} spent)` : "";
  return printable(
    `${taskId}: ${status}${why}${shown}, ${spent.tries} ${spent.tries === 1 ? "try" : "tries"}, ${Math.round(spent.wallMs)} ms, solve ${solveId}`,
  );
}

async function writeWinners(folder: string, solutions: readonly Solution[]): Promise<string[]> {
  const written: string[] = [];
  for (const { taskId, winner } of solutions) {
    const { files = {}, patch } = winner?.candidate ?? {};
    const all = patch === undefined ? files : { "candidate.patch": patch };
    for (const [path, content] of Object.entries(all)) {
      if (content === null) continue;
      const target = join(folder, folderName(taskId), path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
      written.push(target);
    }
  }
  return written;
}

/** A task id is free text: it must not lead out of the folder, and the name must be one that file systems take. */
function folderName(taskId: string): string {
  const name = encodeURIComponent(Buffer.from(taskId).toString()).replaceAll(".", "%2E");
  if (name.length <= 200) return name;
  return `${name.slice(0, 180)}-${createHash("sha256").update(taskId).digest("hex").slice(0, 16)}`;
}

function accept(value: string): string {
  if (value === "verdict" || value === "visible") return value;
  throw cliError("CLI_USAGE", `--accept is verdict or visible, not ${value}.`);
}
