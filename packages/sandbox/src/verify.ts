import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import {
  type Candidate,
  coreError,
  type RunResult,
  type Task,
  type TestFile,
  type TestResult,
  throwIfAborted,
  type Verdict,
  type VerdictBasis,
  type VerifyOptions,
  type Visibility,
} from "@agentos/core";
import { compareRuns } from "./compare.js";
import type { ProjectCheck } from "./driver.js";
import { isForeign } from "./frameworks.js";
import { applyPatch } from "./patch.js";
import { openProject, type Project, projectCheck, projectReader, runnableTests } from "./project.js";
import { TestRuns } from "./test-runs.js";
import { typesStripped } from "./types-stripped.js";
import { type JudgedRun, judgeCheck } from "./verdict.js";
import { type VerifyContext, VerifyJobs } from "./verify-jobs.js";
import { assemble, candidateProblem, unplaceable, type Workspace } from "./workspace.js";

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

/** Why a candidate cannot be put into its task's project or files, in a sentence; undefined where it can. */
export async function unfitCandidate(
  context: VerifyContext,
  task: Task,
  candidate: Candidate,
): Promise<string | undefined> {
  const reason = await new Verification(context, task, candidate, {}).unfit();
  return reason && `${reason}.`;
}

class Verification {
  readonly #context: VerifyContext;
  readonly #jobs: VerifyJobs;
  readonly #runs: TestRuns;
  readonly #task: Task;
  #candidate: Candidate;
  readonly #options: VerifyOptions;
  readonly #started = performance.now();

  constructor(context: VerifyContext, task: Task, candidate: Candidate, options: VerifyOptions) {
    this.#context = context;
    this.#jobs = new VerifyJobs(context, task, options);
    this.#runs = new TestRuns(this.#jobs, task, options);
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
        `Task "${task.id}" has no ${this.#options.only ? `${this.#options.only} ` : ""}tests and no project. Give it tests, or the project that the candidate changes.`,
      );
    }
    const basis: VerdictBasis = ownTests ? "tests" : "affected-tests";
    const problem = await this.unfit();
    if (problem) return this.#rejected(basis, problem, visible);
    if (task.project === undefined) return this.#judgeOwnTests(undefined, visible, hidden);
    return ownTests
      ? this.#inProject(this.#stripped([...visible, ...hidden].map(({ content }) => content)), (project) =>
          this.#judgeOwnTests(project, visible, hidden),
        )
      : this.#judgeProject();
  }

  /** What is wrong with the candidate before anything runs, in a sentence without its full stop. */
  async unfit(): Promise<string | undefined> {
    return (await this.#applyPatch()) ?? candidateProblem(this.#candidate, this.#context.sizes);
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
    const isKnown = (path: string): boolean => read(path) !== undefined;
    const unknown = paths.filter((path) => !isKnown(path));
    const asked: AskedTests = {
      known: paths.filter(isKnown),
      brought: unknown.filter((path) => this.#brings(path) !== undefined),
      missing: unknown.filter((path) => this.#brings(path) === undefined),
    };
    const texts = paths.map((path) => Buffer.from(read(path) ?? this.#brings(path) ?? "").toString("utf8"));
    const affected =
      paths.length === 0
        ? undefined
        : await this.#inProject(this.#stripped(texts), (project) => this.#judgeAffected(project, asked));
    const verdict = affected ?? (await this.#inProject(false, (project) => this.#judgeCheck(project)));
    const told = affected === undefined ? unrun(asked) : this.#otherwise(asked, read);
    return { ...verdict, reason: [verdict.reason, ...told].join(" ") };
  }

  /** The text that the candidate has at a path. */
  #brings(path: string): string | undefined {
    const { files } = this.#candidate;
    return Object.hasOwn(files, path) ? (files[path] ?? undefined) : undefined;
  }

  /** Which tests were not judged by as they are asked for. */
  #otherwise(
    { known, brought, missing }: AskedTests,
    read: (path: string) => Uint8Array | undefined,
  ): readonly string[] {
    const { files } = this.#candidate;
    const changed = known.filter(
      (path) => Object.hasOwn(files, path) && !isSame(files[path] ?? null, read(path)),
    );
    return [
      ...says(NOT_THERE, missing),
      ...says("Brought by the candidate itself", brought),
      ...says("Run as the project has them, not as the candidate changes them", changed),
    ];
  }

  /**
   * Runs the affected tests that this package can run; undefined when there are none. Those that the candidate brings run by themselves, after
   * the project's: they can only fail it.
   */
  async #judgeAffected(project: Project, { known, brought }: AskedTests): Promise<Verdict | undefined> {
    const { language } = this.#task;
    const own = runnableTests(language, project, known);
    const further = runnableTests(language, project, brought, (path) => this.#brings(path));
    const judged: JudgedRun[] = [];
    if (own.length > 0) {
      const run = await this.#runTests("visible", own, project, true);
      if (typeof run === "string") return this.#rejected("affected-tests", run, own);
      judged.push(run);
    }
    if (further.length > 0 && judged.every(({ passed }) => passed)) {
      const parsed = typesStripped(new Map(further.map(({ path, content }) => [path, content])));
      const run = parsed.ok ? await this.#runTests("visible", further, project, false) : parsed.message;
      if (typeof run === "string") return this.#rejected("affected-tests", run, further);
      judged.push(run);
    }
    const told = judged.find(({ passed }) => !passed) ?? judged[0];
    return told && this.#verdict("affected-tests", judged, told.reason);
  }

  async #judgeCheck(project: Project): Promise<Verdict> {
    const assembled = assemble(this.#task, this.#candidate, project, []);
    const unfit = assembled.ok ? unplaceable(assembled.workspace, project) : assembled.reason;
    if (!assembled.ok || unfit !== undefined) return this.#rejected("build", unfit ?? "", []);
    const { files } = assembled.workspace;
    const parsed = typesStripped(
      new Map([...files].filter(([path]) => Object.hasOwn(this.#candidate.files, path))),
    );
    if (!parsed.ok) return this.#rejected("build", parsed.message, []);
    const check = projectCheck(this.#task.language, project, this.#candidate);
    const result = await this.#check(check, assembled.workspace, project);
    const judged = judgeCheck(check.kind, result);
    return this.#verdict(check.kind, [judged], judged.reason);
  }

  async #check(check: ProjectCheck, workspace: Workspace, project: Project): Promise<RunResult> {
    const driver = await this.#jobs.driver({ tests: false, projects: true });
    const job = this.#jobs.job(workspace, project, { check });
    const { result } = await driver.run(
      { ...job, language: this.#task.language, limits: { ...job.limits, ...this.#jobs.checkLimits() } },
      { signal: this.#options.signal },
    );
    this.#jobs.throwIfCancelled(result.status);
    return result;
  }

  /** Runs tests, and compares them with the project without the candidate where that is wanted. */
  async #runTests(
    visibility: Visibility,
    tests: readonly TestFile[],
    project: Project | undefined,
    compare: boolean,
  ): Promise<JudgedRun | string> {
    const judged = await this.#runs.run({ candidate: this.#candidate, visibility, tests, project });
    if (typeof judged === "string" || project === undefined) return judged;
    if (!(this.#options.compare ?? compare) || (await this.#changesNothing())) return judged;
    const run = async (candidate: Candidate): Promise<JudgedRun | undefined> => {
      const again = await this.#runs.run({ candidate, visibility, tests, project, told: false });
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
    return Object.entries(this.#candidate.files).every(([path, content]) => isSame(content, read(path)));
  }

  /** What the result of tests on the unchanged project depends on. */
  #baselineKey(project: Project, tests: readonly TestFile[]): string {
    const { language, files, entryFile } = this.#task;
    const { needs, limits, driver } = this.#options;
    const installed = [...project.mounts].map(([path, source]) => [path, source, stampOf(source)]);
    const parts = [
      ...[project.root, project.state, installed, language, entryFile, files, tests, needs, limits, driver],
    ];
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
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

/** The tests by which a project is to judge, by their paths. */
interface AskedTests {
  /** Those of the project. */
  readonly known: readonly string[];
  /** Those that only the candidate has. */
  readonly brought: readonly string[];
  readonly missing: readonly string[];
}

const NOT_THERE = "Not in the project, and so not run";

function unrun({ known, brought, missing }: AskedTests): readonly string[] {
  return [
    ...says(NOT_THERE, missing),
    ...says("Not run, since nothing here runs them", [...known, ...brought]),
  ];
}

function says(what: string, which: readonly string[]): readonly string[] {
  return which.length === 0 ? [] : [`${what}: ${which.join(", ")}.`];
}

/** Whether a file of a candidate is what the project has there; null: it is deleted. */
function isSame(content: string | null, old: Uint8Array | undefined): boolean {
  return content === null ? old === undefined : old !== undefined && Buffer.from(content).equals(old);
}

/** What changes when dependencies are installed into a folder. */
function stampOf(folder: string): readonly (number | undefined)[] {
  return [folder, join(folder, ".package-lock.json")].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  );
}

function looseReader(files: Readonly<Record<string, string>>): (path: string) => string | undefined {
  return (path) => (Object.hasOwn(files, path) ? files[path] : undefined);
}
