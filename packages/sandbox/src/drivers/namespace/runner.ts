import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { RunFacts, RunLimits } from "@agentos/core";
import type { DriverContext, DriverJob, DriverResult, RunHooks } from "../../driver.js";
import { sandboxError } from "../../errors.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import { DEFAULT_LIMITS } from "../../options.js";
import { type PoolMetrics, SparePool } from "../../spare-pool.js";
import { unlessAborted } from "../../unless-aborted.js";
import { type ChannelText, hasBegun, LastWord, LiveTests, readChannel } from "./channel.js";
import { collecting, collectionBytes, splitChannel } from "./collect.js";
import { type Bind, bindProblem, type Script, type View } from "./command.js";
import { harnessFolder } from "./harness-folder.js";
import { guaranteesOf, type Host, Identities } from "./host.js";
import { filesOf } from "./job-files.js";
import { type Ended, type JobOptions, neverStarted } from "./launch.js";
import { describeLimits, type LimitMeans, resourceLimits } from "./limits.js";
import { type Counted, Place, type PlaceOptions } from "./place.js";
import { archivePrefix, baseView, beforeUnpacking, tryOverlay } from "./project-base.js";
import { reportOf, resultOf, usageOf } from "./results.js";
import { type ScriptBounds, scriptOf, warmScriptOf } from "./scripts.js";
import { supervised } from "./supervisor.js";
import { type TarEntry, writeTar } from "./tar.js";
import { type Toolbox, toolchainOf, type WorkingToolchain } from "./toolbox.js";
import { systemBinds } from "./toolchains.js";
import { encodeWarmJob, warmTarget } from "./warm-job.js";

const MEBIBYTE = 1024 * 1024;
/** A toolchain that works starts in a second; where the processor is emulated, in a minute. */
const TRIAL_MS = 60_000;
/** Room for the files of a job in a sandbox that is started before they are known. Jobs with more get one of their own. */
const WARM_FILES_BYTES = 8 * MEBIBYTE;

/** Runs jobs in sandboxes, each in one of its own that is gone afterwards. */
export class NamespaceRunner {
  readonly #host: Host;
  readonly #means: LimitMeans;
  readonly #cacheDir: string;
  readonly #identities = new Identities();
  readonly #system = systemBinds();
  readonly #stops = new Set<AbortController>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #overlays = false;
  readonly #caches = new Map<string, Promise<string>>();
  #harness: Promise<string> | undefined;
  readonly #places = new Set<Place>();
  readonly #pool: SparePool<PlaceOptions, Place>;

  constructor(host: Host, context: DriverContext) {
    this.#host = host;
    this.#means = { cgroups: host.cgroups, ownIdentity: host.root };
    this.#cacheDir = context.cacheDir;
    this.#pool = new SparePool(
      (start) => this.#place(start),
      (start) => JSON.stringify(start),
      context.spares === undefined ? {} : { spares: context.spares },
    );
  }

  /** Runs a shell script that needs no files, to see what works. `base`: a folder to have below its working folder. */
  async trial(
    binds: readonly Bind[],
    script: string,
    base?: string,
  ): Promise<
    { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string }
  > {
    const problem = binds.map((bind) => bindProblem(this.#host, bind)).find(Boolean);
    if (problem) return { ok: false, reason: problem };
    try {
      const limits = { ...DEFAULT_LIMITS, wallMs: TRIAL_MS, outputBytes: 64 * 1024 };
      const job = { limits, stdin: new Uint8Array() };
      const place = this.#place(
        this.#start(
          supervised({ text: script, args: [] }, 0),
          {
            binds,
            environment: BASE_ENVIRONMENT,
            workBytes: MEBIBYTE,
            ...(base === undefined ? {} : { overlay: base }),
          },
          job.limits,
        ),
      );
      const { ended } = await this.#finish(place, false, writeTar([]), job, {});
      if (ended.exitCode === 0) return { ok: true, output: ended.stdout.text() };
      return {
        ok: false,
        reason: ended.stderr.text().trim().split("\n").at(-1) || `it ended with ${ended.exitCode}`,
      };
    } catch (error) {
      return { ok: false, reason: (error as Error).message };
    }
  }

  /**
   * Finds out whether projects can lie below a writable layer; the reason when not. They are copied for each run then.
   */
  async tryOverlay(): Promise<string | undefined> {
    const problem = await tryOverlay(this.#cacheDir, (script, base) => this.trial([], script, base));
    this.#overlays = problem === undefined;
    return problem;
  }

  /** Runs one job. */
  async run(job: DriverJob, toolbox: Toolbox, hooks: RunHooks): Promise<DriverResult> {
    const work = this.#run(job, toolbox, hooks);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** What its pool did so far, and holds now. */
  pool(): PoolMetrics {
    return this.#pool.metrics();
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const stop of this.#stops) stop.abort();
    await Promise.allSettled([...this.#running, ...this.#caches.values(), this.#harness]);
    await this.#pool.close();
    await Promise.all([...this.#places].map((place) => place.gone));
  }

  async #run(job: DriverJob, toolbox: Toolbox, hooks: RunHooks): Promise<DriverResult> {
    const { signal } = hooks;
    const toolchain = toolchainOf(toolbox, job.language);
    if (!toolchain) {
      throw sandboxError(
        "SANDBOX_LANGUAGE_UNAVAILABLE",
        `The namespace driver has no toolchain for ${job.language} here.`,
      );
    }
    const mounts = [...(job.mounts ?? [])].map(([path, source]) => ({ source, target: `/work/${path}` }));
    const binds = [...toolchain.binds, ...mounts, await this.#harnessBind(toolbox)];
    const { steps } = LANGUAGE_FACTS[job.language];
    const cache = await unlessAborted(this.#cache(job, toolchain), signal);
    if (cache) binds.push(cache);
    const environment = { ...BASE_ENVIRONMENT, ...steps.environment?.(job) };
    for (const bind of binds) {
      const problem = bindProblem(this.#host, bind);
      if (problem) throw sandboxError("SANDBOX_DRIVER_FAILED", `${problem}.`);
    }
    if (signal?.aborted)
      return this.#judge(job, neverStarted(job.limits), NOTHING_SAID, NOTHING_COUNTED, false);
    const files = filesOf(job, toolchain);
    const bounds = this.#bounds(job);
    const base = baseView(job, this.#overlays);
    const before = beforeUnpacking(job, this.#overlays);
    const groupBytes = this.#groupBytes(job);
    const nonce = randomUUID();
    const script = job.collect
      ? collecting(scriptOf(job, toolchain.program, bounds, ""), job.collect, before, nonce)
      : scriptOf(job, toolchain.program, bounds, before);
    const size = sizeOf(files);
    const target = warmTarget(job, script.args);
    const archive = target
      ? encodeWarmJob(target, files)
      : Buffer.concat([archivePrefix(job), writeTar(files)]);
    const start = (what: Script, room: number): PlaceOptions => {
      const work: WorkView = {
        binds: [...base.binds, ...binds],
        environment,
        workBytes: job.limits.diskBytes + room,
        ...(groupBytes === undefined ? {} : { groupBytes }),
        ...(base.overlay === undefined ? {} : { overlay: base.overlay }),
      };
      return this.#start(supervised(what, bounds.fileBytes), work, job.limits, job.half !== undefined);
    };
    const scriptFor = (known: boolean): Script =>
      target ? warmScriptOf(job.language, toolchain.program, bounds, target.kind, known) : script;
    const ahead = target && size <= WARM_FILES_BYTES ? start(scriptFor(false), WARM_FILES_BYTES) : undefined;
    // Where none was started, one that is made for this job alone is quicker than one that could take any.
    const spare = ahead && (await this.#pool.takeAhead(ahead, signal));
    if (signal?.aborted) {
      spare?.item.kill();
      return this.#judge(job, neverStarted(job.limits), NOTHING_SAID, NOTHING_COUNTED, false);
    }
    const cold = (): Promise<Finished> =>
      this.#finish(
        this.#place(start(scriptFor(true), size + base.extraBytes)),
        false,
        archive,
        job,
        hooks,
        onReport,
      );
    const live =
      job.tests && hooks.onTest && LANGUAGE_FACTS[job.language].steps.report === undefined
        ? new LiveTests(job.tests, hooks.onTest)
        : undefined;
    const lastWord = job.tests && target ? new LastWord(job.tests.nonce) : undefined;
    const onReport = (bytes: Uint8Array): boolean => {
      live?.push(bytes);
      return lastWord?.push(bytes) ?? false;
    };
    const first = spare && (await this.#finish(spare.item, true, archive, job, hooks, onReport));
    // A spare that something killed is told from one that lives only when it is used.
    const again = first && diedIdle(first) && !hooks.input && !hooks.link;
    const { ended, counted } = first && !again ? first : await this.#pool.beside(cold);
    const isWarm = first !== undefined && !again;
    const split = job.collect ? splitChannel(ended.channel, job.collect, nonce) : { channel: ended.channel };
    const channel = readChannel(split.channel);
    const outOfMemory = (counted.atEnd?.outOfMemoryKills ?? 0) > 0;
    if (!channel.ready && ended.stopped === undefined && !outOfMemory) throw setupFailed(ended, channel);
    const judged = this.#judge(job, ended, channel, counted, isWarm);
    // Those that were reported in another way, or in a line that was cut.
    for (const test of judged.report?.tests.slice(live?.told ?? 0) ?? []) hooks.onTest?.(test);
    return ended.stopped === undefined && "collected" in split && split.collected
      ? { ...judged, collected: split.collected }
      : judged;
  }

  /** What a sandbox is started with; sandboxes that are started with the same may stand in for one another. */
  #start(script: Script, view: WorkView, limits: Required<RunLimits>, link = false): PlaceOptions {
    const { binds, links } = this.#system;
    const { memoryBytes, processes, diskBytes } = limits;
    return {
      script,
      view: { ...view, binds: [...binds, ...view.binds], links, temporaryBytes: diskBytes },
      limits: { memoryBytes, processes },
      link,
    };
  }

  #place(start: PlaceOptions): Place {
    const place = new Place(this.#host, this.#identities, start);
    this.#places.add(place);
    void place.gone.then(() => this.#places.delete(place));
    return place;
  }

  async #finish(
    place: Place,
    ahead: boolean,
    archive: Uint8Array,
    job: Pick<DriverJob, "limits" | "stdin" | "collect">,
    hooks: RunHooks,
    onReport?: JobOptions["onReport"],
  ): Promise<Finished> {
    const stop = new AbortController();
    this.#stops.add(stop);
    try {
      const options = {
        limits: job.limits,
        stdin: job.stdin,
        archive,
        channelBytes:
          8 * MEBIBYTE + 8 * job.limits.outputBytes + (job.collect ? collectionBytes(job.collect) : 0),
        signals: hooks.signal ? [hooks.signal, stop.signal] : [stop.signal],
        hooks,
        ...(onReport ? { onReport } : {}),
      };
      return await place.run(options, ahead);
    } finally {
      this.#stops.delete(stop);
    }
  }

  /** The folder of harnesses, made where it is missing. */
  async #harnessBind(toolbox: Toolbox): Promise<Bind> {
    this.#harness ??= harnessFolder(this.#cacheDir, toolbox);
    this.#harness.catch(() => {
      // The next run tries again; this one reports why.
      this.#harness = undefined;
    });
    return { source: await this.#harness, target: "/harness" };
  }

  /** The build cache of a job's language, made where it is missing. It takes seconds once; who cancels does not wait for it. */
  async #cache(job: DriverJob, toolchain: WorkingToolchain): Promise<Bind | undefined> {
    const { toolchain: facts, steps } = LANGUAGE_FACTS[job.language];
    if (!steps.cache) return undefined;
    const { target, warm } = steps.cache;
    let made = this.#caches.get(facts.name);
    if (!made) {
      made = warm(this.#cacheDir, toolchain, this.#closing.signal);
      this.#caches.set(facts.name, made);
      // The next run tries again; this one reports why.
      made.catch(() => this.#caches.delete(facts.name));
    }
    return { source: await made, target };
  }

  #bounds(job: DriverJob): ScriptBounds {
    const reserves = LANGUAGE_FACTS[job.language].steps.reservesMemory ?? false;
    return {
      fileBytes: job.limits.fileBytes,
      lines: resourceLimits(job.limits, this.#means, reserves),
      megabytes: Math.max(16, Math.floor(job.limits.memoryBytes / MEBIBYTE)),
      heapFromGroup: this.#groupBytes(job) !== undefined,
    };
  }

  /** The limit that a runtime is shown in its control group, by which its heap is the run's memory. */
  #groupBytes({ language, limits }: DriverJob): number | undefined {
    const { heapFromGroup } = LANGUAGE_FACTS[language].steps;
    if (heapFromGroup === undefined || !this.#host.cgroups) return undefined;
    const { share, leastBytes, mostBytes } = heapFromGroup;
    const within = limits.memoryBytes >= leastBytes && limits.memoryBytes <= mostBytes;
    return within ? Math.floor(limits.memoryBytes / share) : undefined;
  }

  #judge(job: DriverJob, ended: Ended, channel: ChannelText, counted: Counted, warm: boolean): DriverResult {
    const report = job.tests && reportOf(job, job.tests, ended, channel);
    const facts = this.#facts(job, ended, counted, report?.output ?? "", warm);
    const failed = channel.invalid.length > 0 ? ended.stderr.text().trim() : undefined;
    const result = resultOf(job, facts, ended, counted, job.tests ? undefined : failed);
    return report ? { result, report } : { result };
  }

  #facts(job: DriverJob, ended: Ended, counted: Counted, printed: string, warm: boolean): RunFacts {
    const { filter, root } = this.#host;
    return {
      driver: "namespace",
      mechanism: "namespace",
      guarantees: guaranteesOf(this.#host),
      enforced: [
        ...describeLimits(job.limits, this.#means),
        "no network, private file system (bubblewrap)",
        ...(filter ? ["system calls filtered (seccomp)"] : []),
        ...(job.base ? [this.#overlays ? "project below a writable layer" : "project copied"] : []),
        root ? "a user id of its own" : "the caller's user id, without privileges",
      ],
      stdout: ended.stdout.text() + printed.slice(0, job.limits.outputBytes),
      stderr: ended.stderr.text(),
      truncated: ended.stdout.truncated || ended.stderr.truncated || printed.length > job.limits.outputBytes,
      usage: usageOf(ended, counted, warm),
      durationMs: ended.durationMs,
    };
  }
}

/** What differs between the sandboxes of one machine. */
type WorkView = Pick<View, "binds" | "environment" | "workBytes" | "overlay" | "groupBytes">;

/** A job that is over. */
interface Finished {
  readonly ended: Ended;
  readonly counted: Counted;
}

/** Whether a sandbox that waited for its job died before it had all of it. */
function diedIdle({ ended, counted }: Finished): boolean {
  const killedFor = ended.stopped !== undefined || (counted.atEnd?.outOfMemoryKills ?? 0) > 0;
  return !killedFor && !hasBegun(ended.channel);
}

/** What files take in a tmpfs, which gives them whole pages. */
function sizeOf(files: readonly TarEntry[]): number {
  return files.reduce((total, entry) => {
    if (!("content" in entry)) return total;
    const bytes = typeof entry.content === "string" ? Buffer.byteLength(entry.content) : entry.content.length;
    return total + Math.ceil(bytes / PAGE) * PAGE;
  }, 0);
}

const PAGE = 4096;

const NOTHING_COUNTED: Counted = { atEnd: undefined, atStop: undefined };
const NOTHING_SAID: ChannelText = { ready: false, invalid: [], lines: [] };

const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/tmp",
  TMPDIR: "/tmp",
  LANG: "C.UTF-8",
};

function setupFailed(ended: Ended, channel: ChannelText): Error {
  const text = [ended.stderr.text(), ...channel.lines].join("\n").trim().slice(0, 2000);
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    `A sandbox could not be set up: ${text || `bubblewrap ended with ${ended.exitCode}`}. See what works with: agentos doctor`,
  );
}
