import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  type Candidate,
  isAgentOSError,
  type RunLimits,
  type RunResult,
  SOURCE_EXTENSION,
  type Task,
} from "@agentos/core";
import type { Sandbox } from "@agentos/sandbox";
import { processesOf } from "./leftovers.js";
import type { Plant } from "./plant.js";
import type { CheatCase, DriverName, HostileCase, ProgramCase, RequestCase } from "./types.js";

/** What came of one case on one driver. */
export interface CaseResult {
  readonly item: HostileCase;
  readonly driver: DriverName;
  /** Numbers of the case that were not contained. */
  readonly failed: readonly number[];
  /** What went wrong, a sentence each. */
  readonly problems: readonly string[];
}

/** Runs cases on a sandbox, with sentinels on the host. */
export interface Arena {
  readonly sandbox: Sandbox;
  readonly plant: Plant;
}

const MEBIBYTE = 1024 * 1024;

/** How much the host may grow by one run. */
const GROWTH_BYTES = 20 * MEBIBYTE;

// The wall time is long: what is to end by its memory gets there late on a slow machine.
const LIMITS: Readonly<Record<DriverName, RunLimits>> = {
  namespace: { wallMs: 45_000, memoryBytes: 256 * MEBIBYTE, outputBytes: 64 * 1024 },
  isolate: { wallMs: 20_000, memoryBytes: 96 * MEBIBYTE, outputBytes: 64 * 1024 },
  quickjs: { wallMs: 20_000, memoryBytes: 96 * MEBIBYTE, outputBytes: 64 * 1024 },
  pyodide: { wallMs: 20_000, memoryBytes: 160 * MEBIBYTE, outputBytes: 64 * 1024 },
};

let count = 0;

/** Runs one case and says what was not contained. Its control is not run: see {@link runControl}. */
export async function runCase(arena: Arena, item: HostileCase, driver: DriverName): Promise<CaseResult> {
  let outcome = await attempt(arena, item, driver);
  // Other work of this process makes it grow, too, and what is garbage stays until it is collected. What a run costs, it
  // costs each time.
  for (let again = 0; again < 2 && outcome.problems.length === 0 && outcome.grew > GROWTH_BYTES; again++) {
    collectGarbage();
    outcome = await attempt(arena, item, driver);
  }
  const growth =
    outcome.grew > GROWTH_BYTES ? [`the host grew by ${Math.round(outcome.grew / MEBIBYTE)} MiB`] : [];
  const problems = [...outcome.problems, ...growth];
  const failed = problems.length === 0 ? [] : outcome.failed.length > 0 ? outcome.failed : item.numbers;
  return { item, driver, failed, problems };
}

/** Runs the control of a case; the problems say why it does not work. */
export async function runControl(
  arena: Arena,
  item: HostileCase,
  driver: DriverName,
): Promise<readonly string[]> {
  if (item.kind === "cheat") {
    const verdict = await judge(arena, item, driver, item.honest);
    return verdict.passed ? [] : [`the honest solution does not pass: ${verdict.reason}`];
  }
  const { result } = await runProgram(arena, item, driver, item.control.program, {
    ...LIMITS[driver],
    ...item.control.limits,
  });
  const good = result.status === "exited" && result.exitCode === 0;
  return good && result.stdout.trim() === item.control.prints
    ? []
    : [`the control does not work: ${shown(result)}`];
}

interface Outcome {
  readonly problems: readonly string[];
  /** Which numbers failed, when that is known. */
  readonly failed: readonly number[];
  readonly grew: number;
}

async function attempt(arena: Arena, item: HostileCase, driver: DriverName): Promise<Outcome> {
  const before = process.memoryUsage.rss();
  const { problems, output, failed = [] } = await attack(arena, item, driver);
  let grew = process.memoryUsage.rss() - before;
  if (grew > GROWTH_BYTES) {
    collectGarbage();
    grew = process.memoryUsage.rss() - before;
  }
  return { problems: [...problems, ...arena.plant.damage(output)], failed, grew };
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

type Attack = { problems: readonly string[]; output: string; failed?: readonly number[] };

function attack(arena: Arena, item: HostileCase, driver: DriverName): Promise<Attack> {
  switch (item.kind) {
    case "program":
      return attackByProgram(arena, item, driver);
    case "cheat":
      return attackVerdict(arena, item, driver);
    case "request":
      return attackRequest(arena, item, driver);
  }
}

async function attackByProgram(arena: Arena, item: ProgramCase, driver: DriverName): Promise<Attack> {
  const limits = { ...LIMITS[driver], ...item.limits };
  if (item.before !== undefined) await runProgram(arena, item, driver, item.before, limits);
  const ran = await runProgram(arena, item, driver, item.program, limits, item);
  const { result } = ran;
  const problems: string[] = [];
  if (!item.ends.includes(result.status)) {
    problems.push(`it ended as ${result.status}, not as ${item.ends.join(" or ")}: ${shown(result)}`);
  }
  if (item.prints !== undefined && result.stdout.trim() !== item.prints.trim()) {
    problems.push(`it printed something else than ${JSON.stringify(item.prints)}: ${shown(result)}`);
  }
  if (item.reports !== undefined && !result.stdout.includes(item.reports)) {
    problems.push(`the attack was not reached: ${shown(result)}`);
  }
  const kept = Buffer.byteLength(result.stdout) + Buffer.byteLength(result.stderr);
  if (kept > 3 * (limits.outputBytes ?? 0)) problems.push(`${kept} bytes of output were handed back`);
  const handed = Object.entries(result.artifacts ?? {});
  for (const [path, wanted] of Object.entries(item.artifacts ?? {})) {
    const there = handed.some(([name]) => name === path);
    if (wanted !== "either" && there !== (wanted === "handed back")) {
      problems.push(`the artifact ${path} was ${there ? "" : "not "}handed back: ${shown(result)}`);
    }
  }
  const refused = item.attempts ? readAttempts(item, result) : { problems: [], failed: [] };
  return {
    problems: [...problems, ...refused.problems, ...(await alive(ran))],
    // How it ended concerns all numbers; an attempt that worked concerns its own.
    failed: problems.length > 0 ? item.numbers : refused.failed,
    output: [result.stdout, result.stderr, ...handed.map(([, bytes]) => Buffer.from(bytes))].join("\n"),
  };
}

/** Reads the lines of a case with attempts. */
function readAttempts(item: ProgramCase, result: RunResult): { problems: string[]; failed: number[] } {
  const lines = result.stdout.split("\n").filter((line) => /^\d+ /.test(line));
  const reached = lines.filter((line) => !/^\d+ refused$/.test(line));
  const missing = item.numbers.filter((number) => !lines.some((line) => line.startsWith(`${number} `)));
  return {
    problems: [
      ...reached.map((line) => `an attempt was not refused: ${line}`),
      ...(missing.length > 0 ? [`no word of the attempts ${missing.join(", ")}: ${shown(result)}`] : []),
    ],
    failed: [...new Set([...reached.map((line) => Number.parseInt(line, 10)), ...missing])],
  };
}

async function attackVerdict(arena: Arena, item: CheatCase, driver: DriverName): Promise<Attack> {
  const verdict = await judge(arena, item, driver, item.solution);
  return {
    problems: verdict.passed ? [`the cheat was accepted by ${verdict.integrity} integrity`] : [],
    output: `${verdict.output ?? ""}${verdict.reason}`,
  };
}

async function attackRequest(arena: Arena, item: RequestCase, driver: DriverName): Promise<Attack> {
  const files = filled(arena, item.files);
  try {
    await arena.sandbox.run({ language: item.language, files, entry: item.entry, driver, needs: "none" });
    return { problems: ["the request was not refused"], output: "" };
  } catch (error) {
    if (isAgentOSError(error, "SANDBOX_REQUEST_INVALID")) return { problems: [], output: "" };
    throw error;
  }
}

/** Judges files in place of a solution. */
function judge(arena: Arena, item: CheatCase, driver: DriverName, files: Readonly<Record<string, string>>) {
  const task: Task = {
    id: "hostile",
    prompt: "Write double(x).",
    language: item.language,
    tests: { visible: [item.test] },
  };
  const candidate: Candidate = { id: "hostile", files: filled(arena, files) };
  return arena.sandbox.verify(task, candidate, {
    driver,
    needs: "none",
    limits: { ...LIMITS[driver], ...item.limits },
  });
}

interface Ran {
  readonly result: RunResult;
  readonly mark: string;
  readonly entry: string;
}

async function runProgram(
  arena: Arena,
  item: HostileCase,
  driver: DriverName,
  program: string,
  limits: RunLimits,
  more: Pick<ProgramCase, "files" | "artifacts"> = {},
): Promise<Ran> {
  count += 1;
  const mark = `hostile_${process.pid}_${count}`;
  const entry = `${mark}${SOURCE_EXTENSION[item.language]}`;
  const result = await arena.sandbox.run({
    language: item.language,
    // Java names the class that it starts by its file.
    files: filled(arena, { [entry]: program.replaceAll("@CLASS@", mark), ...more.files }),
    entry,
    // The mark is on the command line of all that the program forks.
    args: [mark],
    driver,
    needs: "none",
    limits,
    ...(more.artifacts ? { artifacts: Object.keys(more.artifacts) } : {}),
  });
  return { result, mark, entry };
}

function filled(arena: Arena, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [arena.plant.fill(path), arena.plant.fill(text)]),
  );
}

/** Whether anything of a run lives a second after it. */
async function alive(run: Ran): Promise<readonly string[]> {
  for (let wait = 0; wait < 20 && processesOf(run).length > 0; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const left = processesOf(run).length;
  return left === 0 ? [] : [`${left} processes were alive a second later`];
}

/** A result for a message. */
function shown(result: RunResult): string {
  const { status, stdout, stderr, durationMs } = result;
  const how = result.status === "exited" ? result.exitCode : result.status === "signal" ? result.signal : "";
  return JSON.stringify({ status, how, stdout, stderr, durationMs: Math.round(durationMs) }).slice(0, 600);
}
