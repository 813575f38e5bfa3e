import type { Candidate, Forecast, Solution, VerifyOptions } from "@agentos/core";
import { AgentOS } from "@agentos/sdk";
import { type LabelledCandidate, readExercises } from "./exercises.js";
import { type JobFigures, measure } from "./figures.js";
import { addToHistory, readHistory } from "./history.js";
import { Lines } from "./lines.js";
import { type LanguagePlan, type Machine, planMachine } from "./machine.js";
import { forEachOf } from "./pool.js";
import type { Screen } from "./screen.js";
import { type SplitExercise, splitExercise } from "./split.js";
import { VerdictBook } from "./verdict-book.js";

/** What the job is told. */
export interface JobOptions {
  /** Folder that AgentOS keeps everything in; the job's own history lies there, too. */
  readonly dir: string;
  /** The project to index. */
  readonly project: string;
  /** Folder of the tasks. */
  readonly tasks: string;
  /** Tasks to work through. @default all */
  readonly only?: readonly string[];
  /** Tasks worked on at the same time. */
  readonly concurrency: number;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** A solved task, with how its first candidate in file order was judged. */
export interface SolvedTask {
  readonly split: SplitExercise;
  readonly solution: Solution;
  readonly firstInFileOrderPassed: boolean;
}

/** A held-out candidate with the forecast made before anything was learned. */
export interface HeldOutForecast {
  readonly split: SplitExercise;
  readonly labelled: LabelledCandidate;
  readonly forecast: Forecast;
}

type Runnable = Extract<LanguagePlan, { runs: true }>;

/** Runs the main job. Rejects with `ABORTED` when it is cancelled; what was learned until then is kept. */
export async function runJob(options: JobOptions): Promise<JobFigures> {
  const { screen, dir, project } = options;
  const os = await AgentOS.open({ dir, project });
  try {
    return await new Job(options, os).run();
  } finally {
    screen.endProgress();
    await os.close();
  }
}

class Job {
  readonly #options: JobOptions;
  readonly #os: AgentOS;
  readonly #book = new VerdictBook();
  readonly #lines: Lines;
  #machine: Machine | undefined;

  constructor(options: JobOptions, os: AgentOS) {
    this.#options = options;
    this.#os = os;
    this.#lines = new Lines(options.screen);
  }

  async run(): Promise<JobFigures> {
    const { screen, dir } = this.#options;
    const startedAt = Date.now();
    const exercises = await this.#exercises();
    const history = await readHistory(dir, (message) => screen.line(screen.style("yellow", message)));
    const knownOutcomes = (await this.#os.learner.stats()).outcomes;
    screen.line(screen.style("bold", `AgentOS main job, run ${history.length + 1}`));
    screen.line(`Store ${dir}: ${knownOutcomes} outcomes known`);
    screen.line("Trying what this machine can enforce, and indexing the project (longer the first time)");
    const [machine] = await Promise.all([this.#tryDrivers(), this.#index()]);
    this.#lines.machine(machine);
    const splits = exercises.map(splitExercise);
    const able = splits.filter(({ exercise }) => machine.plans[exercise.task.language].runs);
    const skipped = splits.filter((split) => !able.includes(split));

    const heldOut = await this.#forecastHeldOut(able);
    this.#lines.heldOut(heldOut.length, able);
    const solved = await this.#solveAll(able);
    const studied = await this.#study(able);
    await this.#verifyHeldOut(heldOut);
    const lessons = await this.#rememberLessons(solved);

    const figures = measure({
      solved,
      heldOut: heldOut.map(({ split, labelled, forecast }) => ({
        probability: forecast.probability,
        passed: this.#book.find(split.exercise.task, labelled)?.passed === true,
      })),
      knownOutcomes,
      history,
      book: this.#book,
      skipped: skipped.map(({ exercise }) => ({
        taskId: exercise.task.id,
        language: exercise.task.language,
      })),
      machine,
      learned: {
        outcomes: (await this.#os.learner.stats()).outcomes - knownOutcomes,
        studied,
        outcomesInAll: (await this.#os.learner.stats()).outcomes,
        lessons,
        memoriesInAll: (await this.#os.memory.stats()).memories,
      },
      durationMs: Date.now() - startedAt,
    });
    await addToHistory(dir, history, {
      at: startedAt,
      knownOutcomes,
      heldOutBrier: figures.heldOut.brier,
      heldOut: heldOut.length,
      tasks: solved.length,
    });
    return figures;
  }

  async #tryDrivers(): Promise<Machine> {
    this.#machine = planMachine(await this.#os.sandbox.drivers());
    return this.#machine;
  }

  async #index(): Promise<void> {
    const { screen, signal } = this.#options;
    const began = performance.now();
    await this.#os.project?.index({
      signal,
      onProgress: ({ done, total }) => screen.progress("files indexed", done, total),
    });
    screen.endProgress();
    const stats = await this.#os.project?.stats();
    if (stats) {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      screen.line(`Indexed ${stats.files} files, ${stats.symbols} symbols in ${seconds} s`);
    }
  }

  async #exercises(): Promise<Awaited<ReturnType<typeof readExercises>>> {
    const { tasks, only } = this.#options;
    const exercises = await readExercises(tasks);
    const unknown = only?.find((id) => !exercises.some(({ task }) => task.id === id));
    if (unknown !== undefined) throw new RangeError(`There is no task ${unknown} in ${tasks}.`);
    return exercises.filter(({ task }) => only?.includes(task.id) ?? true);
  }

  async #forecastHeldOut(splits: readonly SplitExercise[]): Promise<HeldOutForecast[]> {
    const forecasts: HeldOutForecast[] = [];
    for (const split of splits) {
      for (const labelled of split.heldOut) {
        const forecast = await this.#os.forecast(split.exercise.task, labelled.candidate, {
          signal: this.#options.signal,
        });
        forecasts.push({ split, labelled, forecast });
      }
    }
    return forecasts;
  }

  async #solveAll(splits: readonly SplitExercise[]): Promise<SolvedTask[]> {
    const { screen, concurrency } = this.#options;
    const stopListening = this.#lines.follow(this.#os.events);
    const solved: SolvedTask[] = [];
    try {
      await forEachOf(splits, concurrency, async (split) => {
        solved.push(await this.#solve(split));
        screen.progress("tasks done", solved.length, splits.length);
      });
    } finally {
      stopListening();
      screen.endProgress();
    }
    return splits.flatMap((split) => solved.filter((one) => one.split === split));
  }

  async #solve(split: SplitExercise): Promise<SolvedTask> {
    const { task } = split.exercise;
    const candidates = split.training.map(({ candidate }) => candidate);
    const solution = await this.#os.solve(task, async (_brief, feedback) => (feedback ? [] : candidates), {
      // Hidden tests judge what the visible ones accepted and choose nothing.
      accept: "visible",
      budget: { tries: candidates.length },
      ...this.#runOptions(split),
    });
    for (const { candidate, verdict } of solution.outcomes) {
      const labelled = split.training.find((one) => one.candidate.id === candidate.id);
      if (labelled) this.#book.add(task, labelled, verdict);
    }
    const [first] = split.training;
    if (first && !this.#book.find(task, first)) await this.#judge(split, first);
    const firstInFileOrderPassed = first !== undefined && this.#book.find(task, first)?.passed === true;
    return { split, solution, firstInFileOrderPassed };
  }

  /** Judges each training candidate that no run has judged yet, so that it teaches although its solve did not need it. */
  async #study(splits: readonly SplitExercise[]): Promise<number> {
    const { screen, concurrency, signal } = this.#options;
    const known = new Set<string>();
    for await (const { task, candidate } of this.#os.learner.outcomes({ signal })) {
      known.add(codeKey(task.id, candidate));
    }
    const left = splits.flatMap((split) =>
      split.training
        .filter(({ candidate }) => !known.has(codeKey(split.exercise.task.id, candidate)))
        .map((labelled) => ({ split, labelled })),
    );
    let done = 0;
    await forEachOf(left, concurrency, async ({ split, labelled }) => {
      const { task } = split.exercise;
      const forecast = await this.#os.forecast(task, labelled.candidate, { signal });
      const verdict = await this.#os.verify(task, labelled.candidate, this.#runOptions(split));
      this.#book.add(task, labelled, verdict);
      await this.#os.learn(this.#os.outcome(task, labelled.candidate, verdict, forecast));
      this.#lines.judged(task.id, labelled.candidate, forecast, verdict, "not needed, judged to learn");
      done += 1;
      screen.progress("further candidates judged", done, left.length);
    });
    screen.endProgress();
    return left.length;
  }

  async #verifyHeldOut(heldOut: readonly HeldOutForecast[]): Promise<void> {
    const { screen, concurrency } = this.#options;
    let done = 0;
    await forEachOf(heldOut, concurrency, async ({ split, labelled, forecast }) => {
      await this.#judge(split, labelled);
      const verdict = this.#book.find(split.exercise.task, labelled);
      if (verdict)
        this.#lines.judged(split.exercise.task.id, labelled.candidate, forecast, verdict, "held out");
      done += 1;
      screen.progress("held-out candidates judged", done, heldOut.length);
    });
    screen.endProgress();
  }

  /** Judges by the hidden tests alone, and teaches nothing. A candidate that fails visible tests fails hidden ones, too. */
  async #judge(split: SplitExercise, labelled: LabelledCandidate): Promise<void> {
    const { task } = split.exercise;
    const verdict = await this.#os.verify(task, labelled.candidate, {
      only: "hidden",
      ...this.#runOptions(split),
    });
    this.#book.add(task, labelled, verdict);
  }

  /** One lesson for each task whose first choice failed, told by its visible tests. */
  async #rememberLessons(solved: readonly SolvedTask[]): Promise<number> {
    let lessons = 0;
    for (const { split, solution } of solved) {
      const [first] = solution.outcomes;
      if (!first || first.verdict.passed) continue;
      await this.#os.memory.remember({
        kind: "lesson",
        content: `Task ${split.exercise.task.id}: the first choice failed. ${first.verdict.reason}`,
        scope: this.#os.scope,
        tags: [split.exercise.task.language, ...(split.exercise.task.tags ?? [])],
        // The reason quotes what a run printed.
        trust: "outside",
        source: first.id,
      });
      lessons += 1;
    }
    return lessons;
  }

  #runOptions({ exercise }: SplitExercise): Pick<VerifyOptions, "needs" | "limits" | "driver" | "signal"> {
    const plan = this.#machine?.plans[exercise.task.language] as Runnable;
    return {
      driver: plan.driver,
      limits: plan.limits,
      signal: this.#options.signal,
      ...(plan.needs && { needs: plan.needs }),
    };
  }
}

/** Tells candidates apart by task and code. */
function codeKey(taskId: string, { files }: Candidate): string {
  return JSON.stringify([taskId, Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1))]);
}
