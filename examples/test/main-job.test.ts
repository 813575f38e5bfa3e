import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentOS } from "@agentos/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readExercises } from "../main-job/exercises.js";
import { isHeldOut } from "../main-job/split.js";
import { startProgram } from "./run-program.js";

const examples = fileURLToPath(new URL("..", import.meta.url));
const program = join(examples, "dist/main-job.js");
// JavaScript and TypeScript run on every machine.
const only = ["json-diff", "lru-cache", "merge-intervals", "rate-limiter"];

let root: string;
let project: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "agentos-job-"));
  project = join(root, "project");
  dir = join(project, ".agentos");
  await mkdir(project);
  await writeFile(join(project, "sum.js"), "export function addAll(list) {\n  return list.length;\n}\n");
});
afterEach(() => rm(root, { recursive: true }));

const run = (...args: string[]) =>
  startProgram([program, "--project", project, "--tasks", only.join(","), ...args], { cwd: root });

interface Report {
  readonly metrics: Record<string, { value: number; unit: string }>;
  readonly disagreements: readonly { taskId: string; file: string }[];
}

const readReport = async (): Promise<Report> => JSON.parse(await readFile(join(root, "report.json"), "utf8"));

describe("the main job", () => {
  it("reports, learns nothing of held-out candidates, and compares with the run before", async () => {
    const first = await run("--json", "report.json");
    expect(first.stderr).toBe("");
    expect(first.code).toBe(0);
    expect(first.stdout).not.toContain("\u001b");
    expect(first.stdout).toContain("Indexed 1 files, 1 symbols");
    expect(first.stdout).toContain("(0 outcomes known), no previous run");
    const { metrics: before } = await readReport();
    expect(before["held_out.known_outcomes"]?.value).toBe(0);
    expect(before["tasks"]?.value).toBe(only.length);

    const second = await run("--json", "report.json");
    expect(second.code).toBe(0);
    const { metrics: after } = await readReport();
    const known = before["learned.outcomes"]?.value;
    expect(known).toBe((before["tries"]?.value ?? 0) + (before["learned.studied"]?.value ?? 0));
    // What was judged once is not judged again only to learn.
    expect(after["learned.studied"]?.value).toBe(0);
    expect(after["held_out.known_outcomes"]?.value).toBe(known);
    expect(after["held_out.previous_brier"]?.value).toBe(before["held_out.brier"]?.value);
    expect(second.stdout).toContain("previous run");
    // The same candidates, forecast with what the first run left behind.
    expect(after["held_out.candidates"]?.value).toBe(before["held_out.candidates"]?.value);
    expect(after["held_out.brier"]?.value).toBeLessThan(before["held_out.brier"]?.value ?? 0);

    // Each tried candidate has its line, and each held-out one has one that says so.
    const lines = second.stdout
      .split("\n")
      .filter((line) => / (passed|failed) +\d+\/\d+ +\d+ ms /.test(line));
    const heldOut = lines.filter((line) => line.includes("held out"));
    expect(heldOut).toHaveLength(after["held_out.candidates"]?.value ?? -1);
    expect(lines.length - heldOut.length).toBe(after["tries"]?.value);

    expect((await readdir(root)).sort()).toEqual(["project", "report.json"]);
    expect((await readdir(project)).sort()).toEqual([".agentos", "sum.js"]);
    await expectNothingHeldOut();
  }, 180_000);

  it("says which label is wrong and exits with 1", async () => {
    const tasks = join(root, "tasks");
    await cp(join(examples, "tasks/lru-cache"), join(tasks, "lru-cache"), { recursive: true });
    const path = join(tasks, "lru-cache/candidates.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"expected": "pass"', '"expected": "fail"'));
    const { code, stdout } = await run("--from", tasks, "--tasks", "lru-cache", "--json", "report.json");
    expect(code).toBe(1);
    expect(stdout).toContain('lru-cache/candidates/1.ts: labelled "fail"');
    expect((await readReport()).disagreements).toEqual([expect.objectContaining({ file: "1.ts" })]);
  }, 90_000);

  it("is cancelled by an interrupt, keeps what it learned, and can run again", async () => {
    let interrupted = false;
    const cancelled = await startProgram([program, "--project", project, "--concurrency", "1"], {
      cwd: root,
      onText: (text, child) => {
        if (!interrupted && /\d+\/\d+ +\d+ ms/.test(text)) interrupted = child.kill("SIGINT");
      },
    });
    expect(cancelled.stderr).toContain("Cancelled");
    expect(cancelled.code).toBe(130);
    const os = await AgentOS.open({ dir });
    const { outcomes } = await os.learner.stats();
    await os.close();
    expect(outcomes).toBeGreaterThan(0);
    const again = await run();
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(`${outcomes} outcomes known`);
  }, 180_000);

  it.each([
    ["an unknown option", ["--colour"], 2],
    ["no concurrency", ["--concurrency", "0"], 2],
    ["an unknown task", ["--tasks", "nonsense"], 1],
  ])("refuses %s", async (_what, args, expected) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(expected);
    expect(stderr).not.toBe("");
  });
});

/** Looks at what the learner and the journal keep. */
async function expectNothingHeldOut(): Promise<void> {
  const exercises = await readExercises(join(examples, "tasks"));
  const secret = exercises
    .filter(({ task }) => only.includes(task.id))
    .flatMap(({ task, candidates }) => candidates.map(({ candidate, file }) => ({ task, candidate, file })))
    .filter(({ task, file }) => isHeldOut(task.id, file))
    .map(({ task, candidate }) => `${task.id} ${candidate.id}`);
  expect(secret.length).toBeGreaterThan(0);
  const os = await AgentOS.open({ dir });
  try {
    const learned: string[] = [];
    for await (const { task, candidate } of os.learner.outcomes()) learned.push(`${task.id} ${candidate.id}`);
    expect(learned.length).toBeGreaterThan(0);
    expect(learned.filter((name) => secret.includes(name))).toEqual([]);
    for (const solveId of await os.journal.solves()) {
      const entries = await os.journal.read(solveId);
      const find = (type: string): unknown[] =>
        entries.filter((entry) => entry.type === type).map(({ data }) => data);
      const [{ task }] = find("started") as [{ task: { id: string } }];
      for (const data of find("proposed")) {
        for (const candidate of (data as { candidates: { id: string }[] }).candidates) {
          expect(secret).not.toContain(`${task.id} ${candidate.id}`);
        }
      }
    }
  } finally {
    await os.close();
  }
}
