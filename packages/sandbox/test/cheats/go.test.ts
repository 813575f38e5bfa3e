import type { Task, VerifyOptions } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { openNamespaceSandbox } from "../helpers.js";
import { GO_CHEATS, type GoCheat, RIGHT, TEST_HEAD, TESTS } from "./go.js";

const opened = await openNamespaceSandbox();
const speaks = (await opened?.sandbox.drivers())?.some(
  ({ availability }) => availability.available && availability.languages.includes("go"),
);
if (!speaks) await opened?.close();

/** What is accepted where tests and candidate share a process, by design: a later one would be found here. */
const ACCEPTED_WHEN_SHARED = [
  "reads the expected values from the test file",
  "embeds the test file",
  "changes what the tests want",
  "gives false another value",
];

describe.skipIf(!opened || !speaks)("cheats in Go", () => {
  if (!opened || !speaks) return;
  const { sandbox, close } = opened;
  afterAll(close);

  const judge = (cheat: Omit<GoCheat, "name">, options: VerifyOptions = {}) => {
    const task: Task = {
      id: "double",
      prompt: "Write Double.",
      language: "go",
      tests: {
        visible: [
          cheat.append
            ? { path: "tests.go", content: TESTS, mode: "append" }
            : { path: "solution_test.go", content: TEST_HEAD + TESTS },
        ],
      },
    };
    const limits = { wallMs: 60_000 };
    return sandbox.verify(task, { id: "cheat", files: cheat.files }, { limits, ...options });
  };

  test("a right candidate passes, separate and shared", async () => {
    expect(await judge({ files: { "solution.go": RIGHT } })).toMatchObject({
      passed: true,
      integrity: "separate",
    });
    expect(await judge({ files: { "solution.go": RIGHT } }, { integrity: "shared" })).toMatchObject({
      passed: true,
      integrity: "shared",
    });
  }, 180_000);

  test.each(GO_CHEATS.map((cheat) => [cheat.name, cheat] as const))(
    "separate: %s",
    async (_name, cheat) => {
      const verdict = await judge(cheat, { integrity: "separate" });
      expect(verdict.passed, JSON.stringify(verdict)).toBe(false);
      expect(verdict.integrity).toBe("separate");
    },
    180_000,
  );

  test("shared accepts no more than is published", async () => {
    const accepted: string[] = [];
    for (const cheat of GO_CHEATS) {
      if ((await judge(cheat, { integrity: "shared" })).passed) accepted.push(cheat.name);
    }
    expect(accepted).toEqual(ACCEPTED_WHEN_SHARED);
  }, 600_000);
});
