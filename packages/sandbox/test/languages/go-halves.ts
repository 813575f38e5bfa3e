import { duplexPair } from "node:stream";
import type { DriverJob, DriverResult, SandboxDriver } from "../../src/index.js";
import { DEFAULT_LIMITS } from "../../src/options.js";

/** Runs a candidate and its tests in two sandboxes with a link between them. */
export async function runGoHalves(
  driver: SandboxDriver,
  candidate: Readonly<Record<string, string>>,
  tests: Readonly<Record<string, string>>,
): Promise<{ readonly judge: DriverResult; readonly candidate: DriverResult }> {
  const [toCandidate, toJudge] = duplexPair();
  const common = { args: [], stdin: new Uint8Array(), limits: { ...DEFAULT_LIMITS, wallMs: 60_000 } };
  const entry = Object.keys(candidate)[0] ?? "";
  const candidateJob: DriverJob = {
    ...common,
    language: "go",
    files: new Map(Object.entries(candidate)),
    entry,
    half: { kind: "candidate", entry },
  };
  const plan = Object.keys(tests)
    .filter((path) => path.endsWith("_test.go"))
    .map((path) => ({ path, label: path, style: "detect" as const }));
  const judgeJob: DriverJob = {
    ...common,
    language: "go",
    files: new Map(Object.entries(tests)),
    entry: plan[0]?.path ?? "",
    tests: { files: plan, nonce: "0123456789abcdef" },
    half: { kind: "judge", entry, modules: Object.keys(candidate) },
  };
  const running = driver.run(candidateJob, { link: toCandidate }).finally(() => toCandidate.end());
  const judging = driver.run(judgeJob, { link: toJudge }).finally(() => toJudge.end());
  const [judge, ran] = await Promise.all([judging, running]);
  return { judge, candidate: ran };
}
