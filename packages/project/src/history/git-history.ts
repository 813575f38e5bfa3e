import { isAbsolute } from "node:path";
import {
  type BlamedLines,
  type Commit,
  type FileDiff,
  type History,
  type HistoryQuery,
  type Logger,
  silentLogger,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import * as v from "valibot";
import { projectError } from "../errors.js";
import { joinWithin } from "../graph/project-map.js";
import { loggerSchema, signalSchema, waitSchema } from "../options.js";
import { zeroFields } from "./fields.js";
import { readBlame } from "./read-blame.js";
import { rawFiles, readPatch } from "./read-diff.js";
import { LOG_FORMAT, readLog } from "./read-log.js";
import { gitChunks, gitFailed, gitOutput, runGit } from "./run-git.js";

/** Bytes of a patch or of a file's lines that are read. */
const OUTPUT_LIMIT = 33_554_432;
/** What keeps programs, colours and settings out of what git prints, and finds renames of up to 1,000 files at once. */
const PLAIN: readonly string[] = ["--no-color", "--no-ext-diff", "--no-textconv", "-M", "-l1000"];

/** Options of `new GitHistory`. */
export interface GitHistoryOptions {
  /** The project's folder, which may lie within a repository: only what is below it counts. */
  readonly root: string;
  /**
   * Milliseconds that git may let its reader wait without a word, after which it is ended and `PROJECT_HISTORY_TIMEOUT` is thrown.
   * @default 30_000
   */
  readonly timeoutMs?: number;
  /** @default silent */
  readonly logger?: Logger;
}

const optionsSchema: v.GenericSchema<GitHistoryOptions> = v.strictObject({
  root: v.pipe(v.string(), v.nonEmpty("must not be empty")),
  // The longest that a timer waits.
  timeoutMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1))),
  logger: v.optional(loggerSchema),
});

const querySchema: v.GenericSchema<HistoryQuery> = v.strictObject({
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  paths: v.optional(v.array(v.pipe(v.string(), v.nonEmpty("must not be empty")))),
  since: v.optional(v.pipe(v.number(), v.finite())),
  signal: v.optional(signalSchema),
});

/**
 * The history that git keeps of a project, read by the program `git`, which has to be on the PATH. Without it, outside of a repository and
 * before the first commit the history is empty. No setting of the repository can make git run another program.
 */
export class GitHistory implements History {
  readonly version = 1;
  readonly #root: string;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  #below: boolean | undefined;

  /** Throws `OPTIONS_INVALID`. */
  constructor(options: GitHistoryOptions) {
    const valid = validate(optionsSchema, options, { what: "GitHistory options" });
    this.#root = valid.root;
    this.#logger = valid.logger ?? silentLogger;
    this.#timeoutMs = valid.timeoutMs ?? 30_000;
  }

  /**
   * Throws `ABORTED`, `OPTIONS_INVALID`, `PROJECT_PATH_OUTSIDE`, `PROJECT_HISTORY_FAILED` where git fails, and
   * `PROJECT_HISTORY_TIMEOUT` where it hangs.
   */
  async *commits(query: HistoryQuery = {}): AsyncGenerator<Commit, void> {
    const { limit, paths, since, signal } = validate(querySchema, query, { what: "Query of commits" });
    throwIfAborted(signal);
    const within = (paths ?? []).map(relativePath);
    // An empty list asks for commits that touched none of nothing.
    if (paths?.length === 0) return;
    const asked = within.length > 0 ? within : (await this.#isBelow(signal)) ? ["."] : [];
    const run = runGit(this.#root, [
      ...["log", "-z", "--name-status", LOG_FORMAT, "--no-notes", "--no-decorate", "--relative", ...PLAIN],
      ...(limit === undefined ? [] : [`--max-count=${limit}`]),
      ...(since === undefined ? [] : [`--max-age=${Math.ceil(since / 1_000)}`]),
      ...["HEAD", "--", ...asked],
    ]);
    yield* readLog(zeroFields(gitChunks(run, this.#root, { timeoutMs: this.#timeoutMs, signal })));
    const { status, error } = await run.ended;
    if (status !== 0) await this.#explain(status, error, signal);
  }

  /** Throws `OPTIONS_INVALID` for what is no id, `PROJECT_COMMIT_UNKNOWN`, and as `commits` does. */
  async diff(commit: string, options: WaitOptions = {}): Promise<readonly FileDiff[]> {
    const id = validate(v.pipe(v.string(), v.regex(/^[\da-f]{40,64}$/, "must be a whole id")), commit, {
      what: "Commit of diff",
    });
    const { signal } = validate(waitSchema, options, { what: "Options of diff" });
    const known = await this.#output(["cat-file", "-e", `${id}^{commit}`], signal);
    if (known.status !== 0) {
      throw projectError("PROJECT_COMMIT_UNKNOWN", `There is no commit ${id} in ${this.#root}.`, {
        details: { commit: id },
      });
    }
    const ask = ["log", "-1", "--format=", "--diff-merges=first-parent", "--relative", ...PLAIN];
    const raw = await this.#succeeded([...ask, "--raw", "--abbrev=40", "-z", id, "--"], signal);
    const files = rawFiles(raw.text);
    if (files.length === 0) return [];
    const shape = [
      "--src-prefix=a/",
      "--dst-prefix=b/",
      "--submodule=short",
      "-U3",
      "--inter-hunk-context=0",
    ];
    const patch = await this.#succeeded([...ask, "-p", ...shape, id, "--"], signal);
    return readPatch(patch.text, files, patch.cut);
  }

  /** Throws as `commits` does. */
  async blame(path: string, options: WaitOptions = {}): Promise<readonly BlamedLines[]> {
    const within = relativePath(
      validate(v.pipe(v.string(), v.nonEmpty("must not be empty")), path, { what: "Path of blame" }),
    );
    const { signal } = validate(waitSchema, options, { what: "Options of blame" });
    const known = await this.#output(["cat-file", "-e", `HEAD:./${within}`], signal);
    if (known.status !== 0) return [];
    const { text } = await this.#succeeded(
      ["blame", "--porcelain", "--no-textconv", "HEAD", "--", within],
      signal,
    );
    return readBlame(text);
  }

  /** Whether the project lies below the root of its repository. */
  async #isBelow(signal: AbortSignal | undefined): Promise<boolean> {
    if (this.#below === undefined) {
      const { status, text } = await this.#output(["rev-parse", "--show-prefix"], signal);
      if (status !== 0) return false;
      this.#below = text.trim() !== "";
    }
    return this.#below;
  }

  #output(args: readonly string[], signal: AbortSignal | undefined): ReturnType<typeof gitOutput> {
    throwIfAborted(signal);
    return gitOutput(this.#root, args, { limit: OUTPUT_LIMIT, timeoutMs: this.#timeoutMs, signal });
  }

  async #succeeded(
    args: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly text: string; readonly cut: boolean }> {
    const output = await this.#output(args, signal);
    if (output.status !== 0) throw gitFailed(this.#root, output.error);
    return output;
  }

  /** Says why there is no history; throws where there should be one. */
  async #explain(status: number | undefined, error: string, signal: AbortSignal | undefined): Promise<void> {
    if (status !== undefined) {
      const head = await this.#output(["rev-parse", "--verify", "--quiet", "HEAD"], signal);
      if (head.status === 0) throw gitFailed(this.#root, error);
    }
    this.#logger.debug({ root: this.#root, error }, "no history: no git, no repository or no commit");
  }
}

/** A path relative to the root, as git is asked for it. Throws `PROJECT_PATH_OUTSIDE`. */
function relativePath(path: string): string {
  const within = isAbsolute(path) ? undefined : joinWithin("", path);
  if (within !== undefined && !within.includes("\0")) return within === "" ? "." : within;
  throw projectError("PROJECT_PATH_OUTSIDE", `${path} is not a path relative to the project's root.`, {
    details: { path },
  });
}
