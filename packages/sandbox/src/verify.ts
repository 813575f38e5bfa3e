import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import {
  abortedError,
  type Candidate,
  coreError,
  entryFileOf,
  isAgentOSError,
  type Needs,
  type RunLimits,
  readStdioCase,
  type Task,
  type TestFile,
  type TestResult,
  throwIfAborted,
  type Verdict,
  type VerdictBasis,
  type VerifyOptions,
  type Visibility,
} from "@agentos/core";
import type { BoundedDriver } from "./bounded-driver.js";
import { withEarlyExit } from "./cheats.js";
import { type Baselines, compareRuns } from "./compare.js";
import type { DriverJob, Half, ProjectCheck, TestPlan } from "./driver.js";
import { sandboxError } from "./errors.js";
import { isForeign, withFrameworks } from "./frameworks.js";
import { askedLimits, DEFAULT_LIMITS } from "./options.js";
import { applyPatch } from "./patch.js";
import { openProject, type Project, projectCheck, projectReader, runnableTests } from "./project.js";
import type { DriverRegistry, Wanted } from "./registry.js";
import { RunEvents } from "./run-events.js";
import { runHalves } from "./separate.js";
import { assembleHalves } from "./separate-workspace.js";
import { joinRuns, judgeCase } from "./stdio.js";
import { withSyntaxPlace } from "./syntax-place.js";
import { typesStripped } from "./types-stripped.js";
import { type JudgedRun, judgeCheck, judgeTests } from "./verdict.js";
import type { ProjectBases, ProjectLimits } from "./workspace/bases.js";
import {
  assemble,
  type CandidateLimits,
  candidateProblem,
  unplaceable,
  type Workspace,
} from "./workspace.js";

/** What a sandbox has for its verdicts. */
export interface VerifyContext {
  readonly registry: DriverRegistry;
  readonly bases: ProjectBases;
  readonly baselines: Baselines;
  readonly needs: Needs;
  readonly limits: RunLimits;
  readonly sizes: CandidateLimits & ProjectLimits;
}

/** A compiler of types or a build has more to do than one test file. */
const CHECK_WALL_MS = 120_000;
const CHECK_MEMORY_BYTES = 2048 * 1024 * 1024;

/** Judges one candidate. */
export async function verifyCandidate(
  context: VerifyContext,
  task: Task,
  candidate: Candidate,
  options: VerifyOptions,
): Promise<Verdict> {
  throwIfAborted(options.signal);
  const verification = new Verification(context, task, candidate, options);
  return verification.run();
}

class Verification {
  readonly #context: VerifyContext;
  readonly #task: Task;
  #candidate: Candidate;
  readonly #options: VerifyOptions;
  readonly #started = performance.now();

  constructor(context: VerifyContext, task: Task, candidate: Candidate, options: VerifyOptions) {
    this.#context = context;
    this.#task = task;
    this.#candidate = candidate;
    this.#options = options;
  }

  async run(): Promise<Verdict> {
    const task = this.#task;
    const { visible, hidden } = this.#wantedTests();
    const ownTests = visible.length + hidden.length > 0;
    if (!ownTests && task.project === undefined) {
      throw coreError(
        "NOTHING_TO_JUDGE",
        `Task "${task.id}" has no ${this.#options.only ?? ""} tests and no project. Give it tests, or the project that the candidate changes.`,
      );
    }
    const basis: VerdictBasis = ownTests ? "tests" : "affected-tests";
    const problem = (await this.#applyPatch()) ?? candidateProblem(this.#candidate, this.#context.sizes);
    if (problem) return this.#rejected(basis, problem, visible);
    if (task.project === undefined) return this.#judgeOwnTests(undefined, visible, hidden);
    return ownTests
      ? this.#inProject(this.#stripped([...visible, ...hidden].map(({ content }) => content)), (project) =>
          this.#judgeOwnTests(project, visible, hidden),
        )
      : this.#judgeProject();
  }

  /** Turns a candidate's patch into files. A string says why it does not fit. */
  async #applyPatch(): Promise<string | undefined> {
    const { patch } = this.#candidate;
    if (patch === undefined) return undefined;
    const { project, files = {} } = this.#task;
    if (Buffer.byteLength(patch) > this.#context.sizes.candidateBytes) {
      return `The candidate cannot be judged: its patch has more than the ${this.#context.sizes.candidateBytes} bytes that are allowed`;
    }
    const read =
      project === undefined ? looseReader(files) : await projectReader(project, this.#context.sizes);
    const patched = applyPatch(read, patch);
    if (!patched.ok) return `The candidate cannot be judged: ${patched.reason}`;
    this.#candidate = { ...this.#candidate, files: patched.files };
    return undefined;
  }

  /** Whether tests of a project run without their types: by this package's harness, not by a framework. */
  #stripped(texts: readonly string[]): boolean {
    return !texts.some((text) => isForeign(this.#task.language, text));
  }

  /** Opens the task's project for the time of some runs. */
  async #inProject<Result>(runs: boolean, work: (project: Project) => Promise<Result>): Promise<Result> {
    const { bases, sizes } = this.#context;
    const project = await openProject(bases, this.#task, runs, sizes);
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  }

  #wantedTests(): { readonly visible: readonly TestFile[]; readonly hidden: readonly TestFile[] } {
    const { only } = this.#options;
    return {
      visible: only === "hidden" ? [] : (this.#task.tests?.visible ?? []),
      hidden: only === "visible" ? [] : (this.#task.tests?.hidden ?? []),
    };
  }

  async #judgeOwnTests(
    project: Project | undefined,
    visible: readonly TestFile[],
    hidden: readonly TestFile[],
  ): Promise<Verdict> {
    const judged: JudgedRun[] = [];
    if (visible.length > 0) {
      const first = await this.#runTests("visible", visible, project, false);
      if (typeof first === "string") return this.#rejected("tests", first, visible);
      judged.push(first);
      if (!first.passed) return this.#verdict("tests", judged, first.reason);
    }
    if (hidden.length > 0) {
      const second = await this.#runTests("hidden", hidden, project, false);
      if (typeof second === "string") return this.#rejected("tests", second, visible);
      judged.push(second);
    }
    const passed = judged.every((run) => run.passed);
    const seen = judged.find((run) => run.runs[0]?.visibility === "visible");
    const reason = passed
      ? (seen?.reason ?? "The hidden tests passed.")
      : seen
        ? "The visible tests passed, but the hidden ones did not."
        : "The hidden tests did not pass.";
    return this.#verdict("tests", judged, reason);
  }

  async #judgeProject(): Promise<Verdict> {
    const paths = this.#options.affectedTests ?? [];
    const read = await projectReader(this.#task.project ?? "", this.#context.sizes);
    const texts = paths.map((path) => Buffer.from(read(path) ?? []).toString("utf8"));
    const verdict =
      paths.length === 0
        ? undefined
        : await this.#inProject(this.#stripped(texts), (project) => this.#judgeAffected(project, paths));
    return verdict ?? this.#inProject(false, (project) => this.#judgeCheck(project));
  }

  /** Runs the affected tests that this package can run; undefined when there are none. */
  async #judgeAffected(project: Project, paths: readonly string[]): Promise<Verdict | undefined> {
    const affected = runnableTests(this.#task.language, project, paths);
    if (affected.length === 0) return undefined;
    const judged = await this.#runTests("visible", affected, project, true);
    if (typeof judged === "string") return this.#rejected("affected-tests", judged, affected);
    return this.#verdict("affected-tests", [judged], judged.reason);
  }

  async #judgeCheck(project: Project): Promise<Verdict> {
    const assembled = assemble(this.#task, this.#candidate, project, []);
    const unfit = assembled.ok ? unplaceable(assembled.workspace, project) : assembled.reason;
    if (!assembled.ok || unfit !== undefined) return this.#rejected("build", unfit ?? "", []);
    const { files } = assembled.workspace;
    const parsed = typesStripped(new Map([...files].filter(([path]) => path in this.#candidate.files)));
    if (!parsed.ok) return this.#rejected("build", parsed.message, []);
    const check = projectCheck(this.#task.language, project, this.#candidate);
    const result = await this.#check(check, assembled.workspace, project);
    const judged = judgeCheck(check.kind, result);
    return this.#verdict(check.kind, [judged], judged.reason);
  }

  /** Runs tests, and compares them with the project without the candidate where that is wanted. */
  async #runTests(
    visibility: Visibility,
    tests: readonly TestFile[],
    project: Project | undefined,
    compare: boolean,
  ): Promise<JudgedRun | string> {
    const judged = await this.#runOnce(this.#candidate, visibility, tests, project);
    if (typeof judged === "string" || project === undefined) return judged;
    if (!(this.#options.compare ?? compare) || (await this.#changesNothing())) return judged;
    const run = async (candidate: Candidate): Promise<JudgedRun | undefined> => {
      const again = await this.#runOnce(candidate, visibility, tests, project, false);
      return typeof again === "string" ? undefined : again;
    };
    const without = () => run({ id: this.#candidate.id, files: {} });
    return compareRuns(judged, {
      before: await this.#context.baselines.get(
        this.#baselineKey(project, tests),
        this.#options.signal,
        without,
      ),
      again: () => run(this.#candidate),
      without,
    });
  }

  /** Whether the project has every file of the candidate as it is: compared with itself, every failure would be an old one. */
  async #changesNothing(): Promise<boolean> {
    const { project } = this.#task;
    if (project === undefined) return false;
    const read = await projectReader(project, this.#context.sizes);
    return Object.entries(this.#candidate.files).every(([path, content]) => {
      const old = read(path);
      return content === null ? old === undefined : old !== undefined && Buffer.from(content).equals(old);
    });
  }

  /** What the result of tests on the unchanged project depends on. */
  #baselineKey(project: Project, tests: readonly TestFile[]): string {
    const { language, files, entryFile } = this.#task;
    const { needs, limits, driver } = this.#options;
    const parts = [project.root, project.state, language, entryFile, files, tests, needs, limits, driver];
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  }

  /**
   * Runs tests in a workspace of their own. A string says why the candidate does not get so far. `told`: whether the run
   * is told to the caller's `onEvent`.
   */
  async #runOnce(
    candidate: Candidate,
    visibility: Visibility,
    tests: readonly TestFile[],
    project: Project | undefined,
    told = true,
  ): Promise<JudgedRun | string> {
    const cases = tests.filter(({ mode }) => mode === "stdio");
    if (cases.length > 0) {
      const programs = await this.#runCases(candidate, visibility, cases, project);
      const others = tests.filter(({ mode }) => mode !== "stdio");
      if (typeof programs === "string" || others.length === 0) return programs;
      const rest = await this.#runOnce(candidate, visibility, others, project);
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
    const separated = framework ? undefined : await this.#runSeparately(visibility, tests, project);
    if (separated !== undefined) return separated;
    const untouched = [...(project?.changed.keys() ?? [])].filter((path) => !(path in candidate.files));
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
    const driver = await this.#driver({ tests: true, projects });
    const workspace = { ...assembled.workspace, files: stripped.files };
    const job = this.#job(workspace, project, { tests: { files: plan, nonce: newNonce() } });
    const events = told ? this.#events(visibility) : undefined;
    const driverResult = await driver
      .run(job, { signal: this.#options.signal, ...events?.hooks })
      .catch(unlessHidden(visibility));
    this.#throwIfCancelled(driverResult.result.status);
    await events?.end(driverResult.result);
    const placed = driverResult.report && withSyntaxPlace(driverResult.report, candidate.files);
    // Only the harness of Python leaves with 0 when every file has ended, and never else.
    const unfinished =
      this.#task.language === "python" && plan.some(({ label }) => placed?.finished.includes(label) !== true);
    const report = withEarlyExit(placed, driverResult.result, unfinished);
    return judgeTests(visibility, { files: plan }, { ...driverResult, report });
  }

  /** Runs the candidate's entry file as a program for each case, and compares what came of it. */
  async #runCases(
    candidate: Candidate,
    visibility: Visibility,
    cases: readonly TestFile[],
    project: Project | undefined,
  ): Promise<JudgedRun | string> {
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
    const driver = await this.#driver({ tests: false, projects: project !== undefined });
    const runs: JudgedRun[] = [];
    for (const { path, content } of cases) {
      const expected = readStdioCase(content);
      if (expected === undefined) continue;
      const { args = [], stdin = "" } = expected;
      const job = {
        ...this.#job({ ...workspace, files: stripped.files }, project, {}),
        entry,
        args,
        stdin: Buffer.from(stdin, "utf8"),
      };
      const { result } = await driver
        .run(job, { signal: this.#options.signal })
        .catch(unlessHidden(visibility));
      this.#throwIfCancelled(result.status);
      runs.push(judgeCase(visibility, path, expected, result));
    }
    return joinRuns(visibility, runs);
  }

  /** Runs the tests in one sandbox and the candidate in another. Undefined when they are to be run in one process. */
  async #runSeparately(
    visibility: Visibility,
    tests: readonly TestFile[],
    project: Project | undefined,
  ): Promise<JudgedRun | string | undefined> {
    const required = this.#options.integrity === "separate";
    if (this.#options.integrity === "shared") return undefined;
    if (project !== undefined) {
      if (required) throw inseparable(this.#task, "it is judged within a project");
      return undefined;
    }
    const driver = await this.#separatingDriver(required);
    if (driver === undefined) return undefined;
    const { entry, candidate, judge, plan, modules } = assembleHalves(this.#task, this.#candidate, tests);
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
        ...this.#job({ files: candidateFiles.files }, undefined, { half: half("candidate") }),
        entry,
      },
      judge: this.#job({ files: judgeFiles.files }, undefined, { tests: testPlan, half: half("judge") }),
    };
    const events = this.#events(visibility);
    const halves = await runHalves(driver, jobs, { signal: this.#options.signal, ...events?.hooks }).catch(
      unlessHidden(visibility),
    );
    if (halves.cancelled) this.#throwIfCancelled("cancelled");
    await events?.end(halves.candidate);
    const { report } = halves.judge;
    if (report?.unseparable !== undefined) {
      const why = visibility === "hidden" ? "a hidden test needs it in its own process" : report.unseparable;
      if (required) throw inseparable(this.#task, why);
      return undefined;
    }
    const placed = report && withSyntaxPlace(report, this.#candidate.files);
    const judged = withEarlyExit(placed, halves.candidate, halves.candidateFirst);
    return judgeTests(visibility, testPlan, { ...halves.judge, report: judged }, halves);
  }

  /** The driver for both halves, or undefined when the one that is chosen keeps nothing apart in this language. */
  async #separatingDriver(required: boolean): Promise<BoundedDriver | undefined> {
    const kind = { tests: true, projects: false };
    const driver = await this.#driver(kind);
    if (driver.separates?.includes(this.#task.language)) return driver;
    if (!required) return undefined;
    return this.#driver({ ...kind, separates: true }).catch((cause: unknown) => {
      throw inseparable(this.#task, `no driver that could run it does so: ${(cause as Error).message}`);
    });
  }

  #events(visibility: Visibility): RunEvents | undefined {
    const { onEvent } = this.#options;
    return onEvent && visibility === "visible" ? new RunEvents(onEvent) : undefined;
  }

  async #check(check: ProjectCheck, workspace: Workspace, project: Project) {
    const driver = await this.#driver({ tests: false, projects: true });
    const job = this.#job(workspace, project, { check });
    const { result } = await driver.run(
      { ...job, language: this.#task.language, limits: { ...job.limits, ...this.#checkLimits() } },
      { signal: this.#options.signal },
    );
    this.#throwIfCancelled(result.status);
    return result;
  }

  #checkLimits(): RunLimits {
    const asked = { ...this.#context.limits, ...this.#options.limits };
    return {
      wallMs: asked.wallMs ?? CHECK_WALL_MS,
      memoryBytes: asked.memoryBytes ?? CHECK_MEMORY_BYTES,
    };
  }

  #driver(kind: Pick<Wanted, "tests" | "projects" | "separates">): Promise<BoundedDriver> {
    return this.#context.registry.choose({
      language: this.#task.language,
      needs: this.#options.needs ?? this.#context.needs,
      limits: askedLimits(this.#context.limits, this.#options.limits),
      driver: this.#options.driver,
      ...kind,
    });
  }

  #job(
    workspace: Pick<Workspace, "files"> & Partial<Pick<Workspace, "deleted">>,
    project: Project | undefined,
    kind: Pick<DriverJob, "tests" | "check" | "half">,
  ): DriverJob {
    const { language } = this.#task;
    return {
      language: language === "typescript" ? "javascript" : language,
      files: workspace.files,
      entry: kind.tests?.files[0]?.path ?? kind.check?.paths[0] ?? "",
      args: [],
      stdin: new Uint8Array(),
      limits: { ...DEFAULT_LIMITS, ...this.#context.limits, ...this.#options.limits },
      ...(project ? { base: project.base, deleted: workspace.deleted, mounts: project.mounts } : {}),
      ...kind,
    };
  }

  #throwIfCancelled(status: string): void {
    if (status !== "cancelled") return;
    if (this.#options.signal?.aborted) throw abortedError(this.#options.signal);
    throw coreError("CLOSED", "The sandbox was closed during this verification. Open a new one.");
  }

  /** The verdict on a candidate that never ran: its tests are listed as missing. */
  #rejected(basis: VerdictBasis, problem: string, visible: readonly Pick<TestFile, "path">[]): Verdict {
    const reason = problem.endsWith(".") ? problem : `${problem}.`;
    return {
      passed: false,
      basis,
      integrity: "shared",
      tests: visible.map(
        (test): TestResult => ({
          name: test.path,
          visibility: "visible",
          status: "missing",
          message: reason,
        }),
      ),
      reason,
      runs: [],
      durationMs: performance.now() - this.#started,
    };
  }

  #verdict(basis: VerdictBasis, judged: readonly JudgedRun[], reason: string): Verdict {
    const output = judged.map((run) => run.output).find((text) => text !== undefined);
    const cheated = [...new Set(judged.flatMap((run) => run.cheated))];
    return {
      passed: judged.length > 0 && judged.every((run) => run.passed),
      basis,
      integrity: judged.every((run) => run.integrity === "separate") ? "separate" : "shared",
      ...(cheated.length > 0 ? { cheated } : {}),
      tests: judged.flatMap((run) => run.tests),
      reason,
      ...(output === undefined ? {} : { output }),
      runs: judged.flatMap((run) => run.runs),
      durationMs: performance.now() - this.#started,
    };
  }
}

function looseReader(files: Readonly<Record<string, string>>): (path: string) => string | undefined {
  return (path) => (Object.hasOwn(files, path) ? files[path] : undefined);
}

function newNonce(): TestPlan["nonce"] {
  return randomBytes(16).toString("hex");
}

/** Hands a failure on, but for what a driver says of hidden tests. */
function unlessHidden(visibility: Visibility): (error: unknown) => never {
  return (error) => {
    throw visibility === "hidden" && isAgentOSError(error, "SANDBOX_DRIVER_FAILED") ? hiddenFailed() : error;
  };
}

function inseparable(task: Task, why: string) {
  return sandboxError(
    "SANDBOX_INTEGRITY_UNAVAILABLE",
    `Task "${task.id}" cannot be judged apart from its candidate: ${why}. Leave out integrity: "separate" to have it judged in one process.`,
  );
}

/** The failure of a driver on hidden tests, without its message: that may name their files. */
function hiddenFailed() {
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    "A sandbox for the hidden tests could not be set up. See what works with: agentos doctor",
  );
}

function unreadableTest(
  task: Task,
  visibility: Visibility,
  problem: { readonly path: string; readonly message: string },
) {
  const what = visibility === "hidden" ? "a hidden test file" : `the test file ${problem.path}`;
  const why = visibility === "hidden" ? "" : ` ${problem.message}`;
  return coreError("TASK_INVALID", `Task "${task.id}": ${what} is not TypeScript that parses.${why}`);
}
