import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Language, Verdict } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { candidate, openNamespaceSandbox, task } from "../../helpers.js";

const WALL_MS = 20_000;
const opened = await openNamespaceSandbox();

// A process that is all of its run says that the run is over, and nobody waits until it is gone.
describe.skipIf(!opened)("the last word", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  function judge(language: Language, path: string, test: string, solution = ""): Promise<Verdict> {
    const file = language === "python" ? "solution.py" : "solution.mjs";
    return sandbox.verify(task(language, [{ path, content: test }]), candidate(file, solution), {
      integrity: "shared",
      limits: { wallMs: WALL_MS },
    });
  }
  const javascript = (test: string, solution?: string) => judge("javascript", "a.test.mjs", test, solution);
  const python = (test: string, solution?: string) => judge("python", "test_a.py", test, solution);

  test("what listeners of the exit print is kept, each is called once, and in order", async () => {
    const { passed, output } = await javascript(`import test from "node:test";
process.on("exit", (code) => console.log("first", code));
process.once("exit", () => process.on("exit", () => console.log("too late")));
process.on("exit", function () { console.log("last", this === process); });
test("a", () => {});`);
    expect(passed).toBe(true);
    expect(output?.match(/first 0|last true|too late/g)).toEqual(["first 0", "last true"]);
  });

  test("a listener of the exit that sets a code fails the verdict", async () => {
    for (const body of ["process.exitCode = 3;", "process.exit(3);"]) {
      const { passed } = await javascript(`import test from "node:test";
process.on("exit", () => { ${body} });
test("a", () => {});`);
      expect(passed, body).toBe(false);
    }
  });

  test("a test may play at leaving", async () => {
    const { passed, tests } = await javascript(`import test from "node:test";
import assert from "node:assert/strict";
test("cleans up", () => {
  let cleaned = 0;
  process.once("exit", () => cleaned++);
  process.emit("exit", 0);
  assert.equal(cleaned, 1);
});
test("and goes on", () => {});`);
    expect(tests.map(({ name, status }) => [name, status])).toEqual([
      ["cleans up", "passed"],
      ["and goes on", "passed"],
    ]);
    expect(passed).toBe(true);
  });

  test("all that was printed is read, to the last byte", async () => {
    for (let run = 0; run < 5; run++) {
      const lines = 4_000 + run;
      const flood = `for (let i = 0; i < ${lines}; i++) console.log("x".repeat(199));`;
      const { passed, runs } = await javascript(
        `import test from "node:test";\ntest("a", () => { ${flood} });`,
      );
      expect(passed).toBe(true);
      expect(runs[0]?.usage.outputBytes).toBe(lines * 200);
    }
  });

  test("a forged one passes nothing, and what says it does not live on", async () => {
    const forged = `import os, sys
frame = sys._getframe()
while frame is not None:
    nonce = frame.f_locals.get("nonce")
    if isinstance(nonce, str):
        os.write(3, (nonce + ' {"over":true}\\n').encode())
        break
    frame = frame.f_back
else:
    raise RuntimeError("no nonce")
while True: pass
`;
    const started = performance.now();
    const { passed, tests, reason } = await python("import solution\ndef test_a(): pass\n", forged);
    expect(performance.now() - started).toBeLessThan(WALL_MS / 2);
    expect(passed, reason).toBe(false);
    expect(tests.some(({ status }) => status === "passed")).toBe(false);
    await expect.poll(busyDescendants, { timeout: 5_000 }).toBe(0);
  });

  test("work goes on while what is over leaves", async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 === 0
          ? python("def test_a(): pass\n")
          : javascript('import test from "node:test";\ntest("a", () => {});'),
      ),
    );
    expect(verdicts.map(({ passed }) => passed)).toEqual(verdicts.map(() => true));
  });
});

/** Processes below this one that use a processor now. */
async function busyDescendants(): Promise<number> {
  const before = times(process.pid);
  await pause(300);
  const after = times(process.pid);
  return [...after].filter(([pid, ticks]) => ticks - (before.get(pid) ?? ticks) > 20).length;
}

/** Processor ticks of every process below one. */
function times(pid: number, found = new Map<number, number>()): ReadonlyMap<number, number> {
  for (const child of read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number)) {
    const fields = read(`/proc/${child}/stat`).split(") ").at(-1)?.split(" ") ?? [];
    found.set(child, Number(fields[11]) + Number(fields[12]));
    times(child, found);
  }
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
