import { randomBytes } from "node:crypto";
import {
  abortedError,
  type Candidate,
  coreError,
  isAgentOSError,
  type Needs,
  type RunLimits,
  type Task,
  type TestFile,
  type TestResult,
  throwIfAborted,
  type Verdict,
  type VerdictBasis,
  type VerifyOptions,
  type Visibility,
} from "@agentos/core";
import type { DriverJob, ProjectCheck, SandboxDriver } from "./driver.js";
import { sandboxError } from "./errors.js";
import { DEFAULT_LIMITS } from "./options.js";
import { type Project, type ProjectLimits, projectCheck, readProject, runnableTests } from "./project.js";
import type { DriverRegistry } from "./registry.js";
import { withSyntaxPlace } from "./syntax-place.js";
import { typesStripped } from "./types-stripped.js";
import { type JudgedRun, judgeCheck, judgeTests } from "./verdict.js";
import { assemble, type CandidateLimits, candidateProblem, unplaceable } from "./workspace.js";

/** What a sandbox has for its verdicts. */
export interface VerifyContext {
  readonly registry: DriverRegistry;
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
  readonly #candidate: Candidate;
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
    const problem = candidateProblem(this.#candidate, this.#context.sizes);
    if (problem) return this.#rejected(basis, problem, visible);
    const project = task.project === undefined ? undefined : await readProject(task, this.#context.sizes);
    if (ownTests) return this.#judgeOwnTests(project, visible, hidden);
    return this.#judgeProject(project as Project);
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
      const first = await this.#runTests("visible", visible, project);
      if (typeof first === "string") return this.#rejected("tests", first, visible);
      judged.push(first);
      if (!first.passed) return this.#verdict("tests", judged, first.reason);
    }
    if (hidden.length > 0) {
      const second = await this.#runTests("hidden", hidden, project);
      if (typeof second === "string") return this.#rejected("tests", second, visible);
      judged.push(second);
    }
    const passed = judged.every((run) => run.passed);
    const seen = judged.find((run) => run.run.visibility === "visible");
    const reason = passed
      ? (seen?.reason ?? "The hidden tests passed.")
      : seen
        ? "The visible tests passed, but the hidden ones did not."
        : "The hidden tests did not pass.";
    return this.#verdict("tests", judged, reason);
  }

  async #judgeProject(project: Project): Promise<Verdict> {
    const affected = runnableTests(this.#task.language, project, this.#options.affectedTests ?? []);
    if (affected.length > 0) {
      const judged = await this.#runTests("visible", affected, project);
      if (typeof judged === "string") return this.#rejected("affected-tests", judged, affected);
      return this.#verdict("affected-tests", [judged], judged.reason);
    }
    const assembled = assemble(this.#task, this.#candidate, project.files, []);
    if (!assembled.ok) return this.#rejected("build", assembled.reason, []);
    const unfit = unplaceable(assembled.workspace.files.keys(), project.mounts.keys());
    if (unfit !== undefined) return this.#rejected("build", unfit, []);
    const { files } = assembled.workspace;
    const parsed = typesStripped(new Map([...files].filter(([path]) => path in this.#candidate.files)));
    if (!parsed.ok) return this.#rejected("build", parsed.message, []);
    const check = projectCheck(this.#task.language, project, this.#candidate);
    const result = await this.#check(check, files, project);
    const judged = judgeCheck(check.kind, result);
    return this.#verdict(check.kind, [judged], judged.reason);
  }

  /** Runs tests in a workspace of their own. A string says why the candidate does not get so far. */
  async #runTests(
    visibility: Visibility,
    tests: readonly TestFile[],
    project: Project | undefined,
  ): Promise<JudgedRun | string> {
    const assembled = assemble(this.#task, this.#candidate, project?.files ?? new Map(), tests);
    const unfit = assembled.ok
      ? project && unplaceable(assembled.workspace.files.keys(), project.mounts.keys())
      : assembled.reason;
    if (!assembled.ok || unfit !== undefined) {
      // The reason may name a hidden test's file.
      return visibility === "hidden" ? "The candidate does not fit the hidden tests" : (unfit ?? "");
    }
    const { files, plan } = assembled.workspace;
    const untouched = [...(project?.files.keys() ?? [])].filter((path) => !(path in this.#candidate.files));
    const stripped = typesStripped(files, new Set(untouched));
    if (!stripped.ok) {
      const joined = tests.some((test) => test.path === stripped.path && test.mode === "append");
      if (tests.some((test) => test.path === stripped.path) && !joined)
        throw unreadableTest(this.#task, visibility, stripped);
      return visibility === "hidden"
        ? "The candidate does not parse together with the hidden tests"
        : stripped.message;
    }
    const driver = await this.#driver({ tests: true, projects: project !== undefined });
    const nonce = randomBytes(16).toString("hex");
    const job = this.#job(stripped.files, project, { tests: { files: plan, nonce } });
    const driverResult = await driver.run(job, this.#options.signal).catch((error: unknown) => {
      throw visibility === "hidden" && isAgentOSError(error, "SANDBOX_DRIVER_FAILED")
        ? hiddenFailed()
        : error;
    });
    this.#throwIfCancelled(driverResult.result.status);
    const report = driverResult.report && withSyntaxPlace(driverResult.report, this.#candidate.files);
    return judgeTests(visibility, { files: plan }, { ...driverResult, report });
  }

  async #check(check: ProjectCheck, files: ReadonlyMap<string, string | Uint8Array>, project: Project) {
    const driver = await this.#driver({ tests: false, projects: true });
    const job = this.#job(files, project, { check });
    const { result } = await driver.run(
      { ...job, language: this.#task.language, limits: { ...job.limits, ...this.#checkLimits() } },
      this.#options.signal,
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

  #driver(kind: { readonly tests: boolean; readonly projects: boolean }): Promise<SandboxDriver> {
    return this.#context.registry.choose({
      language: this.#task.language,
      needs: this.#options.needs ?? this.#context.needs,
      driver: this.#options.driver,
      ...kind,
    });
  }

  #job(
    files: ReadonlyMap<string, string | Uint8Array>,
    project: Project | undefined,
    kind: Pick<DriverJob, "tests" | "check">,
  ): DriverJob {
    const { language } = this.#task;
    return {
      language: language === "typescript" ? "javascript" : language,
      files,
      entry: kind.tests?.files[0]?.path ?? kind.check?.paths[0] ?? "",
      args: [],
      stdin: new Uint8Array(),
      limits: { ...DEFAULT_LIMITS, ...this.#context.limits, ...this.#options.limits },
      ...(project ? { mounts: project.mounts } : {}),
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
    return {
      passed: judged.length > 0 && judged.every((run) => run.passed),
      basis,
      integrity: "shared",
      tests: judged.flatMap((run) => run.tests),
      reason,
      ...(output === undefined ? {} : { output }),
      runs: judged.map((run) => run.run),
      durationMs: performance.now() - this.#started,
    };
  }
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
