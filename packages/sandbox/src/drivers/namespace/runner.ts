import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import type { RunFacts, RunLimits } from "@agentos/core";
import { readAsset } from "../../assets.js";
import type { DriverJob, DriverResult, TestPlan } from "../../driver.js";
import { sandboxError } from "../../errors.js";
import { CgroupLeaf } from "./cgroup.js";
import { type ChannelText, readChannel } from "./channel.js";
import { type Bind, bindProblem, commandOf, type View } from "./command.js";
import { GO_ENVIRONMENT, warmGoCache } from "./go-cache.js";
import { goFolders, readGoEvents } from "./go-report.js";
import { type Host, Identities } from "./host.js";
import { type Ended, launch } from "./launch.js";
import { reportOf, resultOf } from "./results.js";
import { checkScript, programScript, type ScriptLimits, testScript } from "./scripts.js";
import { type TarEntry, writeTar } from "./tar.js";
import { type Toolbox, toolchainOf, type WorkingToolchain } from "./toolbox.js";
import { systemBinds } from "./toolchains.js";

const MEBIBYTE = 1024 * 1024;
/** Room in the work folder beside the run's own files, and in /tmp. */
const WRITABLE_BYTES = 256 * MEBIBYTE;
const PROCESSES = 256;
/** Without a control group the kernel may count all of the user's processes. */
const PROCESSES_BY_USER = 1024;

/** Runs jobs in sandboxes, each in one of its own that is gone afterwards. */
export class NamespaceRunner {
  readonly #host: Host;
  readonly #cacheDir: string;
  readonly #identities = new Identities();
  readonly #system = systemBinds();
  readonly #stops = new Set<AbortController>();
  readonly #running = new Set<Promise<unknown>>();
  #goCache: Promise<string> | undefined;
  #harness: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(host: Host, cacheDir: string) {
    this.#host = host;
    this.#cacheDir = cacheDir;
  }

  /** Runs a shell script that needs no files, to see what works. */
  async trial(
    binds: readonly Bind[],
    script: string,
  ): Promise<
    { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string }
  > {
    const problem = binds.map((bind) => bindProblem(this.#host, bind)).find(Boolean);
    if (problem) return { ok: false, reason: problem };
    try {
      const { ended } = await this.#start(
        { text: script, args: [] },
        { binds, environment: {}, workBytes: MEBIBYTE },
        {
          limits: { wallMs: 10_000, memoryBytes: 512 * MEBIBYTE, outputBytes: 64 * 1024 },
          stdin: new Uint8Array(),
          files: [],
        },
      );
      if (ended.exitCode === 0) return { ok: true, output: ended.stdout.text() };
      return {
        ok: false,
        reason: ended.stderr.text().trim().split("\n").at(-1) || `it ended with ${ended.exitCode}`,
      };
    } catch (error) {
      return { ok: false, reason: (error as Error).message };
    }
  }

  /** Runs one job. */
  async run(job: DriverJob, toolbox: Toolbox, signal: AbortSignal | undefined): Promise<DriverResult> {
    const work = this.#run(job, toolbox, signal);
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  /** Ends what runs. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop.abort();
    await Promise.allSettled([...this.#running]);
  }

  async #run(job: DriverJob, toolbox: Toolbox, signal: AbortSignal | undefined): Promise<DriverResult> {
    const toolchain = toolchainOf(toolbox, job.language);
    if (!toolchain) {
      throw sandboxError(
        "SANDBOX_LANGUAGE_UNAVAILABLE",
        `The namespace driver has no toolchain for ${job.language} here.`,
      );
    }
    const mounts = [...(job.mounts ?? [])].map(([path, source]) => ({ source, target: `/work/${path}` }));
    const binds = [...toolchain.binds, ...mounts];
    const environment: Record<string, string> = { ...BASE_ENVIRONMENT };
    if (toolchain.name === "go") await this.#addGo(toolchain, job.limits, binds, environment, signal);
    if (toolchain.name === "python3") {
      const packages = [...(job.mounts?.keys() ?? [])].filter((path) => path.endsWith("site-packages"));
      if (packages.length > 0) environment["PYTHONPATH"] = packages.map((path) => `/work/${path}`).join(":");
    }
    for (const bind of binds) {
      const problem = bindProblem(this.#host, bind);
      if (problem) throw sandboxError("SANDBOX_DRIVER_FAILED", `${problem}.`);
    }
    const files = await this.#files(job, toolchain);
    const script = this.#script(job, toolchain);
    const size = files.reduce(
      (total, entry) => total + ("content" in entry ? entry.content.length : 0) + 4096,
      0,
    );
    const { ended, outOfMemory } = await this.#start(
      script,
      { binds, environment, workBytes: WRITABLE_BYTES + 2 * size },
      {
        limits: job.limits,
        stdin: job.stdin,
        files,
        signal,
      },
    );
    const channel = readChannel(ended.channel);
    if (!channel.ready && ended.stopped === undefined && !outOfMemory) throw setupFailed(ended, channel);
    return this.#judge(job, ended, channel, outOfMemory);
  }

  async #start(
    script: { readonly text: string; readonly args: readonly string[] },
    view: Pick<View, "binds" | "environment" | "workBytes">,
    job: {
      readonly limits: Required<RunLimits>;
      readonly stdin: Uint8Array;
      readonly files: readonly TarEntry[];
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<{ readonly ended: Ended; readonly outOfMemory: boolean }> {
    const { cgroups, root } = this.#host;
    const limits = { memoryBytes: job.limits.memoryBytes, processes: PROCESSES };
    const leaf = cgroups ? new CgroupLeaf(cgroups, randomUUID().slice(0, 13), limits) : undefined;
    const identity = root ? this.#identities.take() : undefined;
    const stop = new AbortController();
    this.#stops.add(stop);
    try {
      const whole: View = {
        ...view,
        binds: [...this.#system.binds, ...view.binds],
        links: this.#system.links,
        temporaryBytes: WRITABLE_BYTES,
      };
      const command = commandOf(this.#host, whole, script, leaf?.joinFiles ?? [], identity);
      const ended = await launch(command, {
        limits: job.limits,
        stdin: job.stdin,
        archive: writeTar(job.files),
        killRest: () => leaf?.kill(),
        channelBytes: 8 * MEBIBYTE + 8 * job.limits.outputBytes,
        signals: job.signal ? [job.signal, stop.signal] : [stop.signal],
      });
      return { ended, outOfMemory: (leaf?.outOfMemoryKills() ?? 0) > 0 };
    } finally {
      this.#stops.delete(stop);
      await leaf?.remove();
      if (identity !== undefined) this.#identities.give(identity);
    }
  }

  async #addGo(
    toolchain: WorkingToolchain,
    limits: Required<RunLimits>,
    binds: Bind[],
    environment: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#goCache ??= warmGoCache(this.#cacheDir, toolchain.program, toolchain.version);
    this.#goCache.catch(() => {
      // The next run tries again; this one reports why.
      this.#goCache = undefined;
    });
    // The cache takes seconds once. Who cancels does not wait for it: the run that follows ends before it starts.
    const cache = await unlessAborted(this.#goCache, signal);
    if (cache !== undefined) binds.push({ source: cache, target: "/gocache" });
    Object.assign(environment, GO_ENVIRONMENT, { GOCACHE: "/gocache", GOPATH: "/tmp/go" });
    environment["GOMEMLIMIT"] = String(Math.floor(limits.memoryBytes / 2));
  }

  async #files(job: DriverJob, toolchain: WorkingToolchain): Promise<readonly TarEntry[]> {
    const entries: TarEntry[] = [];
    for (const [path, content] of job.files) {
      const { file, links } =
        toolchain.name === "node" ? javascriptNames(path, job.files) : { file: path, links: [] };
      entries.push({ path: `work/${file}`, content });
      for (const link of links) entries.push({ path: `work/${link}`, linkTo: posix.basename(file) });
    }
    if (toolchain.name === "go" && !job.files.has("go.mod")) {
      const [major, minor] = toolchain.version.split(".");
      entries.push({ path: "work/go.mod", content: `module solution\n\ngo ${major}.${minor}\n` });
    }
    if (job.tests) {
      this.#harness ??= readHarness();
      for (const [name, content] of await this.#harness) entries.push({ path: `harness/${name}`, content });
    }
    return entries;
  }

  #script(
    job: DriverJob,
    toolchain: WorkingToolchain,
  ): { readonly text: string; readonly args: readonly string[] } {
    const limits: ScriptLimits = {
      fileBytes: WRITABLE_BYTES,
      processes: this.#host.cgroups ? PROCESSES : PROCESSES_BY_USER,
      dataBytes: this.#host.cgroups || toolchain.name === "node" ? undefined : job.limits.memoryBytes,
    };
    const heap = Math.max(16, Math.floor(job.limits.memoryBytes / MEBIBYTE));
    if (job.check) {
      return {
        text: checkScript(job.language, toolchain.program, job.check.kind, limits, heap),
        args: job.check.paths,
      };
    }
    if (!job.tests) {
      return {
        text: programScript(job.language, toolchain.program, limits, heap),
        args: [
          toolchain.name === "node" ? javascriptNames(job.entry, job.files).file : job.entry,
          ...job.args,
        ],
      };
    }
    return {
      text: testScript(job.language, toolchain.program, limits, heap),
      args: testArguments(job, job.tests),
    };
  }

  #judge(job: DriverJob, ended: Ended, channel: ChannelText, outOfMemory: boolean): DriverResult {
    const go =
      job.language === "go" && job.tests ? readGoEvents(channel.lines, job.tests, job.files) : undefined;
    const facts = this.#facts(job, ended, go?.output ?? "");
    const failed = channel.invalid.length > 0 ? ended.stderr.text().trim() : undefined;
    const result = resultOf(job.language, facts, ended, outOfMemory, job.tests ? undefined : failed);
    if (!job.tests) return { result };
    return { result, report: reportOf(job.tests, channel, go, failed) };
  }

  #facts(job: DriverJob, ended: Ended, printed: string): RunFacts {
    const { cgroups, root } = this.#host;
    const megabytes = Math.round(job.limits.memoryBytes / MEBIBYTE);
    const memory = cgroups
      ? `memory ${megabytes} MiB (cgroup v${cgroups.version})`
      : `memory ${megabytes} MiB for each process (rlimit)`;
    return {
      driver: "namespace",
      mechanism: "namespace",
      guarantees: ["filesystem", "network", ...(cgroups ? (["memory"] as const) : []), "processes"],
      enforced: [
        `wall time ${job.limits.wallMs} ms`,
        memory,
        `${cgroups ? PROCESSES : PROCESSES_BY_USER} processes`,
        "no network, private file system (bubblewrap)",
        root ? "a user id of its own" : "the caller's user id, without privileges",
      ],
      stdout: ended.stdout.text() + printed.slice(0, job.limits.outputBytes),
      stderr: ended.stderr.text(),
      truncated: ended.stdout.truncated || ended.stderr.truncated || printed.length > job.limits.outputBytes,
      durationMs: ended.durationMs,
    };
  }
}

const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/tmp",
  TMPDIR: "/tmp",
  LANG: "C.UTF-8",
};

async function readHarness(): Promise<ReadonlyMap<string, string>> {
  const names = ["harness.py", "harness.mjs", "reporter.mjs", "report.mjs"];
  return new Map(await Promise.all(names.map(async (name) => [name, await readAsset(name)] as const)));
}

/** A `.ts` file holds JavaScript: it is written as `.js`, which Node loads, and its other names are links to it. */
function javascriptNames(
  path: string,
  files: ReadonlyMap<string, unknown>,
): { readonly file: string; readonly links: readonly string[] } {
  const [, stem, kind] = /^(.+)\.([mc]?)ts$/.exec(path) ?? [];
  const taken = (name: string): boolean =>
    files.has(name) || [...files.keys()].some((other) => other.startsWith(`${name}/`));
  if (stem === undefined || path.endsWith(".d.ts") || taken(`${stem}.${kind}js`))
    return { file: path, links: [] };
  const bare = kind === "" && !taken(stem);
  return { file: `${stem}.${kind}js`, links: bare ? [path, stem] : [path] };
}

function testArguments(job: DriverJob, plan: TestPlan): readonly string[] {
  if (job.language === "python") return [plan.nonce, JSON.stringify({ files: plan.files })];
  if (job.language === "go") return [plan.nonce, ...goFolders(plan)];
  return [
    plan.nonce,
    ...plan.files.flatMap((file) => [file.label, javascriptNames(file.path, job.files).file, file.style]),
  ];
}

function setupFailed(ended: Ended, channel: ChannelText): Error {
  const text = [ended.stderr.text(), ...channel.lines].join("\n").trim().slice(0, 2000);
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    `A sandbox could not be set up: ${text || `bubblewrap ended with ${ended.exitCode}`}. See what works with: agentos doctor`,
  );
}

/** The work's result, or undefined as soon as the signal aborts. Leaves no listener behind: one signal serves many runs. */
async function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result | undefined> {
  if (signal === undefined) return work;
  if (signal.aborted) return undefined;
  let onAbort: () => void = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
