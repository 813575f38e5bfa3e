import type { RunResult } from "@agentos/core";
import { expect, test } from "vitest";
import { judgeTests } from "../src/verdict.js";

const result: RunResult = {
  driver: "d",
  mechanism: "namespace",
  guarantees: [],
  enforced: [],
  stdout: "",
  stderr: "",
  truncated: false,
  usage: { outputBytes: 0, queueMs: 0, warm: false },
  durationMs: 10,
  status: "exited",
  exitCode: 1,
};

test("what a report says is bounded: it may come from the candidate", () => {
  const plan = { files: [{ path: "t.js", label: "t.js", style: "detect" as const }] };
  const told = {
    file: "t.js",
    status: "failed" as const,
    message: `\u001b[2J${"m".repeat(1e6)}`,
    durationMs: 1e300,
  };
  const tests = [{ ...told, name: `a\u001b[2J\n  ok ${"n".repeat(1e6)}` }];
  const judged = judgeTests("visible", plan, { result, report: { tests, finished: ["t.js"] } });
  const [listed] = judged.tests;
  expect(listed?.name).toMatch(/^a \[2J {1,2}\s*ok n+…$/);
  expect(listed?.name.length).toBeLessThan(600);
  expect(listed?.message?.length).toBeLessThan(6000);
  expect(listed?.durationMs).toBe(10);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach a terminal
  expect(judged.reason).not.toMatch(/[\u0000-\u001f]/);
});
