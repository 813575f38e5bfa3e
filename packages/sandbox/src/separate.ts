import { duplexPair } from "node:stream";
import type { RunResult, RunTest } from "@agentos/core";
import type { BoundedDriver } from "./bounded-driver.js";
import type { DriverJob, DriverResult, RunHooks } from "./driver.js";

/** How the two halves of a separated run of tests ended. */
export interface HalvesResult {
  /** The judge's run, with its report. */
  readonly judge: DriverResult;
  /** The candidate's run. */
  readonly candidate: RunResult;
  /** Whether the candidate was over before the judge had finished with it: then its end explains what failed. */
  readonly candidateFirst: boolean;
  /** Whether the caller or the closing of the driver ended it. */
  readonly cancelled: boolean;
}

/** The jobs of a separated run. */
export interface HalfJobs {
  readonly judge: DriverJob;
  readonly candidate: DriverJob;
}

/** What is told of a separated run while it goes on: what the candidate prints, and the tests. */
export type HalvesHooks = Pick<RunHooks, "signal" | "onOutput"> & {
  readonly onTest?: (test: RunTest) => void;
};

/** How long a candidate may take to end after its judge has. */
const GRACE_MS = 1000;

/**
 * Runs both halves at once, each in a sandbox of its own, with a link between them. The judge learns of the candidate's
 * end once that is known in full; a candidate that used up its wall time ends its judge, whose tests are then missing.
 * Rejects when one of the sandboxes broke, after both have ended.
 */
export async function runHalves(
  driver: BoundedDriver,
  jobs: HalfJobs,
  hooks: HalvesHooks,
): Promise<HalvesResult> {
  const asked = performance.now();
  const leave = await driver.enter(hooks.signal);
  const waited = performance.now() - asked;
  try {
    const { judge, candidate, ...rest } = await runBoth(driver, jobs, hooks);
    const result = queued(judge.result, waited);
    return { ...rest, judge: { ...judge, result }, candidate: queued(candidate, waited) };
  } finally {
    leave();
  }
}

async function runBoth(driver: BoundedDriver, jobs: HalfJobs, hooks: HalvesHooks): Promise<HalvesResult> {
  const [candidateLink, toCandidate] = duplexPair();
  const [judgeLink, toJudge] = duplexPair();
  for (const stream of [candidateLink, toCandidate, judgeLink, toJudge]) stream.on("error", () => {});
  const stopCandidate = new AbortController();
  const stopJudge = new AbortController();
  const cancel = (): void => {
    stopCandidate.abort();
    stopJudge.abort();
  };
  if (hooks.signal?.aborted) cancel();
  hooks.signal?.addEventListener("abort", cancel, { once: true });

  let judgeLeft = false;
  let candidateFirst = false;
  let endedByUs = false;
  let grace: NodeJS.Timeout | undefined;
  toJudge.once("end", () => {
    judgeLeft = true;
  });
  toJudge.pipe(toCandidate);
  toCandidate.pipe(toJudge, { end: false });
  toCandidate.once("end", () => {
    candidateFirst ||= !judgeLeft;
  });

  const { onOutput, onTest } = hooks;
  const judging = driver
    .run(jobs.judge, { signal: stopJudge.signal, link: judgeLink, ...(onTest && { onTest }) })
    .finally(() => {
      judgeLeft = true;
      toCandidate.end();
      grace = setTimeout(() => {
        endedByUs = true;
        stopCandidate.abort();
      }, GRACE_MS);
    });
  const running = driver
    .run(jobs.candidate, { signal: stopCandidate.signal, link: candidateLink, ...(onOutput && { onOutput }) })
    .then(
      ({ result }) => {
        candidateFirst ||= !judgeLeft;
        if (result.status === "wall-time") stopJudge.abort();
        else toJudge.end();
        return result;
      },
      (error: unknown) => {
        stopJudge.abort();
        throw error;
      },
    );
  judging.catch(() => stopCandidate.abort());
  try {
    const [judged, ran] = await Promise.allSettled([judging, running]);
    if (ran.status === "rejected") throw ran.reason;
    if (judged.status === "rejected") throw judged.reason;
    return ends(judged.value, ran.value, candidateFirst, endedByUs);
  } finally {
    clearTimeout(grace);
    hooks.signal?.removeEventListener("abort", cancel);
    for (const stream of [candidateLink, toCandidate, judgeLink, toJudge]) stream.destroy();
  }
}

function queued(result: RunResult, waited: number): RunResult {
  return { ...result, usage: { ...result.usage, queueMs: result.usage.queueMs + waited } };
}

/** A half that was ended because the other one was over is not called cancelled: it ended as that one did. */
function ends(
  judge: DriverResult,
  candidate: RunResult,
  candidateFirst: boolean,
  endedByUs: boolean,
): HalvesResult {
  if (candidateFirst && candidate.status === "wall-time" && judge.result.status === "cancelled") {
    const result: RunResult = { ...judge.result, status: "wall-time" };
    return { judge: { ...judge, result }, candidate, candidateFirst, cancelled: false };
  }
  if (endedByUs && candidate.status === "cancelled" && judge.result.status !== "cancelled") {
    const facts = { ...candidate, status: undefined };
    const result: RunResult =
      judge.result.status === "wall-time"
        ? { ...facts, status: "wall-time" }
        : { ...facts, status: "exited", exitCode: 0 };
    return { judge, candidate: result, candidateFirst, cancelled: false };
  }
  const cancelled = judge.result.status === "cancelled" || candidate.status === "cancelled";
  return { judge, candidate, candidateFirst, cancelled };
}
