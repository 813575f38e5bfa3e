import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import {
  type Candidate,
  coreError,
  entryFileOf,
  readStdioCase,
  type Task,
  type TestFile,
  type VerifyOptions,
  type Visibility,
} from "@agentos/core";
import type { BoundedDriver } from "./bounded-driver.js";
import { withEarlyExit } from "./cheats.js";
import type { Half, TestPlan } from "./driver.js";
import { withFrameworks } from "./frameworks.js";
import type { Project } from "./project.js";
import { RunEvents } from "./run-events.js";
import { runHalves } from "./separate.js";
import { assembleHalves } from "./separate-workspace.js";
import { joinRuns, judgeCase } from "./stdio.js";
import { withSyntaxPlace } from "./syntax-place.js";
import { typesStripped } from "./types-stripped.js";
import { type JudgedRun, judgeTests } from "./verdict.js";
import { inseparable, unlessHidden, unreadableTest } from "./verify-errors.js";
import type { VerifyJobs } from "./verify-jobs.js";
import { assemble, unplaceable } from "./workspace.js";

/** Tests that are run together, and on what. */
export interface TestGroup {
  readonly candidate: Candidate;
  readonly visibility: Visibility;
  readonly tests: readonly TestFile[];
  readonly project?: Project;
  /** Whether the run is told to the caller's `onEvent`. Default true. */
  readonly told?: boolean;
}

/** Runs the tests of one verification, and judges what came of it. */
export class TestRuns {
  readonly #jobs: VerifyJobs;
  readonly #task: Task;
  readonly #options: VerifyOptions;

  constructor(jobs: VerifyJobs, task: Task, options: VerifyOptions) {
    this.#jobs = jobs;
    this.#task = task;
    this.#options = options;
  }

  /** Runs tests in a workspace of their own. A string says why the candidate does not get so far. */
  async run(group: TestGroup): Promise<JudgedRun | string> {
    const { candidate, visibility, tests, project, told = true } = group;
    const cases = tests.filter(({ mode }) => mode === "stdio");
    if (cases.length > 0) {
      const programs = await this.#runCases(group, cases);
      const others = tests.filter(({ mode }) => mode !== "stdio");
      if (typeof programs === "string" || others.length === 0) return programs;
      const rest = await this.run({ ...group, tests: others });
      return typeof rest === "string" ? rest : joinRuns(visibility, [programs, rest]);
    }
    const assembled = assemble(this.#task, candidate, project, tests);
    const unfit = assembled.ok ? project && unplaceable(assembled.workspace, project) : assembled.reason;
    if (!assembled.ok || unfit !== undefined) {
      // The reason may name a hidden test's file.
      return visibility === "hidden" ? "The candidate does not fit the hidden tests" : (unfit ?? "");
    }
    const { files } = assembled.workspace;
    const plan = withFrameworks(this.#task, assembled.workspace.plan, tests, project);
    const framework = plan.find((file) => file.framework)?.framework;
    if (framework && this.#options.integrity === "separate")
      throw inseparable(this.#task, `${framework.name} loads the candidate into its own process`);
    const separated = framework ? undefined : await this.#runSeparately(group);
    if (separated !== undefined) return separated;
    const untouched = [...(project?.changed.keys() ?? [])].filter(
      (path) => !Object.hasOwn(candidate.files, path),
    );
    const stripped = framework ? ({ ok: true, files } as const) : typesStripped(files, new Set(untouched));
    if (!stripped.ok) {
      const joined = tests.some((test) => test.path === stripped.path && test.mode === "append");
      if (tests.some((test) => test.path === stripped.path) && !joined)
        throw unreadableTest(this.#task, visibility, stripped);
      return visibility === "hidden"
        ? "The candidate does not parse together with the hidden tests"
        : stripped.message;
    }
    const projects = project !== undefined || framework !== undefined;
    const driver = await this.#jobs.driver({ tests: true, projects });
    const workspace = { ...assembled.workspace, files: stripped.files };
    const job = this.#jobs.job(workspace, project, { tests: { files: plan, nonce: newNonce() } });
    const events = told ? this.#events(visibility) : undefined;
    const driverResult = await driver
      .run(job, { signal: this.#options.signal, ...events?.hooks })
      .catch(unlessHidden(visibility));
    this.#jobs.throwIfCancelled(driverResult.result.status);
    await events?.end(driverResult.result);
    const placed = driverResult.report && withSyntaxPlace(driverResult.report, candidate.files);
    // Only the harness of Python leaves with 0 when every file has ended, and never else.
    const unfinished =
      this.#task.language === "python" && plan.some(({ label }) => placed?.finished.includes(label) !== true);
    const report = withEarlyExit(placed, driverResult.result, unfinished);
    return judgeTests(visibility, { files: plan }, { ...driverResult, report });
  }

  /** Runs the candidate's entry file as a program for each case, and compares what came of it. */
  async #runCases(group: TestGroup, cases: readonly TestFile[]): Promise<JudgedRun | string> {
    const { candidate, visibility, project } = group;
    const entry = entryFileOf(this.#task);
    const assembled = assemble(this.#task, candidate, project, []);
    const unfit = assembled.ok ? project && unplaceable(assembled.workspace, project) : assembled.reason;
    if (!assembled.ok || unfit !== undefined) return unfit ?? "";
    const { workspace } = assembled;
    const gone =
      !workspace.files.has(entry) && (workspace.deleted.includes(entry) || !project?.paths.has(entry));
    if (gone) return `The candidate does not contain ${entry}, which is to be run`;
    const stripped = typesStripped(workspace.files);
    if (!stripped.ok) return stripped.message;
    const driver = await this.#jobs.driver({ tests: false, projects: project !== undefined });
    const runs: JudgedRun[] = [];
    for (const { path, content } of cases) {
      const expected = readStdioCase(content);
      if (expected === undefined) throw coreError("TASK_INVALID", `Task "${this.#task.id}": a case is none.`);
      const { args = [], stdin = "" } = expected;
      const job = {
        ...this.#jobs.job({ ...workspace, files: stripped.files }, project, {}),
        entry,
        args,
        stdin: Buffer.from(stdin, "utf8"),
      };
      const { result } = await driver
        .run(job, { signal: this.#options.signal })
        .catch(unlessHidden(visibility));
      this.#jobs.throwIfCancelled(result.status);
      runs.push(judgeCase(visibility, path, expected, result));
    }
    return joinRuns(visibility, runs);
  }

  /** Runs the tests in one sandbox and the candidate in another. Undefined when they are to be run in one process. */
  async #runSeparately(group: TestGroup): Promise<JudgedRun | string | undefined> {
    const { visibility, tests, project } = group;
    const required = this.#options.integrity === "separate";
    if (this.#options.integrity === "shared") return undefined;
    if (project !== undefined) {
      if (required) throw inseparable(this.#task, "it is judged within a project");
      return undefined;
    }
    const driver = await this.#separatingDriver(required);
    if (driver === undefined) return undefined;
    const { entry, candidate, judge, plan, modules } = assembleHalves(this.#task, group.candidate, tests);
    const candidateFiles = typesStripped(candidate);
    if (!candidateFiles.ok) return candidateFiles.message;
    const judgeFiles = typesStripped(judge);
    if (!judgeFiles.ok) {
      // A text that parses only together with the candidate's is judged so.
      const appended = tests.some((test) => test.path === judgeFiles.path && test.mode === "append");
      if (!appended) throw unreadableTest(this.#task, visibility, judgeFiles);
      if (required) throw inseparable(this.#task, "a test does not parse without the candidate's text");
      return undefined;
    }
    const half = (kind: Half["kind"]): Half =>
      kind === "judge" ? { kind, entry, modules } : { kind, entry };
    const testPlan = { files: plan, nonce: newNonce() };
    const jobs = {
      candidate: {
        ...this.#jobs.job({ files: candidateFiles.files }, undefined, { half: half("candidate") }),
        entry,
      },
      judge: this.#jobs.job({ files: judgeFiles.files }, undefined, { tests: testPlan, half: half("judge") }),
    };
    const events = this.#events(visibility);
    const halves = await runHalves(driver, jobs, { signal: this.#options.signal, ...events?.hooks }).catch(
      unlessHidden(visibility),
    );
    if (halves.cancelled) this.#jobs.throwIfCancelled("cancelled");
    await events?.end(halves.candidate);
    const { report } = halves.judge;
    if (report?.unseparable !== undefined) {
      const why = visibility === "hidden" ? "a hidden test needs it in its own process" : report.unseparable;
      if (required) throw inseparable(this.#task, why);
      return undefined;
    }
    const placed = report && withSyntaxPlace(report, group.candidate.files);
    const judged = withEarlyExit(placed, halves.candidate, halves.candidateFirst);
    return judgeTests(visibility, testPlan, { ...halves.judge, report: judged }, halves);
  }

  /** The driver for both halves, or undefined when the one that is chosen keeps nothing apart in this language. */
  async #separatingDriver(required: boolean): Promise<BoundedDriver | undefined> {
    const kind = { tests: true, projects: false };
    const driver = await this.#jobs.driver(kind);
    if (driver.separates?.includes(this.#task.language)) return driver;
    if (!required) return undefined;
    return this.#jobs.driver({ ...kind, separates: true }).catch((cause: unknown) => {
      throw inseparable(this.#task, `no driver that could run it does so: ${(cause as Error).message}`);
    });
  }

  #events(visibility: Visibility): RunEvents | undefined {
    const { onEvent } = this.#options;
    return onEvent && visibility === "visible" ? new RunEvents(onEvent) : undefined;
  }
}

function newNonce(): TestPlan["nonce"] {
  return randomBytes(16).toString("hex");
}
